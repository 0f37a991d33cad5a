import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

/** Administrators of one subscription choose a mail server, and the gateway stands in somebody else's network. */
describe('an administrator of one subscription who names a server that speaks no SMTP', () => {
  let site: Site;
  let acme: AdminClient;

  before(async () => {
    site = await startSite();
    const owner = await ownerAtConsole(site);
    await owner.admin('POST', 'subscriptions', { name: 'Acme' });
    await owner.admin('POST', 'subscriptions/acme/assignments', { kind: 'domain', value: 'acme.example' });
    acme = await signedInAs(site, 'administrator', { subscription: 'acme', name: 'ada@acme.example' });
  });
  after(() => site.stop());

  for (const banner of [
    'SSH-2.0-OpenSSH_9.9 secret-host\r\n',
    '-ERR secret-host\r\n',
    '{"secret-host":1}\n',
  ]) {
    it(`hears nothing of what it says: ${JSON.stringify(banner)}`, async (t) => {
      const server = createServer((socket) => socket.on('error', () => {}).end(banner));
      t.after(() => server.close());
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      const sender = { host: '127.0.0.1', port, security: 'none', from: 'codes@acme.example' };
      assert.equal((await acme.change('PATCH', 'messages/email', sender)).status, 204);
      const answer = await acme.admin('POST', 'messages/email/test', { to: 'ada@acme.example' });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual([answer.json.sent, answer.json.reason], [false, 'unintelligible']);
      assert.equal(answer.text.includes('secret'), false, answer.text);
      await site.gateway.rooms.audit.flush();
      const recorded = await acme.admin('GET', 'audit?type=message.failed');
      assert.ok(recorded.json.items.length > 0);
      assert.equal(recorded.text.includes('secret'), false, recorded.text);
    });
  }
});
