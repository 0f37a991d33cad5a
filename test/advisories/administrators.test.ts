import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, atConsole, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

/** Ways in which somebody who may help or administer could become more than they are. */
describe('administrators', () => {
  let site: Site;
  let owner: AdminClient;
  let olivia: string;
  const weaker = new Map<string, AdminClient>();

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    olivia = (await site.gateway.rooms.local.lookUp('olivia'))?.key ?? '';
    for (const role of ['auditor', 'helpdesk', 'administrator'] as const) {
      weaker.set(role, await signedInAs(site, role));
    }
  });
  after(() => site.stop());

  const segment = (key: string): string => encodeURIComponent(key);

  it('take nothing of an owner, by any call, and give an owner nothing that lets them in as one', async () => {
    const attemptsOn = (key: string, name: string): readonly [string, string, unknown][] => [
      ['PUT', `users/${segment(key)}/password`, { password: 'a new long password' }],
      ['PATCH', `users/${segment(key)}`, { name: `${name}-2` }],
      ['POST', 'users/reset', { users: [key] }],
      ['POST', 'users/unlock', { users: [key] }],
      ['POST', 'users/ticket', { users: [key] }],
      ['POST', 'users/forget-devices', { users: [key] }],
      ['POST', 'users/disable', { users: [key] }],
      ['POST', 'users/remove', { users: [key] }],
      ['POST', `users/${segment(key)}/bypass`, { minutes: 5, reason: 'I said so' }],
      [
        'POST',
        'enabled',
        { mode: 'enabled', subjects: [`user:${key}`], method: 'sms', phone: '+14155552671' },
      ],
      [
        'POST',
        'enabled',
        { mode: 'enabled', subjects: [`user:${key}`], method: 'email', email: 'me@evil.example' },
      ],
      [
        'POST',
        'enabled',
        { mode: 'exempt', subjects: [`user:${key}`], reason: 'no', until: '2099-01-01T00:00:00Z' },
      ],
      ['POST', 'enabled/remove', { subjects: [`user:${key}`] }],
      ['POST', 'rdp-whitelist', { users: [key], reason: 'no' }],
      [
        'POST',
        'users/import',
        { csv: `directory,user,secret\nlocal,${name},JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\n`, dryRun: false },
      ],
    ];
    const subject = `user:${olivia}`;
    const list = (key: string) =>
      owner.admin('POST', 'enabled', { mode: 'enabled', subjects: [`user:${key}`] });
    await list(olivia);
    const { rooms } = site.gateway;
    const state = async () =>
      JSON.stringify([
        await rooms.administration.factors.read('default', olivia),
        await rooms.administration.list.get('default', subject),
        await rooms.local.lookUp('olivia'),
      ]);
    const before = await state();
    for (const [role, client] of weaker) {
      for (const [method, path, body] of attemptsOn(olivia, 'olivia')) {
        const answer = await client.admin(method, path, body);
        const refused =
          answer.status >= 400 || (answer.json?.done ?? []).length === 0 || answer.json?.applied === false;
        assert.ok(refused, `${role} ${method} ${path}: ${answer.status} ${answer.text}`);
        assert.equal(await state(), before, `${role} ${method} ${path}`);
      }
    }
    assert.equal((await owner.admin('GET', 'me')).status, 200, 'their session lives on');
    // The very same works for an owner, on somebody without a role.
    for (const [index, [method, path]] of attemptsOn('', '').entries()) {
      const name = `victim-${index}`;
      if (path.endsWith('bypass')) await site.signedIn(name);
      else await site.addUser(name);
      const key = (await rooms.local.lookUp(name))?.key ?? '';
      if (path.endsWith('remove')) await list(key);
      const [, itsPath = '', body] = attemptsOn(key, name)[index] ?? [];
      const headers: Record<string, string> = {};
      if (method === 'PATCH') headers['if-match'] = String((await owner.admin('GET', itsPath)).headers.etag);
      const answer = await owner.admin(method, itsPath, body, headers);
      assert.ok(answer.status < 300 && answer.json?.applied !== false, `${method} ${path}: ${answer.text}`);
    }
  });

  it('make nobody more than themselves: no roles, invitations or tokens beyond their own', async () => {
    for (const [role, client] of weaker) {
      const own = (await client.admin('GET', 'me')).json.actor;
      const attempts: readonly [string, string, unknown][] = [
        ['PUT', `administrators/${segment(own)}`, { role: 'owner' }],
        ['PUT', `administrators/${segment(own)}`, { grants: [{ role: 'owner' }] }],
        ['POST', 'administrators', { user: own, role: 'owner' }],
        ['POST', 'administrators/invitations', { name: 'mallory', role: 'owner' }],
        ['POST', 'invitations', { name: 'mallory', role: 'owner' }],
        ['POST', 'tokens', { name: 'mine', role: 'owner', expiresAt: '2026-02-01T00:00:00Z' }],
        ['POST', 'tokens', { name: 'mine', role: 'auditor', expiresAt: '2026-02-01T00:00:00Z' }],
        ['DELETE', `administrators/${segment(olivia)}`, undefined],
      ];
      for (const [method, path, body] of attempts) {
        const answer = await client.admin(method, path, body, { 'if-match': '"1"' });
        assert.ok(answer.status >= 400, `${role} ${method} ${path}: ${answer.status} ${answer.text}`);
        assert.notEqual(answer.status, 500, `${method} ${path}`);
      }
      assert.equal((await client.admin('GET', 'me')).json.role, role);
    }
    assert.equal(await site.gateway.rooms.roles.roleIn(olivia, undefined), 'owner');
  });

  it('do not outlive what they lost: the account, the role, the session', async () => {
    const temporary = await signedInAs(site, 'administrator', { name: 'temporary' });
    const key = (await temporary.admin('GET', 'me')).json.actor;
    const { secret } = await site.gateway.rooms.apiTokens.create(
      { name: 'left behind', role: 'administrator', expiresAt: site.clock.now() + 86_400_000 },
      { creator: key, actor: key },
    );
    const program = new SiteClient(site.consolePort, site.clock);
    const bearer = { authorization: `Bearer ${secret}` };
    assert.equal((await program.call('GET', 'admin/me', undefined, bearer)).status, 200);
    assert.equal((await owner.admin('POST', 'users/disable', { users: [key] })).status, 200);
    assert.equal((await temporary.admin('GET', 'me')).status, 401);
    assert.equal((await program.call('GET', 'admin/me', undefined, bearer)).status, 401);
    assert.equal((await owner.admin('POST', 'users/enable', { users: [key] })).status, 200);
    assert.equal((await program.call('GET', 'admin/me', undefined, bearer)).status, 401, 'gone for good');
  });

  it('never leak: a token of a program reaches neither the portal nor an application', async () => {
    const { secret } = await site.gateway.rooms.apiTokens.create(
      { name: 'lost', role: 'owner', expiresAt: site.clock.now() + 86_400_000 },
      { creator: olivia, actor: olivia },
    );
    const bearer = { authorization: `Bearer ${secret}` };
    const program = new SiteClient(site.port, site.clock);
    assert.equal((await program.call('GET', 'session', undefined, bearer)).status, 401);
    assert.equal((await program.get('/', { headers: bearer })).status, 401);
    const anna = await site.signedIn('anna');
    const both = await anna.get('/', { headers: bearer });
    assert.equal(both.status, 400, 'two credentials of ours');
    assert.ok(!site.log().includes(secret));
  });

  it('are not signed in by the password alone, even where two factors are switched off', async () => {
    const seen = await owner.admin('GET', 'settings');
    const headers = { 'if-match': String(seen.headers.etag) };
    assert.equal((await owner.admin('PATCH', 'settings', { enabled: false }, headers)).status, 204);
    const stolen = new SiteClient(site.consolePort, site.clock);
    const begun = await stolen.call('POST', 'sign-in', { username: 'helpdesk', password });
    assert.equal(begun.json?.status, 'verify');
    await site.addUser('plain');
    const plain = await atConsole(site, 'plain', '');
    const me = await plain.admin('GET', 'me');
    assert.ok([401, 403].includes(me.status));
    const key = (await site.gateway.rooms.local.lookUp('plain'))?.key ?? '';
    await site.gateway.rooms.roles.grant(key, { role: 'owner', by: 'test' });
    assert.equal(
      (await plain.admin('GET', 'me')).status,
      401,
      'a role given later does not lift the session',
    );
  });
});
