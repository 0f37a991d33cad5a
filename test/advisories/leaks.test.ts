import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { enable, issueBypass, issueTicket, resetFactors, takeOffList } from '../../src/accounts/index.ts';
import { decodeBase32 } from '../../src/second-factors/base32.ts';
import { subscription } from '../../src/server/index.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import type { Answer, SiteClient } from '../support/site-client.ts';
import { startTarget, type Target } from './target.ts';

/** As long as codes can be, so that a find is no coincidence. */
const digits = 12;
const passwords = {
  'the first password': 'Tr0ub4dor-and-3-horses',
  'a wrong password': 'certainly-not-the-right-one',
  'a new password': 'quite-another-passphrase-7',
  'a password typed as a name': 'I-typed-this-in-the-wrong-field',
  'a refused new password': 'Tr0ub4dor',
  'a password after recovery': 'after-the-storm-comes-calm',
};

describe('secrets', () => {
  let target: Target;
  let senders: RealSenders;
  const secrets = new Map<string, string>(Object.entries(passwords));
  /** What was answered with a problem, and where answers sent people. */
  let told = '';
  const site = () => target.site;

  before(async () => {
    senders = await startRealSenders();
    target = await startTarget({ config: senders.config });
    await senders.configure(site());
    await live();
    await site().gateway.rooms.audit.flush();
  });
  after(async () => {
    await target.stop();
    await senders.close();
  });

  const keep = (name: string, value: unknown): string => {
    assert.ok(typeof value === 'string' && value.length >= 10, `${name}: ${value}`);
    secrets.set(name, value);
    return value;
  };

  function note(answer: Answer): Answer {
    if (answer.status >= 400) told += `${answer.text}\n${JSON.stringify(answer.headers)}\n`;
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';');
      const value = pair.slice(pair.indexOf('=') + 1);
      if (value.length >= 10) secrets.set(`a cookie ${secrets.size}`, value);
    }
    return answer;
  }

  /** A whole life of an account, with every mistake that people make. */
  async function live(): Promise<void> {
    const { rooms } = site().gateway;
    await rooms.settings.update(subscription, { digits }, 'test');
    const user = await rooms.local.create(
      { name: 'anna', password: passwords['the first password'], mustChange: true },
      'test',
    );
    const anna = site().client();
    const call = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
      note(await anna.call(method, path, body, headers));
    const code = (name: string, steps = 0): string =>
      keep(`${name} ${secrets.size}`, anna.code(steps, digits));
    const pass = (): void => site().clock.advance(30_000);
    const signIn = (password: string, username = 'anna') => call('POST', 'sign-in', { username, password });

    await signIn(passwords['a wrong password']);
    await signIn(passwords['a wrong password'], 'nobody');
    await signIn('x', passwords['a password typed as a name']);
    await call('POST', 'sign-in', { username: 'anna', password: passwords['a wrong password'], nonsense: 1 });
    await call('POST', 'sign-in', `{"password": "${passwords['a wrong password']}"`);
    note(await anna.get(`/.sallyport/api/v1/sign-in?password=${passwords['a wrong password']}`));

    // With a ticket, and then an enrolment with a mistake in it.
    const ticket = keep('an enrolment ticket', await issueTicket(rooms.administration, user.key, 'test'));
    await signIn(passwords['the first password']);
    await call('POST', 'enrol/app', {});
    await call('POST', 'enrol/app', { ticket: keep('a wrong ticket', 'AAAA-BBBB-CCCC-DDDD') });
    const setup = await call('POST', 'enrol/app', { ticket });
    anna.secret = keep('the key of the app', setup.json.secret);
    secrets.set('the bytes of the key', decodeBase32(anna.secret).toString('latin1'));
    keep('the address of the app', setup.json.uri);
    await call('POST', 'enrol/verify', { method: 'app', code: keep('a wrong code', '918273645546') });
    await call('POST', 'enrol/verify', { method: 'app', code: 'not a code but a secret' });
    const proven = await call('POST', 'enrol/verify', { method: 'app', code: code('a right code') });
    assert.equal(proven.json?.status, 'change-password', proven.text);
    await call('POST', 'sign-in/password', { password: passwords['a refused new password'] });
    const done = await call('POST', 'sign-in/password', { password: passwords['a new password'] });
    assert.equal(done.json?.status, 'done', done.text);
    for (const each of done.json.recoveryCodes) {
      keep(`a recovery code ${secrets.size}`, each);
      secrets.set(`a bare recovery code ${secrets.size}`, each.replaceAll('-', ''));
    }
    const [first] = done.json.recoveryCodes;

    // What an application, another host and a program get.
    await anna.get('/desk/page?token=of-the-application');
    keep('an assertion', target.server.requests.at(-1)?.headers['x-sallyport-assertion']);
    const tunnel = await anna.open('/desk/ws');
    const asked = note(await anna.navigate('/page', { host: target.otherHost }));
    const request = new URL(String(asked.headers.location));
    const issued = note(await anna.navigate(`${request.pathname}${request.search}`));
    const arrival = new URL(String(issued.headers.location));
    keep('a hand-off code', arrival.searchParams.get('code'));
    note(await anna.navigate(`${arrival.pathname}${arrival.search}`, { host: target.otherHost }));
    note(await anna.navigate(`${arrival.pathname}${arrival.search}`, { host: target.otherHost }));
    const program = await anna.call('POST', 'sign-in', {
      username: 'anna',
      password: passwords['a new password'],
      deliver: 'bearer',
    });
    const bearer = keep('a pending token', program.json?.token);
    await call('POST', 'sign-in/verify', { method: 'app', code: '1' }, { authorization: `Bearer ${bearer}` });
    note(
      await site()
        .client()
        .get('/desk/page', { headers: { authorization: `Bearer ${bearer}` } }),
    );

    // Changes, with wrong and right proofs; a recovery code, used twice; lockout.
    pass();
    await call('POST', 'account/app', { method: 'app', code: keep('another wrong code', '564738291019') });
    const second = await call('POST', 'account/app', { method: 'app', code: code('a code for a change') });
    keep('the key of a second app', second.json?.secret);
    pass();
    const renewed = await call('POST', 'account/recovery', {
      method: 'app',
      code: code('a code for new codes'),
    });
    for (const each of renewed.json.recoveryCodes) keep(`a new recovery code ${secrets.size}`, each);
    await call('POST', 'account/password', { current: passwords['a wrong password'], next: 'x' });
    await call('POST', 'account/password', {
      current: passwords['a new password'],
      next: passwords['a refused new password'],
    });
    const other = site().client();
    for (const attempt of [first, renewed.json.recoveryCodes[0], renewed.json.recoveryCodes[0]]) {
      const again = { username: 'anna', password: passwords['a new password'] };
      note(await other.call('POST', 'sign-in', again));
      note(await other.call('POST', 'sign-in/verify', { method: 'recovery', code: attempt }));
    }
    // The helpdesk's part, and a session that goes on.
    const helpdesk = { ...rooms.administration, store: rooms.store };
    const wish = { lifetime: 3_600_000, reason: 'phone left at home' };
    const bypass = keep('a bypass code', (await issueBypass(helpdesk, user.key, wish, 'test')).code);
    secrets.set('a bare bypass code', bypass.replaceAll('-', ''));
    for (const attempt of [keep('a wrong bypass code', '0000-1111-2222'), bypass, bypass]) {
      const again = { username: 'anna', password: passwords['a new password'] };
      note(await other.call('POST', 'sign-in', again));
      note(await other.call('POST', 'sign-in/verify', { method: 'bypass', code: attempt }));
    }
    pass();
    await call('POST', 'session/renew', {
      method: 'app',
      code: keep('a wrong code to go on', '192837465546'),
    });
    const goneOn = await call('POST', 'session/renew', { method: 'app', code: code('a code to go on') });
    assert.equal(goneOn.json?.status, 'renewed', goneOn.text);
    const thief = site().client();
    note(await thief.call('POST', 'sign-in', { username: 'anna', password: passwords['a new password'] }));
    for (let nth = 0; nth < 7; nth += 1) {
      const guess = keep(`a guess ${nth}`, String(777_000_000_000 + nth * 1_234_567));
      note(await thief.call('POST', 'sign-in/verify', { method: 'app', code: guess }));
    }

    await codesThatAreSent();

    // An administrator's part: reset with a ticket, recovery with a link.
    tunnel.close();
    const [reset] = await resetFactors(rooms.administration, [user.key], 'test', { ticket: true });
    keep('the ticket of a reset', reset?.ticket);
    const { ticket: recovery } = await rooms.ownerSetup.recover('anna', 'test');
    keep('the ticket of a recovery', recovery);
    const back = site().client();
    const body = { ticket: recovery, username: 'anna', password: passwords['a password after recovery'] };
    note(await back.call('POST', 'owner', { ...body, ticket: 'made-up-ticket' }));
    assert.equal(note(await back.call('POST', 'owner', body)).json?.status, 'enrol');
    const last = await back.call('POST', 'enrol/app', {});
    keep('the key after the recovery', last.json?.secret);
    for (const client of [anna, other, thief, back] as SiteClient[]) {
      for (const [, jar] of client.cookies) {
        for (const [name, value] of jar)
          if (value.length >= 10) secrets.set(`the cookie ${name} ${secrets.size}`, value);
      }
    }
  }

  /** A number and an address: enrolled, used, mistyped, refused by the provider, set by an administrator, undone. */
  async function codesThatAreSent(): Promise<void> {
    const { rooms } = site().gateway;
    // In clear in the directory, where administrators search for it, and nowhere else.
    const address = 'berta.secret@example.com';
    await rooms.local.create(
      { name: 'berta', password: passwords['the first password'], email: address },
      'test',
    );
    keep('the auth token of Twilio', senders.twilio.authToken);
    const berta = site().client();
    const call = async (method: string, path: string, body?: unknown) =>
      note(await berta.call(method, path, body));
    const signIn = () =>
      call('POST', 'sign-in', { username: 'berta', password: passwords['the first password'] });
    const number = (text: string): string => {
      secrets.set(`the digits of ${text}`, text.replaceAll(/\D/g, '').slice(-10));
      return keep(`the number ${text}`, text);
    };
    const sent = (method: 'sms' | 'email'): string =>
      keep(`a sent code ${secrets.size}`, senders.code(method));
    await signIn();
    await call('POST', 'enrol/sms', { phone: number('+44 (7400) 123456') });
    secrets.set('the number in E.164', '+447400123456');
    await call('POST', 'enrol/verify', { method: 'sms', code: keep('a wrong sent code', '102938475610') });
    const done = await call('POST', 'enrol/verify', { method: 'sms', code: sent('sms') });
    assert.equal(done.json?.status, 'done', done.text);
    const moveOn = (): void => site().clock.advance(31_000);
    moveOn();
    await call('POST', 'account/code', { method: 'sms' });
    const proof = { method: 'sms', code: sent('sms') };
    assert.equal((await call('POST', 'account/email', proof)).status, 202);
    const added = await call('POST', 'account/email/verify', { code: sent('email') });
    assert.equal(added.json?.status, 'added', added.text);
    moveOn();
    senders.twilio.fail(400, 21211, `The 'To' number ${secrets.get('the number in E.164')} is not valid`);
    await signIn();
    assert.equal((await call('POST', 'sign-in/code', { method: 'sms' })).status, 422);
    senders.twilio.answer();
    assert.equal((await call('POST', 'sign-in/code', { method: 'email' })).status, 202);
    await call('POST', 'sign-in/verify', { method: 'sms', code: sent('email') });
    const { key = '' } = (await rooms.local.lookUp('berta')) ?? {};
    const set = {
      method: 'sms',
      phone: number('+33612345678'),
      email: keep('another', 'b@else.example.com'),
    } as const;
    await enable(rooms.administration, `user:${key}`, 'test', set);
    assert.equal((await call('POST', 'sign-in/code', { method: 'email' })).json?.code, 'code-just-sent');
    moveOn();
    assert.equal((await call('POST', 'sign-in/code', { method: 'email' })).status, 202);
    sent('email');
    await takeOffList(rooms.administration, 'everyone', 'test');
    await takeOffList(rooms.administration, `user:${key}`, 'test');
    await enable(rooms.administration, 'everyone', 'test');
    // Twelve digits and a number for ten: what stands in messages has gone where it belongs, and nowhere else.
    assert.ok(senders.twilio.taken.length >= 2 && senders.mail.taken.length >= 3);
  }

  /** Which secrets stand in a text, as they are or in an encoding that is no secret itself. */
  function found(text: string): string[] {
    return [...secrets].flatMap(([name, secret]) => {
      const bytes = Buffer.from(secret, 'latin1');
      const forms = [
        secret,
        secret.toLowerCase(),
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        bytes.toString('hex'),
      ];
      return forms.some((form) => text.includes(form)) ? [name] : [];
    });
  }

  it('threat 21: are found by this search wherever they are in clear, so that not finding them means something', () => {
    assert.ok(secrets.size > 60, String(secrets.size));
    for (const [name, secret] of secrets) {
      assert.ok(found(`before ${secret} after`).includes(name), name);
      assert.ok(found(Buffer.from(secret, 'latin1').toString('hex')).includes(name), name);
    }
  });

  it('threat 21: are not in the log', () => {
    assert.ok(site().log().length > 5_000);
    assert.deepEqual(found(site().log()), []);
  });

  it('threat 21: are not in the audit log', async () => {
    const { items } = await site().gateway.rooms.store.read('audit', { limit: 1_000 });
    const types = new Set(items.map(({ value }) => (value as { type: string }).type));
    for (const type of [
      'sign-in.password',
      'sign-in.factor',
      'sign-in.done',
      'enrolment.confirmed',
      'password.changed',
      'recovery.regenerated',
      'lockout',
      'user.reset',
      'owner.recovered',
      'remote-session.start',
    ]) {
      assert.ok(types.has(type), `${type} happened`);
    }
    assert.deepEqual(found(JSON.stringify(items)), []);
  });

  it('threat 21: are not in the metrics', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${site().managementPort}/metrics`)).text();
    assert.ok(metrics.includes('sallyport_'));
    assert.deepEqual(found(metrics), []);
    for (const path of ['/healthz', '/readyz', '/x?token=1']) {
      assert.deepEqual(
        found(await (await fetch(`http://127.0.0.1:${site().managementPort}${path}`)).text()),
        [],
      );
    }
  });

  it('threat 21: are not in problem answers', () => {
    for (const code of [
      'invalid-credentials',
      'wrong-code',
      'code-malformed',
      'code-already-used',
      'locked',
      'password-too-weak',
      'wrong-password',
      'invalid-ticket',
      'ticket-required',
      'invalid-request',
    ]) {
      assert.ok(told.includes(`"code":"${code}"`), `${code} was answered`);
    }
    assert.deepEqual(found(told), []);
  });

  it('threat 21: are not in the files of the store, nor in a backup', async () => {
    const data = join(site().folder, 'data');
    const files = readdirSync(data).filter((file) => file.startsWith('sallyport.db'));
    assert.ok(files.length >= 1);
    for (const file of files) {
      const bytes = readFileSync(join(data, file)).toString('latin1');
      assert.deepEqual(found(bytes), [], file);
    }
    const copy = join(site().folder, 'copy.db');
    await site().gateway.rooms.database.backup(copy);
    assert.ok(existsSync(copy));
    const bytes = readFileSync(copy).toString('latin1');
    assert.ok(bytes.includes('sealed:1:'), 'what it has of them is sealed');
    assert.deepEqual(found(bytes), []);
    const master = readFileSync(join(data, 'master.key'), 'utf8').trim();
    for (const line of master.split('\n')) assert.ok(!bytes.includes(line.trim()), 'nor the key of it');
    assert.ok(!site().log().includes(master));
  });

  it('threat 21: are not in addresses that an application server sees, nor is any cookie of ours', () => {
    for (const { target: path, headers } of target.server.requests) {
      assert.deepEqual(found(path), []);
      const { 'x-sallyport-assertion': assertion, ...others } = headers;
      assert.ok(assertion);
      assert.deepEqual(found(JSON.stringify(others)), []);
    }
  });
});
