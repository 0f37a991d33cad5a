import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { readAssets } from '../../src/http/assets.ts';
import { type PortalFixture, startPortal } from './portal-fixture.ts';

describe('the built files of the pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-assets-'));
  let fixture: PortalFixture;
  before(async () => {
    const script = 'export const x = 1;'.repeat(50);
    writeFileSync(join(folder, 'main-abc.js'), script);
    writeFileSync(join(folder, 'main-abc.js.br'), brotliCompressSync(script));
    writeFileSync(join(folder, 'main-abc.js.gz'), gzipSync(script));
    writeFileSync(join(folder, 'notes.txt'), 'not for anybody');
    mkdirSync(join(folder, '.vite'));
    writeFileSync(join(folder, '.vite', 'manifest.json'), '{}');
    fixture = await startPortal({ assets: { files: readAssets(folder), pages: fixturePages } });
    // What is served has been read: a later build may empty the folder while pages are out.
    rmSync(folder, { recursive: true });
  });
  after(() => fixture.close());

  const page = { script: '/.sallyport/assets/main-abc.js', styles: [], preloads: [] };
  const fixturePages = {
    'sign-in': page,
    owner: page,
    recover: page,
    invitation: page,
    account: page,
    launcher: page,
    renew: page,
    'sign-out': page,
  };
  const get = (name: string, headers: Record<string, string> = {}, method = 'GET') =>
    fixture.call(method, `/.sallyport/assets/${name}`, { headers });

  it('are kept for ever, since their names change with them', async () => {
    const answer = await get('main-abc.js');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers['content-encoding'], undefined);
    assert.equal(answer.headers.vary, 'Accept-Encoding');
  });

  it('come in the best encoding that both sides have', async () => {
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['identity', undefined],
      ['br;q=0, gzip;q=0', undefined],
    ] as const) {
      const answer = await get('main-abc.js', { 'accept-encoding': accepted });
      assert.equal(answer.headers['content-encoding'], encoding, accepted);
    }
  });

  it('answer HEAD with their length', async () => {
    const answer = await get('main-abc.js', {}, 'HEAD');
    assert.equal(answer.headers['content-length'], '950');
    assert.equal(answer.text, '');
  });

  it('do not include what the build keeps for itself, nor anything outside', async () => {
    for (const name of [
      '.vite/manifest.json',
      'notes.txt',
      'main-abc.js.br',
      '../page-shell.ts',
      '..%2f..%2fpackage.json',
      '%2e%2e/package.json',
      '__proto__',
      '',
    ]) {
      assert.equal((await get(name)).status, 404, name);
    }
  });

  it('survive a nonsensical Range', async () => {
    const answer = await get('main-abc.js', { range: 'bytes=900-3' });
    assert.equal(answer.status, 200);
  });
});
