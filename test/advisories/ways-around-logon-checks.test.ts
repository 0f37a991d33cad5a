import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';

const mine = 'ts1.corp.example';
const other = 'ts2.corp.example';

describe('ways around the check of a logon', () => {
  let site: Site;
  let secret = '';
  let alice: SiteClient;

  const post = async (body: unknown, authorization = `Bearer ${secret}`, path = 'logon-check') => {
    const answer = await fetch(`${site.origin}/.sallyport/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const ask = async (user: string, more: Record<string, unknown> = {}): Promise<string> => {
    const { text } = await post({ user, server: mine, protocol: 'rdp', ...more });
    const { decision, reason } = JSON.parse(text) as { decision?: string; reason?: string };
    return `${decision} ${reason}`;
  };
  const click = async (client: SiteClient, server = mine) =>
    client.call('POST', 'rdp/permit', { application: 'ts', server });

  before(async () => {
    site = await startSite({
      config: { applications: [{ name: 'ts', type: 'rdp', servers: [mine, other] }] },
    });
    const { rooms } = site.gateway;
    const creator = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const made = await rooms.apiTokens.create(
      { name: 'ts1', role: 'logon-check', servers: [mine], expiresAt: site.clock.now() + 86_400_000 },
      { creator, actor: creator },
    );
    secret = made.secret;
    alice = await site.signedIn('alice');
  });
  after(() => site.stop());

  it('threat 2: the password alone permits nothing, whatever it clicks', async () => {
    await site.addUser('paula');
    const paula = site.client();
    await paula.call('POST', 'sign-in', { username: 'paula', password });
    assert.equal((await click(paula)).status, 401);
    assert.equal(await ask('paula'), 'deny click-needed');
  });

  it('threat 2: a click for one server is none for another, and none for somebody else', async () => {
    await site.signedIn('bob');
    assert.equal((await click(alice, other)).status, 200);
    assert.equal(await ask('alice'), 'deny click-needed');
    assert.equal((await click(alice)).status, 200);
    assert.equal(await ask('bob'), 'deny click-needed');
    assert.equal(await ask('alice'), 'allow permitted');
  });

  it('threat 2: a click outlives neither its sign-in nor a sign-out', async () => {
    const carol = await site.signedIn('carol');
    assert.equal((await click(carol)).status, 200);
    assert.equal((await carol.call('DELETE', 'session')).status, 204);
    assert.equal(await ask('carol'), 'deny session-ended');
  });

  it('threat 2: an agent that claims a session where nobody was let in gains nothing', async () => {
    await site.signedIn('dora');
    assert.equal(await ask('dora', { existing: true }), 'deny click-needed');
  });

  it('threat 9: a click is not good twice, also when many ask at once', async () => {
    assert.equal((await click(alice)).status, 200);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('alice')));
    assert.equal(answers.filter((each) => each === 'allow permitted').length, 1);
  });

  it('threat 15: no page of another origin can click, nor ask', async () => {
    const wanted = { application: 'ts', server: mine };
    for (const origin of ['https://evil.example', 'null', site.origin.replace('http:', 'https:')]) {
      const answer = await alice.call('POST', 'rdp/permit', wanted, { origin });
      assert.equal(answer.json.code, 'cross-origin', origin);
    }
    assert.equal(await ask('alice'), 'deny click-needed');
  });

  it('threat 16b: the token of a server is no session, a session is no token of a server, and neither is one for another server', async () => {
    assert.equal(
      (await post({ application: 'ts', server: mine }, `Bearer ${secret}`, 'rdp/permit')).status,
      401,
    );
    const session = alice.cookies.values().next().value?.values().next().value ?? '';
    assert.equal(
      (await post({ user: 'alice', server: mine, protocol: 'rdp' }, `Bearer ${session}`)).status,
      401,
    );
    assert.equal((await post({ user: 'alice', server: other, protocol: 'rdp' })).status, 403);
  });

  it('threat 16d: names that differ by encoding, case or control characters are nobody else', async () => {
    assert.equal((await click(alice)).status, 200);
    for (const name of ['alice\u0000', 'alice\n', '\u202ealice']) {
      assert.notEqual(await ask(name), 'allow permitted', JSON.stringify(name));
    }
    for (const name of ['аlice', 'alice@nowhere.example', 'nowhere\\alice', 'alice*', ' alice)(uid=*']) {
      assert.equal(await ask(name), 'deny unknown-user', name);
    }
    assert.equal(await ask('ALICE', { domain: 'LOCAL' }), 'allow permitted');
  });

  it('threat 17: nobody is let in while the directory or the store cannot be asked', async (t) => {
    const { directories } = site.gateway.rooms;
    t.mock.method(directories, 'identify', () => Promise.reject(new Error('down')));
    assert.equal(await ask('alice'), 'deny directory-unavailable');
    t.mock.restoreAll();
    t.mock.method(site.gateway.rooms.sessions, 'open', () => Promise.reject(new Error('gone')));
    assert.equal((await click(alice)).status, 200);
    const { status, text } = await post({ user: 'alice', server: mine, protocol: 'rdp' });
    assert.equal(status, 500);
    assert.equal(text.includes('"allow"'), false);
  });

  it('threat 21: the token stands in no log and no audit entry', async () => {
    const { items } = await site.gateway.rooms.store.read('audit', { limit: 500 });
    const proof = secret.slice(-43);
    assert.equal(JSON.stringify(items).includes(proof), false);
    assert.equal(site.log().includes(proof), false);
  });
});
