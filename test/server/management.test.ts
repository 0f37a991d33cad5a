import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createManagement } from '../../src/server/management.ts';

describe('the management listener', () => {
  let reason: string | undefined;
  const server = createManagement({ notReady: async () => reason, metrics: async () => 'up 1\n' });
  let base = '';
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  it('says that the process is healthy', async () =>
    assert.equal((await fetch(`${base}/healthz`)).status, 200));
  it('says when it is ready, and why when it is not', async () => {
    assert.equal((await fetch(`${base}/readyz`)).status, 200);
    reason = 'shutting down';
    const answer = await fetch(`${base}/readyz`);
    assert.deepEqual([answer.status, await answer.text()], [503, 'shutting down\n']);
  });
  it('serves the metrics', async () => assert.equal(await (await fetch(`${base}/metrics`)).text(), 'up 1\n'));
  it('knows nothing else, and changes nothing', async () => {
    assert.equal((await fetch(`${base}/admin`)).status, 404);
    assert.equal((await fetch(`${base}/metrics`, { method: 'POST' })).status, 405);
  });
});
