import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { password } from '../support/site.ts';
import type { Answer, SiteClient } from '../support/site-client.ts';
import { startReplica, startTarget, type Target } from './target.ts';

const minute = 60_000;
const codesOf = (answers: readonly Answer[]) => answers.map(({ json }) => json?.code ?? json?.status).sort();

describe('a way around the second factor by its codes', () => {
  let target: Target;
  let counter = 0;
  const site = () => target.site;
  const rooms = () => site().gateway.rooms;

  before(async () => {
    // So that a test can come from several addresses, as through a reverse proxy.
    target = await startTarget({ config: { trustedProxies: ['127.0.0.1/32'] } });
  });
  after(() => target.stop());

  async function enrolled(): Promise<{ name: string; phone: SiteClient; recovery: string[] }> {
    counter += 1;
    const name = `user${counter}`;
    await site().addUser(name);
    const phone = site().client();
    await phone.call('POST', 'sign-in', { username: name, password });
    const done = await phone.enrol();
    await phone.call('DELETE', 'session');
    site().clock.advance(30_000);
    return { name, phone, recovery: done.json.recoveryCodes };
  }

  async function pendingOf(name: string, client = site().client(), from?: string): Promise<SiteClient> {
    const headers: Record<string, string> = from === undefined ? {} : { 'x-forwarded-for': from };
    const begun = await client.call('POST', 'sign-in', { username: name, password }, headers);
    assert.equal(begun.json?.status, 'verify', begun.text);
    return client;
  }

  const verify = (client: SiteClient, code: string, from?: string, method = 'app'): Promise<Answer> =>
    client.call(
      'POST',
      'sign-in/verify',
      { method, code },
      from === undefined ? {} : { 'x-forwarded-for': from },
    );

  /** A code that is right at no step near now: six digits that no step of the whole window shows. */
  function wrong(phone: SiteClient, nth = 0): string {
    const shown = new Set(Array.from({ length: 1001 }, (_, index) => phone.code(index - 500)));
    for (let code = 100_000 + nth * 7919; ; code += 1) {
      const text = String(code % 1_000_000).padStart(6, '0');
      if (!shown.has(text)) return text;
    }
  }

  it('threat 9: a code is good once: not at once again, not in another browser, not in another spelling, not on another replica, not after a restart', async () => {
    const { name, phone } = await enrolled();
    const code = phone.code();
    const first = await pendingOf(name);
    assert.equal((await verify(first, code)).json?.status, 'done');
    for (const again of [code, ` ${code.slice(0, 3)} ${code.slice(3)} `]) {
      assert.equal((await verify(await pendingOf(name), again)).json?.code, 'code-already-used', again);
    }
    const replica = await startReplica(site());
    try {
      const there = await pendingOf(name, replica.client());
      assert.equal((await verify(there, code)).json?.code, 'code-already-used');
    } finally {
      await replica.gateway.close(0);
    }
    await site().restart();
    assert.equal((await verify(await pendingOf(name), code)).json?.code, 'code-already-used');
    await rooms().throttle.unlock(subscription, (await rooms().local.lookUp(name))?.key ?? '');
    site().clock.advance(30_000);
    assert.equal((await verify(await pendingOf(name), phone.code())).json?.status, 'done');
  });

  it('threat 9: of two browsers with the same code at the same moment, on two replicas, one gets in', async () => {
    const { name, phone } = await enrolled();
    const replica = await startReplica(site());
    try {
      const browsers = [
        await pendingOf(name),
        await pendingOf(name, replica.client()),
        await pendingOf(name),
        await pendingOf(name, replica.client()),
      ];
      const answers = await Promise.all(browsers.map((browser) => verify(browser, phone.code())));
      assert.deepEqual(codesOf(answers), [
        'code-already-used',
        'code-already-used',
        'code-already-used',
        'done',
      ]);
    } finally {
      await replica.gateway.close(0);
    }
  });

  it('threat 9: a code that was accepted at one end of the discrepancy is not accepted at the other', async () => {
    const { name, phone } = await enrolled();
    await rooms().settings.update(subscription, { driftTolerance: 480 }, 'test');
    try {
      // The device is four hours ahead: its code is of the last step that is acceptable at all.
      const ahead = phone.code(480);
      assert.equal((await verify(await pendingOf(name), ahead)).json?.status, 'done');
      site().clock.jump(site().clock.now() + 960 * 30_000);
      const late = await verify(await pendingOf(name), ahead);
      assert.equal(late.json?.code, 'code-already-used', 'now it is of the first');
      assert.equal((await verify(await pendingOf(name), phone.code())).json?.status, 'done');
    } finally {
      await rooms().settings.update(subscription, { driftTolerance: 2 }, 'test');
    }
  });

  it('threat 9: a recovery code is good once, also for six browsers and two replicas at the same moment', async () => {
    const { name, recovery } = await enrolled();
    const replica = await startReplica(site());
    try {
      const browsers: SiteClient[] = [];
      for (let index = 0; index < 4; index += 1)
        browsers.push(await pendingOf(name, index % 2 ? replica.client() : site().client()));
      const code = recovery[0] ?? '';
      const answers = await Promise.all(
        browsers.map((browser) => verify(browser, code, undefined, 'recovery')),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1, codesOf(answers).join());
      const later = await verify(await pendingOf(name), code.toLowerCase(), undefined, 'recovery');
      assert.equal(later.json?.code, 'code-already-used');
    } finally {
      await replica.gateway.close(0);
    }
  });

  it('threat 9: a code of one user is worth nothing to another, a recovery code neither', async () => {
    const mine = await enrolled();
    const theirs = await enrolled();
    const thief = await pendingOf(theirs.name);
    assert.equal((await verify(thief, mine.phone.code())).json?.code, 'wrong-code');
    const recovery = await verify(thief, mine.recovery[1] ?? '', undefined, 'recovery');
    assert.equal(recovery.json?.code, 'wrong-code');
  });

  it('threat 10: forty guesses in parallel get no more answers than four one after the other, and then the right code has to wait too', async () => {
    const { name, phone } = await enrolled();
    const thief = await pendingOf(name);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, nth) => verify(thief, wrong(phone, nth))),
    );
    const judged = answers.filter(({ json }) => json?.code === 'wrong-code');
    assert.equal(judged.length, 4);
    assert.equal(answers.filter(({ json }) => json?.code === 'locked').length, 36);
    assert.ok(answers.every(({ status, headers }) => status !== 429 || Number(headers['retry-after']) > 0));
    assert.equal((await verify(thief, phone.code())).json?.code, 'locked');
    site().clock.advance(minute);
    assert.equal((await verify(await pendingOf(name), phone.code())).json?.status, 'done');
  });

  it('threat 10: guesses count together across sign-ins, methods, addresses and replicas, and a right password takes none back', async () => {
    const { name, phone } = await enrolled();
    const replica = await startReplica(site());
    try {
      const tries = [
        await verify(await pendingOf(name, undefined, '192.0.2.1'), wrong(phone, 1), '192.0.2.1'),
        await verify(await pendingOf(name, replica.client(), '192.0.2.2'), wrong(phone, 2), '192.0.2.2'),
        await verify(
          await pendingOf(name, undefined, '2001:db8:1::1'),
          '0000-0000-0000-0000',
          '2001:db8:1::1',
          'recovery',
        ),
        await verify(await pendingOf(name, undefined, '2001:db8:2::1'), wrong(phone, 3), '2001:db8:2::1'),
      ];
      assert.deepEqual(
        tries.map(({ json }) => json?.code),
        ['wrong-code', 'wrong-code', 'wrong-code', 'wrong-code'],
      );
      assert.deepEqual(
        tries.map(({ json }) => json?.triesLeft),
        [3, 2, 1, 0],
      );
      for (const client of [site().client(), replica.client()]) {
        const locked = await verify(
          await pendingOf(name, client, '198.51.100.7'),
          phone.code(),
          '198.51.100.7',
        );
        assert.deepEqual([locked.status, locked.json?.code], [429, 'locked']);
      }
    } finally {
      await replica.gateway.close(0);
    }
  });

  it('threat 10: slow guessing gets one try per doubled wait, and a message that is no code costs and tells nothing', async () => {
    const { name, phone } = await enrolled();
    const thief = await pendingOf(name);
    for (const text of ['12345', '1234567', 'abcdef', '', ' ', '12345６', '٠٠٠٠٠٠', '-12345', '1e5']) {
      const answer = await verify(thief, text);
      assert.ok(['code-malformed', 'invalid-request'].includes(answer.json?.code), `${text}: ${answer.text}`);
    }
    let judged = 0;
    for (let passed = 0; passed < 16; passed += 1) {
      const answer = await verify(await pendingOf(name), wrong(phone, passed));
      if (answer.json?.code === 'wrong-code') judged += 1;
      site().clock.jump(site().clock.now() + minute);
    }
    // In minutes 0, 1, 2 and 3, and then after waits of 1, 2 and 4 minutes: the next one begins in minute 18.
    assert.equal(judged, 7);
  });

  it('threat 10: names in every spelling count as one, so that no spelling has tries of its own', async () => {
    counter += 1;
    await site().addUser('Straße Müller');
    const spellings = [
      'Straße Müller',
      'STRASSE MÜLLER',
      'strasse müller',
      '  Straße Müller  ',
      'Straße\u00a0Müller',
      'Straße   Müller',
      'Stra\u00dfe Mu\u0308ller',
      'ｓｔｒａｓｓｅ Müller',
      'local\\Straße Müller',
      'LOCAL\\strasse müller',
      'local \\ Straße Müller',
      'Straße Müller@local',
      'strasse müller@LOCAL',
      'Straße Müller @ local',
    ];
    const answers: unknown[] = [];
    for (const [index, username] of spellings.entries()) {
      const from = { 'x-forwarded-for': `203.0.113.${index}` };
      const answer = await site().client().call('POST', 'sign-in', { username, password: 'wrong' }, from);
      answers.push(answer.json?.code);
    }
    assert.deepEqual(answers, [
      ...Array.from({ length: 10 }, () => 'invalid-credentials'),
      ...Array.from({ length: 4 }, () => 'locked'),
    ]);
    // And a name that nobody has is counted in the same way.
    const nobody: unknown[] = [];
    for (const [index, spelling] of spellings.entries()) {
      const from = { 'x-forwarded-for': `203.0.113.${100 + index}` };
      const username = spelling.replace(/müller|mu\u0308ller/i, 'Schmidt');
      const answer = await site().client().call('POST', 'sign-in', { username, password: 'wrong' }, from);
      nobody.push(answer.json?.code);
    }
    assert.deepEqual(nobody, answers);
  });

  it('threat 10: one address, or one IPv6 network, guesses no more than thirty passwords in a quarter of an hour, whoever they are for', async () => {
    const tried = async (from: string, nth: number) =>
      (
        await site()
          .client()
          .call(
            'POST',
            'sign-in',
            { username: `guess${nth}`, password: 'wrong' },
            { 'x-forwarded-for': from },
          )
      ).json?.code;
    const answers = await Promise.all(
      Array.from({ length: 34 }, (_, nth) => tried(`2001:db8:7:7::${nth}`, nth)),
    );
    assert.equal(answers.filter((code) => code === 'invalid-credentials').length, 30);
    assert.equal(answers.filter((code) => code === 'too-many-requests').length, 4);
    assert.equal(await tried('2001:db8:7:8::1', 99), 'invalid-credentials', 'the neighbour may');
  });

  it('threat 10: an address that a client makes up for itself is not believed beyond the trusted proxies', async () => {
    const answers = await Promise.all(
      Array.from({ length: 34 }, (_, nth) => {
        // The reverse proxy appends the real address: what stands before it anybody may have written.
        const from = { 'x-forwarded-for': `10.9.8.${nth}, 198.51.100.99` };
        const body = { username: `made-up${nth}`, password: 'wrong' };
        return site().client().call('POST', 'sign-in', body, from);
      }),
    );
    assert.equal(answers.filter(({ json }) => json?.code === 'too-many-requests').length, 4);
  });

  it('threat 10: lockout is no weapon: whoever locks a user out leaves their known device alone', async () => {
    const { name, phone } = await enrolled();
    assert.ok(phone.cookie('sallyport-device'));
    const thief = await pendingOf(name);
    for (let nth = 0; nth < 6; nth += 1) await verify(thief, wrong(phone, nth));
    for (let nth = 0; nth < 12; nth += 1) {
      const from = { 'x-forwarded-for': `192.0.2.${nth}` };
      await site().client().call('POST', 'sign-in', { username: name, password: 'wrong' }, from);
    }
    const stranger = await site().client().call('POST', 'sign-in', { username: name, password });
    assert.equal(stranger.json?.code, 'locked');
    const home = await phone.call('POST', 'sign-in', { username: name, password });
    assert.equal(home.json?.status, 'verify');
    assert.equal((await verify(phone, phone.code())).json?.status, 'done');
  });

  it("threat 10: a known device is its user's alone: no help with another name, and five failures end it, in parallel too", async () => {
    const mine = await enrolled();
    const theirs = await enrolled();
    // A thief with an account of their own brings their own device cookie along.
    const thief = site().client();
    const jar = new Map([['sallyport-device', mine.phone.cookie('sallyport-device') ?? '']]);
    thief.cookies.set(thief.portalHost, jar);
    await pendingOf(theirs.name, thief);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, nth) => verify(thief, wrong(theirs.phone, nth))),
    );
    assert.equal(answers.filter(({ json }) => json?.code === 'wrong-code').length, 4, 'no tries of its own');

    // A stolen device cookie gives five tries, and then it is void.
    const stolen = site().client();
    stolen.cookies.set(
      stolen.portalHost,
      new Map([['sallyport-device', mine.phone.cookie('sallyport-device') ?? '']]),
    );
    await pendingOf(mine.name, stolen);
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, nth) => verify(stolen, wrong(mine.phone, nth))),
    );
    assert.equal(
      guesses.filter(({ json }) => json?.code === 'wrong-code').length,
      9,
      '5 of it, 4 of its user',
    );
    assert.equal((await verify(stolen, mine.phone.code())).json?.code, 'locked');
  });

  it('threat 10: a session that a user owns is no way to guess their codes or their password faster', async () => {
    const { name } = await enrolled();
    site().clock.advance(30_000);
    const thief = site().client();
    await pendingOf(name, thief);
    const phone = site().client();
    const key = (await rooms().local.lookUp(name))?.key ?? '';
    phone.secret = (await secretOf(key)) ?? '';
    assert.equal((await verify(thief, phone.code())).json?.status, 'done');
    thief.cookies.get(thief.portalHost)?.delete('sallyport-device');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, nth) =>
        thief.call('POST', 'account/recovery', { method: 'app', code: wrong(phone, nth) }),
      ),
    );
    assert.equal(answers.filter(({ json }) => json?.code === 'wrong-code').length, 4);
    assert.equal(answers.filter(({ json }) => json?.code === 'locked').length, 8);
    const passwords = await Promise.all(
      Array.from({ length: 14 }, (_, nth) =>
        thief.call('POST', 'account/password', { current: `wrong${nth}`, next: 'a brand new passphrase' }),
      ),
    );
    assert.equal(passwords.filter(({ json }) => json?.code === 'wrong-password').length, 10);
    assert.equal(passwords.filter(({ json }) => json?.code === 'locked').length, 4);
  });

  /** What only the store and its key know; the test stands in for the phone. */
  async function secretOf(key: string): Promise<string | undefined> {
    const { administration, sealer } = rooms();
    const { factors } = await administration.factors.read(subscription, key);
    const sealed = factors.apps[0]?.sealedSecret;
    return sealed === undefined
      ? undefined
      : sealer.open(administration.factors.record(subscription, key), sealed);
  }
});
