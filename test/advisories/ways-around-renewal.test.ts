import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { issueBypass, resetFactors } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import { password } from '../support/site.ts';
import type { Answer, SiteClient } from '../support/site-client.ts';
import { type Replica, startReplica, startTarget, type Target } from './target.ts';

const minute = 60_000;

describe('a way around renewing a session', () => {
  let target: Target;
  let senders: RealSenders;
  let replica: Replica;
  let counter = 0;
  const site = () => target.site;
  const pass = (milliseconds: number): void => site().clock.jump(site().clock.now() + milliseconds);

  before(async () => {
    senders = await startRealSenders();
    target = await startTarget({ config: senders.config });
    await senders.configure(site(), { sms: 10_000, email: 10_000 });
    replica = await startReplica(site());
  });
  after(async () => {
    await replica?.gateway.close(0);
    await target?.stop();
    await senders?.close();
  });

  /** Somebody signed in with an app, whose next code is not used yet. */
  async function somebody(): Promise<{ name: string; client: SiteClient }> {
    counter += 1;
    const name = `renew${counter}`;
    const client = await site().signedIn(name);
    pass(2 * minute);
    return { name, client };
  }
  const renew = (client: SiteClient, code: string, method = 'app', headers = {}): Promise<Answer> =>
    client.call('POST', 'session/renew', { method, code }, headers);
  const endOf = async (client: SiteClient): Promise<number> =>
    Date.parse((await client.call('GET', 'session')).json.expiresAt);
  async function unchanged(client: SiteClient, work: () => Promise<void>): Promise<void> {
    const before = await endOf(client);
    await work();
    assert.equal(await endOf(client), before);
  }

  it('threat 1: nothing but the session itself renews it: no token, a pending one, or an assertion', async () => {
    const { name, client } = await somebody();
    await client.get('/desk/page');
    const assertion = String(target.server.requests.at(-1)?.headers['x-sallyport-assertion']);
    const begun = await site()
      .client()
      .call('POST', 'sign-in', { username: name, password, deliver: 'bearer' });
    const stranger = site().client();
    await unchanged(client, async () => {
      for (const token of [begun.json.token, assertion, 'x', '']) {
        const headers = { authorization: `Bearer ${token}` };
        for (const [path, body] of [
          ['session/renew', { method: 'app', code: client.code() }],
          ['session/code', { method: 'sms' }],
        ] as const) {
          const answer = await stranger.call('POST', path, body, headers);
          assert.ok([400, 401].includes(answer.status), `${token.slice(0, 8)} ${path} ${answer.text}`);
        }
      }
      assert.equal((await renew(stranger, client.code())).status, 401);
    });
    // None of it has spent the code.
    assert.equal((await renew(client, client.code())).json.status, 'renewed');
  });

  it('threat 9: the code of another user renews nothing, and is not spent by it', async () => {
    const [anna, bert] = [await somebody(), await somebody()];
    const code = bert.client.code();
    await unchanged(anna.client, async () => {
      assert.equal((await renew(anna.client, code)).json.code, 'wrong-code');
    });
    assert.equal((await renew(bert.client, code)).json.status, 'renewed');
  });

  it('threat 9: one code renews once, in two tabs and on two replicas at the same moment', async () => {
    const { client } = await somebody();
    const elsewhere = replica.client(client);
    const code = client.code();
    const answers = await Promise.all(
      [client, elsewhere, client, elsewhere, client].map((each) => renew(each, code)),
    );
    assert.equal(answers.filter(({ json }) => json.status === 'renewed').length, 1);
  });

  it('threat 8: a session that has ended stays ended, whatever code is typed', async () => {
    const ended: ((client: SiteClient, name: string) => Promise<unknown>)[] = [
      async (client) => client.call('DELETE', 'session'),
      async (client) => client.call('POST', 'account/sign-out-everywhere', {}),
      async (_, name) => {
        const user = await site().gateway.rooms.local.lookUp(name);
        return resetFactors(site().gateway.rooms.administration, [user?.key ?? ''], 'test');
      },
      async () => pass(61 * minute),
    ];
    for (const end of ended) {
      const { name, client } = await somebody();
      const cookies = new Map([...client.cookies].map(([host, all]) => [host, new Map(all)]));
      await end(client, name);
      for (const [host, all] of cookies) client.cookies.set(host, all);
      assert.equal((await renew(client, client.code())).status, 401);
      assert.equal((await client.call('POST', 'session/code', { method: 'sms' })).status, 401);
      assert.equal((await client.get('/desk/page')).status, 401);
    }
  });

  it('threat 10: renewing is no way to guess faster: its tries are those of signing in', async () => {
    const { name, client } = await somebody();
    // Without the cookie of the device, as whoever stole the session's.
    for (const cookies of client.cookies.values()) {
      for (const each of cookies.keys()) if (each.includes('device')) cookies.delete(each);
    }
    await unchanged(client, async () => {
      const guesses = await Promise.all(Array.from({ length: 12 }, () => renew(client, '000000')));
      assert.ok(guesses.filter(({ json }) => json.code === 'wrong-code').length <= 4);
      assert.equal((await renew(client, client.code())).json.code, 'locked');
    });
    const other = site().client();
    await other.call('POST', 'sign-in', { username: name, password });
    other.secret = client.secret;
    assert.equal(
      (await other.call('POST', 'sign-in/verify', { method: 'app', code: other.code() })).json.code,
      'locked',
    );
  });

  it('threat 2: a code that was sent for one thing is good for no other', async () => {
    const { name, client } = await somebody();
    const number = `+1415555${3000 + counter}`;
    const added = await client.call('POST', 'account/sms', {
      method: 'app',
      code: client.code(),
      phone: number,
    });
    assert.equal(added.status, 202, added.text);
    const adding = senders.code('sms');
    assert.equal((await renew(client, adding, 'sms')).json.code, 'method-not-available');
    assert.equal((await client.call('POST', 'account/sms/verify', { code: adding })).json.status, 'added');
    const send = async (path: string, from = client): Promise<string> => {
      pass(31_000);
      const sent = await from.call('POST', path, { method: 'sms' });
      assert.equal(sent.status, 202, sent.text);
      return senders.code('sms');
    };
    const pending = site().client();
    await pending.call('POST', 'sign-in', { username: name, password });
    const signingIn = await send('sign-in/code', pending);
    const changing = await send('account/code');
    for (const code of [adding, signingIn, changing]) {
      assert.equal((await renew(client, code, 'sms')).json.code, 'code-expired');
    }
    const renewing = await send('session/code');
    assert.notEqual((await renew(client, changing, 'sms')).json.status, 'renewed');
    const verified = await pending.call('POST', 'sign-in/verify', { method: 'sms', code: renewing });
    assert.equal(verified.json.code, 'wrong-code');
    const removed = await client.call('POST', 'account/recovery', { method: 'sms', code: renewing });
    assert.equal(removed.json.code, 'wrong-code');
    assert.equal((await renew(client, renewing, 'sms')).json.status, 'renewed');
  });

  it('threat 16a: a code from the helpdesk renews once, and gives no factor and no change with it', async () => {
    const { name, client } = await somebody();
    const user = await site().gateway.rooms.local.lookUp(name);
    const wish = { lifetime: 10 * minute, reason: 'telephone at home' };
    const parts = { ...site().gateway.rooms.administration, store: site().gateway.rooms.store };
    const { code } = await issueBypass(parts, user?.key ?? '', wish, 'test');
    for (const [path, more] of [
      ['account/app', {}],
      ['account/recovery', {}],
      ['account/sms', { phone: '+14155553999' }],
    ] as const) {
      const answer = await client.call('POST', path, { method: 'bypass', code, ...more });
      assert.equal(answer.json.code, 'method-not-available', path);
    }
    assert.equal((await renew(client, code, 'bypass')).json.status, 'renewed');
    await unchanged(client, async () => {
      assert.equal((await renew(client, code, 'bypass')).json.code, 'code-already-used');
    });
    assert.deepEqual((await client.call('GET', 'session')).json.amr, ['pwd', 'bypass']);
  });

  it('threat 8: no renewal lasts longer than a new sign-in would, also where the settings became stricter', async () => {
    const { client } = await somebody();
    const rooms = site().gateway.rooms;
    const tunnel = await client.open('/desk/ws');
    try {
      await rooms.settings.update(subscription, { validityAfterFirstSession: 30 }, 'test');
      assert.equal((await renew(client, client.code())).json.status, 'renewed');
      assert.equal(await endOf(client), site().clock.now() + 30 * minute);
      pass(2 * minute);
      assert.equal((await renew(client, client.code())).json.status, 'renewed');
      assert.equal(await endOf(client), site().clock.now() + 30 * minute);
    } finally {
      tunnel.close();
      await rooms.settings.update(subscription, { validityAfterFirstSession: 480 }, 'test');
    }
  });

  it('threat 15: no other site renews, has codes sent, or reads how long is left', async () => {
    const { client } = await somebody();
    const taken = senders.twilio.taken.length;
    await unchanged(client, async () => {
      for (const origin of [
        'https://evil.example',
        'null',
        `http://${target.otherHost}`,
        `${site().origin}.evil`,
      ]) {
        assert.equal((await renew(client, client.code(), 'app', { origin })).json.code, 'cross-origin');
        const sent = await client.call('POST', 'session/code', { method: 'sms' }, { origin });
        assert.equal(sent.json.code, 'cross-origin');
      }
      for (const path of ['session/renew', 'session/code']) {
        const bare = await client.send('POST', `/.sallyport/api/v1/${path}`, {
          body: { method: 'sms', code: '1' },
        });
        assert.equal(bare.json.code, 'cross-origin');
      }
    });
    assert.equal(senders.twilio.taken.length, taken);
    const told = await client.get('/.sallyport/renewal.json', {
      headers: { origin: 'https://evil.example' },
    });
    assert.equal(told.headers['access-control-allow-origin'], undefined);
    assert.equal(told.headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal((await site().client().get('/.sallyport/renewal.json')).status, 401);
  });

  it('threat 15: the page that asks for the code is framed by nobody, and opened by nobody who could look in', async () => {
    const { client } = await somebody();
    const page = await client.navigate('/.sallyport/renew');
    assert.equal(page.headers['x-frame-options'], 'DENY');
    assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/);
    assert.equal(page.headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(page.headers['cache-control'], 'no-store');
  });

  it('threat 14: its address leads nowhere else and says nothing on it', async () => {
    const { client } = await somebody();
    const plain = (await client.navigate('/.sallyport/renew?session=x')).text.replaceAll(
      /nonce[=-]"?[\w+/=-]+"?/g,
      '',
    );
    for (const query of [
      'session=%3Cscript%3Ealert(1)%3C/script%3E',
      'session=x&returnTo=https://evil.example/',
      'session=x&session=%22%3E%3Cimg%3E',
      'session=x#https://evil.example/',
    ]) {
      const page = await client.navigate(`/.sallyport/renew?${query.split('#')[0]}`);
      assert.equal(page.status, 200);
      assert.equal(page.text.replaceAll(/nonce[=-]"?[\w+/=-]+"?/g, ''), plain);
    }
    const signedOut = await site().client().navigate('/.sallyport/renew?returnTo=https://evil.example/');
    assert.equal(signedOut.headers.location, '/.sallyport/sign-in?reason=expired');
    const told = await client.get('/.sallyport/renewal.json', {
      headers: { 'x-forwarded-host': 'evil.example' },
    });
    assert.ok(told.json.renew.startsWith(`${site().origin}/.sallyport/renew?session=`));
    assert.doesNotMatch(told.text, /renew\d/, 'nothing of the person');
  });
});
