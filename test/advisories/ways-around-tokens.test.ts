import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { SessionRecord } from '../../src/sessions/index.ts';
import type { SiteClient } from '../support/site-client.ts';
import { apiCall, ask, cookieOf, handshake, message, startTarget, type Target } from './target.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

describe('a way around the second factor by a token', () => {
  let target: Target;
  let anna: SiteClient;
  let token: string;

  before(async () => {
    target = await startTarget();
    anna = await target.site.signedIn('anna');
    token = anna.cookie('sallyport-session') ?? '';
  });
  after(() => target.stop());

  const record = async (client: SiteClient): Promise<SessionRecord> => {
    const found = await target.site.gateway.gate.find(
      client.cookie('sallyport-session') ?? '',
      `http://localhost:${target.site.port}`,
    );
    assert.ok(found);
    return found;
  };

  /** Every way to show one token: as cookie and as bearer, for a page, an upgrade and the API. */
  async function shown(value: string): Promise<(number | undefined)[]> {
    const { site } = target;
    const statuses: (number | undefined)[] = [];
    for (const line of [`Cookie: sallyport-session=${value}`, `Authorization: Bearer ${value}`]) {
      for (const request of [
        message(site, 'GET /desk/ws', [...handshake(site), line]),
        message(site, 'GET /desk/page', [line]),
        message(site, 'GET /.sallyport/api/v1/session', [line]),
      ]) {
        const answer = await ask(site, request);
        assert.equal(answer?.header('location'), undefined);
        assert.equal(answer?.header('upgrade') !== undefined, answer?.status === 101);
        statuses.push(answer?.status);
      }
    }
    return statuses;
  }

  const refused = [401, 401, 401, 401, 401, 401];

  it('threat 1: a token that is right opens a tunnel, a page and the API, so that the refusals below mean something', async () => {
    assert.deepEqual(await shown(token), [101, 200, 200, 101, 200, 200]);
    assert.equal(target.reached().length, 4);
  });

  it('threat 1: an upgrade without a token, or with an empty one, gets a plain 401', async () => {
    const { site } = target;
    for (const lines of [
      [],
      ['Cookie: sallyport-session='],
      ['Cookie: sallyport-session'],
      ['Authorization: Bearer'],
    ]) {
      const answer = await ask(site, message(site, 'GET /desk/ws', [...handshake(site), ...lines]));
      assert.equal(answer?.status, 401, lines.join());
      assert.equal(answer?.header('location'), undefined);
    }
    assert.deepEqual(target.reached(), []);
  });

  it('threat 1: a pending token opens nothing', async () => {
    await target.site.addUser('pia');
    const pia = target.site.client();
    await pia.call('POST', 'sign-in', { username: 'pia', password: 'correct horse battery staple' });
    const pending = pia.cookie('sallyport-pending') ?? '';
    assert.ok(pending.length > 100);
    assert.deepEqual(await shown(pending), refused);
    assert.deepEqual(target.reached(), []);
  });

  it('threat 1: tokens with alg none, HS256 over the public key, a foreign key, an unknown kid or other claims open nothing', async () => {
    const { keys, installation } = target.site.gateway.rooms;
    const [header = '', payload = '', signature = ''] = token.split('.');
    const head = decode(header);
    const claims = decode(payload);
    const key = await keys.verifier('session', head.kid);
    assert.ok(key);
    const publicKey = KeyObject.from(key.publicKey as Parameters<typeof KeyObject.from>[0]);
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const hs256 = (secret: Buffer | string): string => {
      const input = `${encode({ ...head, alg: 'HS256' })}.${payload}`;
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    };
    const foreign = generateKeyPairSync('ed25519');
    const signed = (protectedHeader: unknown, body: unknown): string => {
      const input = `${encode(protectedHeader)}.${encode(body)}`;
      return `${input}.${sign(null, Buffer.from(input), foreign.privateKey).toString('base64url')}`;
    };
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    const bella = await target.site.signedIn('bella');
    const [, hers = ''] = (bella.cookie('sallyport-session') ?? '').split('.');
    const tokens = {
      'alg none, no signature': `${encode({ ...head, alg: 'none' })}.${payload}.`,
      'alg none, the old signature': `${encode({ ...head, alg: 'none' })}.${payload}.${signature}`,
      'alg None': `${encode({ ...head, alg: 'None' })}.${payload}.`,
      'no header': `.${payload}.${signature}`,
      'HS256 over DER': hs256(der),
      'HS256 over PEM': hs256(pem),
      'HS256 over nothing': hs256(''),
      'a foreign key under our kid': signed(head, claims),
      'an unknown kid': signed({ ...head, kid: 'unknown' }, claims),
      'a kid that is a path': signed({ ...head, kid: '../../../../dev/null' }, claims),
      'no kid': signed({ alg: 'EdDSA', typ: head.typ }, claims),
      'its own key in the header': signed({ ...head, jwk }, claims),
      'a key from elsewhere': signed({ ...head, jku: 'http://127.0.0.1:9/keys.json' }, claims),
      'a critical extension': signed({ ...head, crit: ['b64'], b64: false }, claims),
      "another user's claims": `${header}.${hers}.${signature}`,
      'a longer life': `${header}.${encode({ ...claims, exp: claims.exp + 86_400 })}.${signature}`,
      'another issuer': signed(head, { ...claims, iss: installation.id }),
      'a cut signature': `${header}.${payload}.${signature.slice(0, -2)}`,
      'a bit more': `${token}A`,
      'padded base64': `${header}.${payload}.${signature}==`,
      'the same token twice': `${token}.${token}`,
    };
    const outcomes: Record<string, unknown> = {};
    for (const [name, forged] of Object.entries(tokens)) outcomes[name] = await shown(forged);
    assert.deepEqual(outcomes, Object.fromEntries(Object.keys(tokens).map((name) => [name, refused])));
    assert.deepEqual(target.reached(), []);
  });

  it('threat 1: a token for another audience is refused here, and ours is refused there', async () => {
    const { site, otherHost } = target;
    const { tokens } = site.gateway.rooms;
    const session = await record(anna);
    for (const origin of [
      `http://${otherHost}`,
      `https://localhost:${site.port}`,
      'http://localhost',
      `http://localhost:${site.port}/`,
      'sallyport:pending',
      'desk',
    ]) {
      const { token: elsewhere } = await tokens.issueSession(session, origin);
      assert.deepEqual(await shown(elsewhere), refused, origin);
    }
    const there = await ask(
      site,
      message(site, 'GET /ws', [
        `Host: ${otherHost}`,
        ...handshake(site, `http://${otherHost}`),
        `Cookie: sallyport-session=${token}`,
      ]),
    );
    assert.equal(there?.status, 401);
    assert.deepEqual(target.reached(), []);
  });

  it("threat 1: a rightly signed token whose session is another user's opens nothing", async () => {
    const bella = await record(await target.site.signedIn('berta'));
    const session = await record(anna);
    const { token: mixed } = await target.site.gateway.rooms.tokens.issueSession(
      { ...session, user: bella.user },
      `http://localhost:${target.site.port}`,
    );
    assert.deepEqual(await shown(mixed), refused);
    assert.deepEqual(target.reached(), []);
  });

  it('threat 1: a revoked and an expired token open nothing, however often they worked before', async () => {
    const carl = await target.site.signedIn('carl');
    const revoked = carl.cookie('sallyport-session') ?? '';
    assert.equal((await carl.get('/desk/page')).status, 200);
    await carl.call('DELETE', 'session');
    target.reached();
    assert.deepEqual(await shown(revoked), refused);

    const dora = await target.site.signedIn('dora');
    const expired = dora.cookie('sallyport-session') ?? '';
    assert.equal((await dora.get('/desk/page')).status, 200);
    target.reached();
    target.site.clock.jump(target.site.clock.now() + 3_600_000);
    assert.deepEqual(await shown(expired), refused);
    assert.deepEqual(target.reached(), []);
    anna = await target.site.signedIn('anna-again');
    token = anna.cookie('sallyport-session') ?? '';
  });

  it('threat 16b: an assertion is no session, a session no pending sign-in, and a pending token no session', async () => {
    const { site, server } = target;
    await anna.get('/desk/page');
    const assertion = String(server.requests.at(-1)?.headers['x-sallyport-assertion']);
    target.reached();
    assert.deepEqual(await shown(assertion), refused);
    assert.deepEqual(target.reached(), []);

    await site.addUser('paul');
    const paul = site.client();
    await paul.call('POST', 'sign-in', { username: 'paul', password: 'correct horse battery staple' });
    const pending = paul.cookie('sallyport-pending') ?? '';
    const steps: readonly (readonly [string, unknown])[] = [
      ['sign-in/verify', { method: 'app', code: '000000' }],
      ['sign-in/password', { password: 'another good passphrase' }],
      ['enrol/app', {}],
      ['enrol/verify', { method: 'app', code: '000000' }],
    ];
    for (const wrong of [assertion, token]) {
      for (const [path, body] of steps) {
        for (const line of [`Cookie: sallyport-pending=${wrong}`, `Authorization: Bearer ${wrong}`]) {
          const answer = await ask(site, apiCall(site, 'POST', path, body, [line]));
          assert.deepEqual([answer?.status, answer?.json?.code], [401, 'sign-in-expired'], path);
        }
      }
    }
    for (const path of ['account', 'session']) {
      const answer = await ask(
        site,
        message(site, `GET /.sallyport/api/v1/${path}`, [`Cookie: sallyport-session=${pending}`]),
      );
      assert.equal(answer?.status, 401);
    }
  });
});

