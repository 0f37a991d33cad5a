import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

/**
 * Whoever administers the whole site belongs to `default`, so a role in `default` alone stands beside people who may
 * far more. It must not be a way to become one of them.
 */
describe('whoever administers the subscription `default` alone', () => {
  let site: Site;
  let owner: AdminClient;
  let olivia: string;
  let other: string;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    olivia = (await site.gateway.rooms.local.lookUp('olivia'))?.key ?? '';
    await owner.admin('POST', 'subscriptions', { name: 'Acme' });
    other = await site.addUser('erin');
    await site.gateway.rooms.roles.grant(other, { role: 'helpdesk', subscription: 'acme', by: 'test' });
  });
  after(() => site.stop());

  for (const role of ['owner', 'administrator', 'helpdesk'] as const) {
    it(`as ${role} takes over nobody who may something elsewhere`, async () => {
      const client = await signedInAs(site, role, { subscription: 'default', name: `local-${role}` });
      for (const key of [olivia, other]) {
        const at = `users/${encodeURIComponent(key)}`;
        const users = [key];
        const attempts: readonly [string, string, unknown][] = [
          ['PUT', `${at}/password`, { password: 'a stolen long password' }],
          ['POST', 'users/reset', { users }],
          ['POST', 'users/disable', { users }],
          ['POST', 'users/remove', { users }],
          ['POST', `${at}/bypass`, { minutes: 5, reason: 'no' }],
          ['POST', `sessions/${encodeURIComponent(key)}/end`, { reason: 'no' }],
          [
            'POST',
            'enabled',
            { mode: 'enabled', subjects: [`user:${key}`], method: 'sms', phone: '+14155552671' },
          ],
        ];
        for (const [method, path, body] of attempts) {
          const answer = await client.admin(method, path, body);
          assert.equal(
            answer.json?.code,
            'not-allowed',
            `${method} ${path}: ${answer.status} ${answer.text}`,
          );
        }
      }
      assert.equal((await owner.admin('GET', 'me')).status, 200, 'the owner of the site is still there');
      const stranger = new SiteClient(site.consolePort, site.clock);
      const begun = await stranger.call('POST', 'sign-in', { username: 'olivia', password });
      assert.equal(begun.json?.status, 'verify', 'with the password they had');
    });
  }

  it('still looks after their equals and those below, and the site after all of them', async () => {
    const client = await signedInAs(site, 'owner', { subscription: 'default', name: 'dora' });
    const equal = await site.addUser('dirk');
    await site.gateway.rooms.roles.grant(equal, { role: 'owner', subscription: 'default', by: 'test' });
    const reset = await client.admin('POST', 'users/unlock', { users: [equal] });
    assert.equal(reset.status, 200, reset.text);
    for (const key of [equal, other]) {
      const done = await owner.admin('POST', 'users/unlock', { users: [key] });
      assert.equal(done.status, 200, done.text);
    }
  });
});
