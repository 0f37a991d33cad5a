import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LogonPermits } from '../../src/rdp/index.ts';
import { type Site, startSite } from '../support/site.ts';

const server = 'ts1.corp.example';

/** An agent, as it asks. */
function agentOf(origin: string, secret: string) {
  return async (question: Record<string, unknown>, headers: Record<string, string> = {}, method = 'POST') => {
    const answer = await fetch(`${origin}/.sallyport/api/v1/logon-check`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...headers },
      ...(method === 'GET' ? {} : { body: JSON.stringify({ server, protocol: 'rdp', ...question }) }),
    });
    return { status: answer.status, text: await answer.text() };
  };
}

describe('the check of a logon', () => {
  let site: Site;
  let agent: ReturnType<typeof agentOf>;
  let secret = '';
  const permits = () => new LogonPermits({ store: site.gateway.rooms.store, clock: site.clock });
  const place = (user: string) => ({ subscription: 'default', user, server });
  const ask = async (question: Record<string, unknown>): Promise<string> => {
    const { status, text } = await agent(question);
    assert.equal(status, 200, text);
    const { decision, reason } = JSON.parse(text) as { decision: string; reason: string };
    return `${decision} ${reason}`;
  };
  const sessionsOf = (user: string) => site.gateway.rooms.sessions.listOf({ subscription: 'default', user });
  const set = (key: 'rdpLogon' | 'unlistedUsers' | 'enabled', value: unknown) =>
    site.gateway.rooms.settings.update('default', { [key]: value } as never, 'test');

  before(async () => {
    site = await startSite();
    const owner = await site.gateway.rooms.local.lookUp('olivia');
    const by = { creator: owner?.key ?? '', actor: owner?.key ?? '' };
    const wish = { name: 'ts1', role: 'logon-check' as const, servers: ['TS1.corp.example'] };
    const made = await site.gateway.rooms.apiTokens.create(
      { ...wish, expiresAt: site.clock.now() + 86_400_000 * 30 },
      by,
    );
    secret = made.secret;
    agent = agentOf(site.origin, secret);
  });
  after(() => site.stop());

  it('refuses whom nobody knows, and an enabled user without a click', async () => {
    await site.signedIn('alice');
    assert.equal(await ask({ user: 'nobody' }), 'deny unknown-user');
    assert.equal(await ask({ user: 'alice' }), 'deny click-needed');
    assert.equal(await ask({ user: 'alice', domain: 'local' }), 'deny click-needed');
    assert.equal(await ask({ user: 'alice', domain: 'elsewhere' }), 'deny unknown-user');
  });

  it('lets a click in once, which makes the 2FA session active, and whoever is still there back in', async () => {
    const user = (await site.gateway.rooms.local.lookUp('alice'))?.key ?? '';
    const [session] = await sessionsOf(user);
    await permits().give(place(user), { session: session?.id ?? '', application: 'ts' });
    assert.equal(await ask({ user: 'alice', dryRun: true }), 'allow permitted');
    assert.equal((await sessionsOf(user))[0]?.state.name, 'granted');
    assert.equal(await ask({ user: 'Alice' }), 'allow permitted');
    assert.equal((await sessionsOf(user))[0]?.state.name, 'active');
    assert.equal(await ask({ user: 'alice' }), 'deny click-needed');
    assert.equal(await ask({ user: 'alice', existing: true }), 'allow reconnect');
    await site.gateway.rooms.sessions.revokeAll(
      { subscription: 'default', user },
      { reason: 'test', actor: 'test' },
    );
    assert.equal(await ask({ user: 'alice', existing: true }), 'deny session-ended');
  });

  it('lets one of many in that ask at once by one click', async () => {
    await site.signedIn('bob');
    const user = (await site.gateway.rooms.local.lookUp('bob'))?.key ?? '';
    const [session] = await sessionsOf(user);
    await permits().give(place(user), { session: session?.id ?? '', application: 'ts' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask({ user: 'bob' })));
    assert.deepEqual(answers.filter((each) => each === 'allow permitted').length, 1);
  });

  it('forgets a click after two minutes', async () => {
    const user = (await site.gateway.rooms.local.lookUp('bob'))?.key ?? '';
    const [session] = await sessionsOf(user);
    await permits().give(place(user), { session: session?.id ?? '', application: 'ts' });
    site.clock.advance(120_000);
    assert.equal(await ask({ user: 'bob' }), 'deny click-needed');
  });

  it('tells nothing of a session that a lying agent claims on a server where nobody was let in', async () => {
    await site.signedIn('carol');
    assert.equal(await ask({ user: 'carol', existing: true }), 'deny click-needed');
  });

  it('after verification, lets in whoever is signed in from the same address', async () => {
    await set('rdpLogon', 'after-verification');
    assert.equal(await ask({ user: 'carol' }), 'allow verified');
    assert.equal(await ask({ user: 'carol', clientAddress: '203.0.113.9' }), 'deny other-address');
    assert.equal(await ask({ user: 'carol', clientAddress: 'pc7.example' }), 'deny other-address');
    await site.addUser('dave');
    assert.equal(await ask({ user: 'dave' }), 'deny not-verified');
    await set('rdpLogon', 'deny');
    assert.equal(await ask({ user: 'carol', existing: true }), 'deny logons-denied');
    await set('rdpLogon', 'on-request');
  });

  it('lets the whitelist in by RDP, until its time is over', async () => {
    const { rooms } = site.gateway;
    const dave = await rooms.local.lookUp('dave');
    if (dave === undefined) throw new Error('no dave');
    const until = site.clock.now() + 60_000;
    await rooms.rdpWhitelist.put('default', dave, { reason: 'a thin client', until }, 'test');
    assert.equal(await ask({ user: 'dave' }), 'allow whitelisted');
    assert.equal(await ask({ user: 'dave', protocol: 'ssh' }), 'deny click-needed');
    site.clock.advance(60_000);
    assert.equal(await ask({ user: 'dave' }), 'deny click-needed');
  });

  it('asks nobody for a second factor while it is switched off, but administrators', async () => {
    await set('enabled', false);
    assert.equal(await ask({ user: 'dave' }), 'allow two-factor-off');
    assert.equal(await ask({ user: 'olivia' }), 'deny click-needed');
    await set('enabled', true);
  });

  it('refuses accounts that are switched off', async () => {
    const dave = await site.gateway.rooms.local.lookUp('dave');
    await site.gateway.rooms.administration.users.setDisabled(dave?.key ?? '', true);
    assert.equal(await ask({ user: 'dave' }), 'deny user-disabled');
  });

  it('is for good tokens of this role, and for their servers', async () => {
    const status = async (question: Record<string, unknown>, headers: Record<string, string> = {}) =>
      (await agent({ user: 'alice', ...question }, headers)).status;
    assert.equal(await status({}, { authorization: '' }), 401);
    assert.equal(await status({}, { authorization: `Bearer ${secret.slice(0, -1)}x` }), 401);
    assert.equal(await status({ server: 'ts2.corp.example' }), 403);
    assert.equal(await status({}, { origin: 'https://evil.example' }), 403);
    assert.equal(await status({ more: 1 }), 400);
    assert.equal(await status({ user: 'a\nb' }), 400);
    assert.equal((await agent({}, {}, 'GET')).status, 405);
  });

  it('is written down with its reason, and which session it went by', async () => {
    const { items } = await site.gateway.rooms.store.read<Record<string, string>>('audit', {
      tags: ['type:logon.checked'],
      limit: 100,
    });
    const seen = items.map(({ value }) => `${value.result} ${value.reason} ${value.server}`);
    assert.ok(seen.includes(`allowed permitted ${server}`));
    assert.ok(seen.includes(`refused click-needed ${server}`));
    assert.equal(JSON.stringify(items).includes(secret), false);
  });

  it('has a limit for each token', async () => {
    const answers = await Promise.all(
      Array.from({ length: 700 }, async () => (await agent({ user: 'nobody' })).status),
    );
    assert.ok(answers.includes(429));
  });
});