describe('a way around the gate by malformed cookies', () => {
  let target: Target;
  let anna: SiteClient;
  before(async () => {
    target = await startTarget();
    anna = await target.site.signedIn('anna');
  });
  after(() => target.stop());

  it('threat 4: malformed, doubled, differently spelt and endless cookies are refused, and never passed on', async () => {
    const { site } = target;
    const token = anna.cookie('sallyport-session') ?? '';
    const good = `sallyport-session=${token}`;
    const lists: readonly (readonly string[])[] = [
      [`Cookie: sallyport-session=%00`],
      ['Cookie: sallyport-session=; sallyport-session='],
      ['Cookie: =sallyport-session'],
      ['Cookie: sallyport-session=..'],
      [`Cookie: sallyport-session="${token}"`],
      [`Cookie: sallyport-session=${token} extra`],
      [`Cookie: sallyport-session=${token},x`],
      [`Cookie: Sallyport-Session=${token}`],
      [`Cookie: SALLYPORT-SESSION=${token}; ${good}`],
      [`Cookie: ${good}; ${good}`],
      [`Cookie: ${good}; sallyport-session=`],
      [`Cookie: sallyport-session=x; ${good}`],
      [`Cookie: ${good}`, `Cookie: ${good}`],
      [`Cookie: ${good}`, 'Cookie: theirs=1'],
      ['Cookie: theirs=1', `cookie: ${good}`],
      [`COOKIE: ${good}`, 'cookie: sallyport-session=x'],
      [`Cookie: ${good}`, `Authorization: Bearer ${token}`],
      [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`],
      [`Authorization: Bearer ${token}`, 'Authorization: Basic eDp5'],
      [`Authorization: Bearer\t${token}`],
      [`Authorization: Basic ${token}`],
      [`Authorization: Bearer x, Bearer ${token}`],
      [`Cookie: sallyport-session=${'A'.repeat(8000)}`],
      [`Cookie: sallyport-session=${token}${'A'.repeat(4000)}`],
      [`Cookie: sallyport-session${'='.repeat(50)}${token}`],
      [`Cookie: __Host-sallyport-session=${token}`],
      [`Cookie: sallyport-session\x01=${token}`],
      [`Cookie: sallyport-session\xa0=${token}`],
      [`Cookie: theirs="; sallyport-session=x"; ${good}`],
    ];
    for (const lines of lists) {
      for (const [first, extra] of [
        ['GET /desk/page', []],
        ['GET /desk/ws', handshake(site)],
        ['GET /.sallyport/api/v1/session', []],
      ] as const) {
        const answer = await ask(site, message(site, first, [...extra, ...lines]));
        assert.ok(
          answer === undefined || answer.status === 400 || answer.status === 401,
          `${first} ${lines.map((line) => line.slice(0, 60)).join(' | ')}: ${answer?.status}`,
        );
      }
    }
    assert.deepEqual(target.reached(), [], 'nothing reached the application');
    assert.equal((await anna.get('/desk/page')).status, 200, 'the right cookie does');
  });

  it('threat 4: hundreds of cookies and headers around the right one change nothing, and beyond 16 KB nothing passes', async () => {
    const { site } = target;
    const others = Array.from({ length: 300 }, (_, index) => `c${index}=${index}`).join('; ');
    const around = await ask(
      site,
      message(site, 'GET /desk/page', [`Cookie: ${others}; ${anna.cookieHeader()}; last=1`]),
    );
    assert.equal(around?.status, 200);
    const seen = JSON.parse(around?.text ?? '').headers.cookie as string;
    assert.match(seen, /^c0=0; .*; last=1$/);
    assert.doesNotMatch(seen, /sallyport/i);

    const many = Array.from({ length: 1500 }, (_, index) => `h${index}: 1`);
    const flooded = await ask(site, message(site, 'GET /desk/page', [...many, cookieOf(anna)]));
    assert.ok(flooded?.status === 200 || flooded?.status === 431, String(flooded?.status));
    const over = await ask(
      site,
      message(site, 'GET /desk/page', [cookieOf(anna), `X: ${'x'.repeat(17_000)}`]),
    );
    assert.equal(over?.status, 431);
    target.reached();
  });

  it('threat 4: a second cookie hidden behind thousands of headers is not what an application server gets', async () => {
    const { site, server } = target;
    // Node keeps 2,000 header fields; what it drops must be invisible to the gate and the application alike.
    const many = Array.from({ length: 2100 }, () => 'a:');
    const hidden = await ask(
      site,
      message(site, 'GET /desk/page', [
        cookieOf(anna),
        ...many,
        'Cookie: smuggled=1',
        'X-Sallyport-User: root',
      ]),
    );
    if (hidden?.status === 200) {
      const seen = server.requests.at(-1)?.headers ?? {};
      assert.equal(seen.cookie, undefined);
      assert.equal(seen['x-sallyport-user'], 'anna');
    } else assert.ok((hidden?.status ?? 400) >= 400);
    target.reached();
  });
});
