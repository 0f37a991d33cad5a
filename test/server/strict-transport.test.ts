import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strictTransport } from '../../src/server/strict-transport.ts';

const of = (publicUrl: string, hsts = 31_536_000) =>
  strictTransport({ publicUrl, listen: { host: '0.0.0.0', port: 443, hsts } });

describe('Strict-Transport-Security', () => {
  it('binds the host to HTTPS for a year, not those below it, and can be taken back', () => {
    assert.equal(of('https://gateway.example.com'), 'max-age=31536000');
    assert.equal(of('https://gateway.example.com', 0), 'max-age=0');
  });

  it('is not said where something else may live on the host, or where it means nothing', () => {
    for (const url of [
      'http://gateway.example.com',
      'https://gateway.example.com:8443',
      'https://192.0.2.7',
      'https://[2001:db8::7]',
      'https://localhost',
      'https://gateway.localhost',
    ]) {
      assert.equal(of(url), undefined, url);
    }
  });
});
