import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiHeaders, assetHeaders, pageHeaders } from '../../src/http/page-headers.ts';

describe('the headers of our answers', () => {
  it('keep pages out of frames, caches, other origins’ hands and referrers', () => {
    assert.equal(pageHeaders['X-Frame-Options'], 'DENY');
    assert.equal(pageHeaders['Cache-Control'], 'no-store');
    assert.equal(pageHeaders['Cross-Origin-Opener-Policy'], 'same-origin');
    assert.equal(pageHeaders['Cross-Origin-Resource-Policy'], 'same-origin');
    assert.equal(pageHeaders['Referrer-Policy'], 'same-origin');
  });

  it('take away what no page of ours needs: camera, microphone, position, payment', () => {
    for (const feature of ['camera', 'microphone', 'geolocation', 'payment']) {
      assert.match(pageHeaders['Permissions-Policy'] ?? '', new RegExp(`(^|, )${feature}=\\(\\)`));
    }
  });

  it('never let a browser guess a type', () => {
    for (const headers of [pageHeaders, apiHeaders, assetHeaders]) {
      assert.equal(headers['X-Content-Type-Options'], 'nosniff');
    }
  });

  it('let nothing of the API be kept, and everything of the build', () => {
    assert.equal(apiHeaders['Cache-Control'], 'no-store');
    assert.match(assetHeaders['Cache-Control'] ?? '', /immutable/);
  });

  it('can’t be changed by whoever sends them', () => {
    for (const headers of [pageHeaders, apiHeaders, assetHeaders]) assert.ok(Object.isFrozen(headers));
  });
});
