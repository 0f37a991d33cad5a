import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { password } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { apiCall, ask, audited, cookieOf, message, startTarget, type Target } from './target.ts';

describe('a hostile page of an application on the portal origin', () => {
  let target: Target;
  let anna: SiteClient;
  const site = () => target.site;
  before(async () => {
    target = await startTarget();
    anna = await site().signedIn('anna');
  });
  after(() => target.stop());

  /** What a script of a page on the portal's own origin can send: cookies and the right Origin, and no code. */
  const script = (method: string, path: string, body?: unknown) => anna.call(method, path, body);

  it('threat 16a: registers no service worker over our prefix, from wherever its script comes', async () => {
    const worker = ['Service-Worker: script', 'Sec-Fetch-Dest: serviceworker', cookieOf(anna)];
    for (const path of [
      '/sw.js',
      '/sw.js?x=/desk/',
      '/desk',
      '/.sallyport/sw.js',
      '/.sallyport/sign-in',
      '/.sallyport/assets/../sw.js',
      '/.sallyport/api/openapi.json',
      '/desk/../sw.js',
      '/desk%2fsw.js',
      '//sw.js',
    ]) {
      const answer = await ask(site(), message(site(), `GET ${path}`, worker));
      assert.ok([400, 403, 404].includes(answer?.status ?? 0), `${path}: ${answer?.status}`);
      assert.equal(answer?.header('service-worker-allowed'), undefined);
    }
    assert.deepEqual(target.reached(), []);
    const folder = await ask(site(), message(site(), 'GET /desk/sw.js', worker));
    assert.equal(folder?.status, 200, 'one in a folder reaches no further than that');
    target.reached();
  });

  it('threat 16a: changes no factor, no password and no recovery code without a code or password that is typed now', async () => {
    const account = (await script('GET', 'account')).json;
    const id = account.apps[0].id as string;
    for (const [path, body] of [
      ['account/app', {}],
      ['account/app', { method: 'app' }],
      ['account/app', { method: 'app', code: '' }],
      ['account/recovery', {}],
      [`account/factors/${id}/remove`, {}],
      ['account/password', { next: 'mine from now on, thank you' }],
      ['account/password', { current: '', next: 'mine from now on, thank you' }],
      ['enrol/app', {}],
      ['enrol/verify', { method: 'app', code: '000000' }],
      ['sign-in/password', { password: 'mine from now on, thank you' }],
      ['account/app/verify', { code: '000000' }],
    ] as const) {
      const answer = await script('POST', path, body);
      assert.ok(answer.status >= 400, `${path}: ${answer.text}`);
    }
    for (const [path, code] of [
      ['account/app', anna.code(-400)],
      ['account/recovery', anna.code(-399)],
    ] as const) {
      // Right once, hours ago: read from somewhere, and far from what the device shows now.
      const answer = await script('POST', path, { method: 'app', code });
      assert.equal(answer.json?.code, 'wrong-code', path);
    }
    const after = (await script('GET', 'account')).json;
    assert.deepEqual(
      after.apps.map(({ id }: { id: string }) => id),
      [id],
    );
    assert.equal(after.recoveryCodes.left, 10);
    await site().gateway.rooms.throttle.unlock(
      subscription,
      (await site().gateway.rooms.local.lookUp('anna'))?.key ?? '',
    );
  });

  it('threat 16a: one code is worth one change, however many are asked for at once', async () => {
    const berta = await site().signedIn('berta');
    site().clock.advance(30_000);
    const proof = { method: 'app', code: berta.code() };
    const answers = await Promise.all([
      berta.call('POST', 'account/app', proof),
      berta.call('POST', 'account/recovery', proof),
      berta.call('POST', 'account/app', proof),
      berta.call('POST', 'account/recovery', proof),
    ]);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });

  it('threat 16a: a further app that was begun here is confirmed by its own code, in its own session, once', async () => {
    const carla = await site().signedIn('carla');
    site().clock.advance(30_000);
    const setup = await carla.call('POST', 'account/app', { method: 'app', code: carla.code() });
    assert.equal(setup.status, 200, setup.text);
    // The old app's code does not prove the new one.
    const wrong = await carla.call('POST', 'account/app/verify', { code: carla.code(1) });
    assert.equal(wrong.status, 401);
    // Another session of the same user has not begun anything.
    const other = site().client();
    other.secret = carla.secret;
    await other.call('POST', 'sign-in', { username: 'carla', password });
    site().clock.advance(30_000);
    await other.call('POST', 'sign-in/verify', { method: 'app', code: other.code() });
    const phone = site().client();
    phone.secret = setup.json.secret;
    const elsewhere = await other.call('POST', 'account/app/verify', { code: phone.code() });
    assert.equal(elsewhere.json?.code, 'wrong-step');
    const both = await Promise.all([
      carla.call('POST', 'account/app/verify', { code: phone.code(), label: 'a' }),
      carla.call('POST', 'account/app/verify', { code: phone.code(), label: 'b' }),
    ]);
    assert.equal(both.filter(({ json }) => json?.status === 'added').length, 1);
    assert.equal((await carla.call('GET', 'account')).json.apps.length, 2);
  });

  it('threat 16a: a session with the password alone adds nothing to an account', async () => {
    const { rooms } = site().gateway;
    await rooms.settings.update(subscription, { enabled: false }, 'test');
    const user = await site().addUser('paula');
    const paula = site().client();
    const done = await paula.call('POST', 'sign-in', { username: 'paula', password });
    assert.deepEqual(done.json?.session?.amr, ['pwd']);
    for (const [path, body] of [
      ['account/app', { method: 'app', code: '123456' }],
      ['account/app', { method: 'recovery', code: '0000-0000-0000-0000' }],
      ['account/recovery', { method: 'app', code: '123456' }],
    ] as const) {
      assert.equal((await paula.call('POST', path, body)).json?.code, 'method-not-available', path);
    }
    assert.equal(
      (await paula.call('POST', 'account/app/verify', { code: '123456' })).json?.code,
      'wrong-step',
    );
    assert.equal((await paula.call('POST', 'enrol/app', {})).status, 401);
    const { factors } = await rooms.administration.factors.read(subscription, user);
    assert.deepEqual(factors.apps, []);
    await rooms.settings.update(subscription, { enabled: true }, 'test');
    while ((await paula.call('GET', 'session')).status !== 401) site().clock.advance(50);
  });

  it("threat 16a: reads no secret of the account, nor anything of another user's", async () => {
    const account = await script('GET', 'account');
    assert.doesNotMatch(account.text, new RegExp(`${anna.secret}|sealed|hash|argon2|eyJ`));
    const other = await site().signedIn('other');
    const theirs = (await other.call('GET', 'account')).json.sessions[0].id as string;
    const ended = await script('DELETE', `account/sessions/${theirs}`);
    assert.deepEqual([ended.status, ended.json?.code], [404, 'not-found']);
    for (const id of ['..', '%2e%2e', '*', '', `${theirs}/..`, '%00', '__proto__']) {
      assert.ok((await script('DELETE', `account/sessions/${id}`)).status >= 400);
    }
    assert.equal((await other.call('GET', 'session')).status, 200);
    const app = (await other.call('GET', 'account')).json.apps[0].id as string;
    site().clock.advance(30_000);
    const removed = await script('POST', `account/factors/${app}/remove`, {
      method: 'app',
      code: anna.code(),
    });
    assert.equal(removed.json?.code, 'not-found');
  });

  it('threat 16a: a session of a signed-out browser is not fixed by a cookie that was planted before the sign-in', async () => {
    const mallory = await site().signedIn('mallory');
    const victim = site().client();
    const planted = new Map([
      ['sallyport-session', mallory.cookie('sallyport-session') ?? ''],
      ['sallyport-device', mallory.cookie('sallyport-device') ?? ''],
    ]);
    victim.cookies.set(victim.portalHost, planted);
    await site().addUser('vic');
    const done = await victim.signIn('vic', password);
    assert.equal(done.json?.status, 'done');
    assert.equal((await victim.call('GET', 'session')).json.user.name, 'vic');
    assert.notEqual(victim.cookie('sallyport-session'), mallory.cookie('sallyport-session'));
    assert.notEqual(
      victim.cookie('sallyport-device'),
      mallory.cookie('sallyport-device'),
      'nor their device',
    );
    assert.equal((await mallory.call('GET', 'session')).json.user.name, 'mallory');
  });

  it('threat 16c: a far-off code that was found by guessing is dead when its time comes, and tells nothing but that', async () => {
    const gert = await site().signedIn('gert');
    await gert.call('DELETE', 'session');
    site().clock.advance(30_000);
    const thief = site().client();
    await thief.call('POST', 'sign-in', { username: 'gert', password });
    // The guess hit a code of 50 minutes from now.
    const lucky = gert.code(100);
    const asked = await thief.call('POST', 'sign-in/verify', { method: 'app', code: lucky });
    assert.deepEqual(asked.json, { status: 'confirm-drift' });
    // Whoever guessed it does not know the next one; a guess costs what a guess costs.
    const guess = await thief.call('POST', 'sign-in/verify', { method: 'app', code: gert.code(90) });
    assert.deepEqual(guess.json, { status: 'confirm-drift' }, 'another far one only begins anew');
    // Waiting for its time: the same digits are used up, here and in a new sign-in, near and far.
    site().clock.jump(site().clock.now() + 100 * 30_000);
    const later = site().client();
    await later.call('POST', 'sign-in', { username: 'gert', password });
    const dead = await later.call('POST', 'sign-in/verify', { method: 'app', code: lucky });
    assert.equal(dead.json?.code, 'code-already-used');
    site().clock.advance(30_000);
    const own = await later.call('POST', 'sign-in/verify', { method: 'app', code: gert.code() });
    // Three failures so far: the right code is still accepted, and begins the count anew.
    assert.equal(own.json?.status, 'done', own.text);
  });

  it('threat 16c: far-off codes count like wrong ones, across sign-ins, until a second one proves the device', async () => {
    const hugo = await site().signedIn('hugo');
    await hugo.call('DELETE', 'session');
    site().clock.advance(30_000);
    const answers: string[] = [];
    for (let nth = 0; nth < 6; nth += 1) {
      const thief = site().client();
      await thief.call('POST', 'sign-in', { username: 'hugo', password });
      const answer = await thief.call('POST', 'sign-in/verify', {
        method: 'app',
        code: hugo.code(100 + 20 * nth),
      });
      answers.push(answer.json?.code ?? answer.json?.status);
    }
    assert.deepEqual(
      answers.slice(0, 4),
      Array.from({ length: 4 }, () => 'confirm-drift'),
    );
    assert.deepEqual(answers.slice(4), ['locked', 'locked']);
  });

  it('threat 16c: a far-off code proves a device only together with the next one, in the same sign-in, in order', async () => {
    const ines = await site().signedIn('ines');
    await ines.call('DELETE', 'session');
    site().clock.advance(30_000);
    const [one, two] = [site().client(), site().client()];
    for (const client of [one, two]) await client.call('POST', 'sign-in', { username: 'ines', password });
    const verify = (client: SiteClient, code: string) =>
      client.call('POST', 'sign-in/verify', { method: 'app', code });
    assert.equal((await verify(one, ines.code(200))).json?.status, 'confirm-drift');
    assert.equal((await verify(one, ines.code(199))).json?.status, 'confirm-drift', 'not the one before');
    assert.equal((await verify(two, ines.code(201))).json?.status, 'confirm-drift', 'not in another sign-in');
    site().clock.advance(60_000);
    await site().gateway.rooms.throttle.unlock(
      subscription,
      (await site().gateway.rooms.local.lookUp('ines'))?.key ?? '',
    );
    const proven = await verify(two, ines.code(200));
    assert.equal(proven.json?.status, 'done', proven.text);
    assert.equal(proven.json?.clockOffset, 200 * 30);
  });

  it('threat 16c: the learned drift is walked away by two steps a day and no further', async () => {
    const jana = await site().signedIn('jana');
    const offsets: (string | undefined)[] = [];
    for (const offset of [2, 3, 4, 5]) {
      site().clock.advance(300_000);
      const client = site().client();
      await client.call('POST', 'sign-in', { username: 'jana', password });
      const answer = await client.call('POST', 'sign-in/verify', { method: 'app', code: jana.code(offset) });
      offsets.push(answer.json?.status);
    }
    assert.deepEqual(offsets, ['done', 'done', 'done', 'confirm-drift']);
  });

  it('threat 16d: a name or group with a comma is refused, and one that looks encoded stays another name', async () => {
    const { rooms } = site().gateway;
    for (const name of [
      'staff,admins',
      'staff，admins',
      'a\r\nX: b',
      'a\0b',
      'a\u200bb',
      'corp\\admins',
      'a:b',
      '',
    ]) {
      await assert.rejects(rooms.groups.create(name), JSON.stringify(name));
      await assert.rejects(rooms.local.create({ name, password }, 'test'), JSON.stringify(name));
    }
    const groups = ['staff%2Cadmins', 'staff admins', 'Ünïcode', '%2525'];
    for (const name of groups) await rooms.groups.create(name);
    const key = await site().addUser('kurt%2C');
    for (const name of groups) await rooms.administration.users.join(key, name);
    const kurt = site().client();
    assert.equal((await kurt.signIn('kurt%2C', password)).json?.status, 'done');
    await kurt.get('/desk/page');
    const headers = target.server.requests.at(-1)?.headers ?? {};
    assert.equal(headers['x-sallyport-user'], 'kurt%252C');
    const told = String(headers['x-sallyport-groups']).split(',');
    assert.deepEqual(told.map(decodeURIComponent).sort(), [...groups].sort());
    target.reached();
  });

  it('threat 16d: names that look alike are one name, so that nobody is taken for somebody else', async () => {
    await site().addUser('Lena');
    for (const name of [
      'lena',
      'LENA',
      'Ｌｅｎａ',
      ' Lena',
      'Le\u0301na'.normalize('NFD').replace('\u0301', ''),
      'Lena ',
    ]) {
      await assert.rejects(site().addUser(name), { code: 'name-taken' }, JSON.stringify(name));
    }
    for (const name of ['Lena\u200d', 'Le\u00adna', '\u202eaneL', 'Lena\ufe0f\u2060']) {
      await assert.rejects(site().addUser(name), JSON.stringify(name));
    }
  });

  it('threat 16d: requests that a browser never sends are told to the audit log, without what they carried', async () => {
    await ask(
      site(),
      message(site(), 'GET /.sallyport/sw.js', [
        'Service-Worker: script',
        'Cookie: sallyport-session=secret-value',
      ]),
    );
    await ask(
      site(),
      apiCall(site(), 'DELETE', 'session', {}, [cookieOf(anna), 'Cookie: sallyport-session=secret-value']),
    );
    const told = await audited(site(), 'request.suspicious');
    assert.ok(told.some((entry) => 'reason' in entry && entry.reason === 'service-worker-refused'));
    assert.ok(told.some((entry) => 'reason' in entry && entry.reason === 'ambiguous-credentials'));
    assert.doesNotMatch(JSON.stringify(told), /secret-value|eyJ/);
  });
});

describe('tunnels side by side', () => {
  it('threat 16a: one never gets a byte of another, whatever waits to be read, and however many there are', async () => {
    const target = await startTarget();
    const { site } = target;
    try {
      const anna = await site.signedIn('anna');
      const tunnels = await Promise.all(Array.from({ length: 20 }, () => anna.open('/desk/ws')));
      // Faster than it is read, so that every buffer on the way is full of somebody's bytes.
      for (let round = 0; round < 8; round += 1) {
        for (const [index, tunnel] of tunnels.entries()) {
          tunnel.send(
            String.fromCharCode(65 + index).repeat(1 + ((index * 7919 + round * 104_729) % 150_000)),
          );
        }
      }
      for (let round = 0; round < 8; round += 1) {
        for (const [index, tunnel] of tunnels.entries()) {
          const said = await tunnel.next();
          assert.equal(said.length, 1 + ((index * 7919 + round * 104_729) % 150_000));
          assert.equal(said.replaceAll(String.fromCharCode(65 + index), ''), '');
        }
      }
      for (const tunnel of tunnels) tunnel.close();
      await Promise.all(tunnels.map(({ closed }) => closed));
    } finally {
      await target.stop();
    }
  });
});
