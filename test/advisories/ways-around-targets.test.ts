import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { SiteClient } from '../support/site-client.ts';
import {
  ask,
  cookieOf,
  handshake,
  Line,
  message,
  type RawAnswer,
  startTarget,
  type Target,
} from './target.ts';

/** Spellings by which a lenient server might take a path for one of ours, or of another application. */
const doors = [
  '//.sallyport/api/v1/session',
  '///.sallyport/api/v1/session',
  '/./.sallyport/api/v1/session',
  '/%2e/.sallyport/api/v1/session',
  '/%2esallyport/api/v1/session',
  '/%2Esallyport/api/v1/session',
  '/%252esallyport/api/v1/session',
  '/%25252esallyport/api/v1/session',
  '/.sallyport%2fapi%2fv1%2fsession',
  '/.sallyport%5capi%5cv1%5csession',
  '/.SALLYPORT/api/v1/session',
  '/.Sallyport/sign-in',
  '/.s%61llyport/sign-in',
  '/.sallyport;x=1/api/v1/session',
  '/;x/.sallyport/sign-in',
  '/.sallyport\\api\\v1\\session',
  '\\.sallyport\\api',
  '/desk/../.sallyport/api/v1/session',
  '/desk/%2e%2e/.sallyport/api/v1/session',
  '/desk/..%2f.sallyport/api/v1/session',
  '/desk/..;/.sallyport/api/v1/session',
  '/desk/.%2e/.sallyport/',
  '/.sallyport%00/',
  '/%c0%ae%c0%ae/.sallyport/',
  '/.sallyport/../desk/page',
  '/.sallyport/..%2fdesk/page',
  '/.sallyport/%2e%2e/desk/page',
  '/.sallyport/..;/desk/page',
  '/.sallyport/..\\desk\\page',
  '/.sallyport/%5c../desk/page',
];

const elsewhere = [
  '//desk/page',
  '/desk//page',
  '/desk/./page',
  '/desk/../vault/page',
  '/desk/..%2fvault/page',
  '/desk/..%5cvault/page',
  '/desk/%2e%2e/vault/page',
  '/desk/.%2E/vault/page',
  '/desk/%252e%252e/vault/page',
  '/desk/..;a=b/vault/page',
  '/desk/;/../vault/page',
  '/desk/%2e%2e%2fvault/page',
  '/desk/%c0%ae%c0%ae/vault/page',
  '/desk/%e0%80%ae%e0%80%ae/vault/page',
  '/desk/..\\vault\\page',
  '/desk%2f..%2fvault/page',
  '/desk%2fpage',
  '/desk;x/page',
  '/DESK/page',
  '/Desk/page',
  '/%64esk/page',
  '/%2564esk/page',
  '/desk%00/page',
  '/desk/%zz',
  '/desk/%',
  '/desk/page%0d%0aX-Injected:%201',
  '/desk/page#/../../vault',
  '/desk/page#',
  'desk/page',
  '*',
  '?/desk/page',
  '.',
  '..',
];

describe('a way around the gate by another spelling of the target', () => {
  let target: Target;
  let anna: SiteClient;
  const site = () => target.site;
  before(async () => {
    target = await startTarget({ root: true });
    anna = await site().signedIn('anna');
  });
  after(() => target.stop());
  beforeEach(() => {
    target.reached();
  });

  /** What the site says to one target: as a page, as an upgrade, with and without a session. */
  async function tried(spelling: string): Promise<(RawAnswer | undefined)[]> {
    const answers: (RawAnswer | undefined)[] = [];
    for (const lines of [[], [cookieOf(anna)], handshake(site()), [...handshake(site()), cookieOf(anna)]]) {
      answers.push(await ask(site(), message(site(), `GET ${spelling}`, lines)));
    }
    return answers;
  }

  it('threat 5: no spelling of our own prefix reaches an application or leaves the portal', async () => {
    for (const spelling of doors) {
      for (const answer of await tried(spelling)) {
        assert.ok(
          [400, 401, 404, undefined].includes(answer?.status),
          `${spelling}: ${answer?.status} ${answer?.text.slice(0, 200)}`,
        );
      }
      assert.deepEqual(target.reached(), [], spelling);
    }
  });

  it('threat 5: no spelling of a path reaches an application by the route of another', async () => {
    for (const spelling of elsewhere) {
      for (const answer of await tried(spelling)) {
        assert.ok(
          [400, 401, 403, 404, undefined].includes(answer?.status),
          `${spelling}: ${answer?.status} ${answer?.text.slice(0, 200)}`,
        );
      }
      assert.deepEqual(target.reached(), [], spelling);
    }
  });

  it('threat 5: what is forwarded is forwarded byte by byte, so that nobody sees another path than the gate', async () => {
    for (const path of [
      '/desk/a%20b',
      '/desk/caf%C3%A9?q=../..//%2e%2e#'.slice(0, -1),
      '/desk/a;b=c',
      '/desk?',
      '/desk/~x/.y',
    ]) {
      const answer = await ask(site(), message(site(), `GET ${path}`, [cookieOf(anna)]));
      assert.equal(answer?.status, 200, path);
      assert.deepEqual(target.reached(), [path]);
    }
  });

  it('threat 5: absolute-form and authority-form targets are refused, whatever host they name', async () => {
    const { port } = site();
    for (const form of [
      `http://localhost:${port}/desk/page`,
      `http://localhost:${port}/.sallyport/api/v1/session`,
      `HTTP://localhost:${port}/desk/page`,
      'http://127.0.0.1/desk/page',
      'https://docs.localhost/x',
      'http://evil.example/desk/page',
      'http:///desk/page',
      'file:///etc/passwd',
      'localhost:80',
      `localhost:${port}/desk/page`,
    ]) {
      for (const answer of await tried(form)) {
        assert.ok([400, undefined].includes(answer?.status), `${form}: ${answer?.status}`);
      }
    }
    assert.deepEqual(target.reached(), []);
  });

  it('threat 5: TRACE, CONNECT and unknown methods never reach an application', async () => {
    for (const line of [
      'TRACE /desk/page',
      'CONNECT /desk/page',
      `CONNECT localhost:${site().port}`,
      'TRACK /desk/page',
      'desk /desk/page',
      'get /desk/page',
    ]) {
      const answer = await ask(site(), message(site(), line, [cookieOf(anna)]));
      assert.ok([400, 405, undefined].includes(answer?.status), `${line}: ${answer?.status}`);
    }
    assert.deepEqual(target.reached(), []);
    const trace = await ask(site(), message(site(), 'TRACE /.sallyport/api/v1/session', [cookieOf(anna)]));
    assert.equal(trace?.status, 405);
    assert.doesNotMatch(trace?.text ?? '', /eyJ/, 'and echoes no cookie');
  });

  it('threat 5: other spellings of a host are somewhere else: no session is good there, and no code is handed over', async () => {
    const { port } = site();
    const token = anna.cookieHeader();
    const spellings = [
      `LOCALHOST:${port}`,
      `localhost.:${port}`,
      'localhost',
      'localhost:80',
      'localhost:',
      `localhost:0${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      `user@localhost:${port}`,
      `localhost:${port}@evil.example`,
      `evil.example`,
      `localhost:${port},evil.example`,
      `localhost:${port} evil.example`,
      `localhost:${port}/desk`,
      `xn--localhost:${port}`,
      `vault.docs.localhost:${port}`,
      `docs.localhost.:${port}`,
      '',
    ];
    for (const host of spellings) {
      const same = host.toLowerCase() === `localhost:${port}`;
      const lines = [`Host: ${host}`, `Cookie: ${token}`];
      for (const [first, more] of [
        ['GET /desk/page', []],
        ['GET /vault/page', []],
        ['GET /desk/ws', handshake(site(), `http://${host}`)],
        ['GET /.sallyport/api/v1/session', []],
        [`GET /.sallyport/hand-off?host=${target.otherHost}&nonce=${'A'.repeat(43)}`, []],
      ] as const) {
        const answer = await ask(site(), message(site(), first, [...lines, ...more]));
        if (same) continue;
        assert.ok([400, 401, 404, undefined].includes(answer?.status), `${host} ${first}: ${answer?.status}`);
      }
      const reached = target.reached();
      if (!same) assert.deepEqual(reached, [], host);
    }
  });

  it('threat 5: a second Host, or none, is refused', async () => {
    const { port } = site();
    const twice = [`Host: localhost:${port}`, `Host: ${target.otherHost}`];
    for (const [first, lines] of [
      ['GET /desk/page', twice],
      ['GET /desk/page', [...twice].reverse()],
      ['GET /desk/ws', [...twice, ...handshake(site())]],
      ['GET /.sallyport/api/v1/session', twice],
      ['GET /.sallyport/sign-in', twice],
      ['GET /.sallyport/sign-in', [...twice].reverse()],
    ] as const) {
      const answer = await ask(site(), message(site(), first, [...lines, cookieOf(anna)]));
      assert.ok([400, undefined].includes(answer?.status), `${first}: ${answer?.status}`);
    }
    const none = await ask(site(), `GET /desk/page HTTP/1.1\r\n${cookieOf(anna)}\r\n\r\n`);
    assert.equal(none?.status, 400);
    const old = await ask(site(), `GET /desk/page HTTP/1.0\r\n${cookieOf(anna)}\r\n\r\n`);
    assert.ok([400, 401].includes(old?.status ?? 0), String(old?.status));
    assert.deepEqual(target.reached(), []);
  });

  it('threat 6: headers that pose as a proxy, a rewrite or a health check open nothing', async () => {
    const poses = [
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Host: localhost',
      'X-Forwarded-Uri: /.sallyport/sign-in',
      'X-Forwarded-Prefix: /.sallyport',
      'X-Forwarded-Proto: https',
      'X-Forwarded-User: olivia',
      'X-Forwarded-Access-Token: x',
      'Forwarded: for=127.0.0.1;host=localhost;proto=https',
      'X-Real-IP: 127.0.0.1',
      'X-Original-URL: /.sallyport/sign-in',
      'X-Original-Uri: /.sallyport/sign-in',
      'X-Rewrite-URL: /.sallyport/sign-in',
      'X-HTTP-Method-Override: OPTIONS',
      'X-Sallyport-User: olivia',
      'X-Sallyport-Assertion: eyJhbGciOiJub25lIn0.e30.',
      'X_Sallyport_User: olivia',
      'x-sallyport_user: olivia',
      'X-SALLYPORT-USER: olivia',
      'Remote-User: olivia',
      'X-Auth-Request-User: olivia',
      'User-Agent: kube-probe/1.30',
      'User-Agent: GoogleHC/1.0',
      'User-Agent: ELB-HealthChecker/2.0',
      'User-Agent: Sallyport',
      'Via: 1.1 localhost',
      'X-Forwarded-Client-Cert: By=x',
      'Authorization: Basic b2xpdmlhOnBhc3N3b3Jk',
      'Purpose: prefetch',
      'Sec-Fetch-Site: none',
      'Origin: null',
    ];
    for (const pose of [
      ...poses,
      poses.filter((line) => !/^(origin|user-agent|authorization)/i.test(line)).join('\r\n'),
    ]) {
      const page = await ask(site(), message(site(), 'GET /desk/page', [pose]));
      assert.equal(page?.status, 401, pose);
      const upgrade = await ask(site(), message(site(), 'GET /desk/ws', [...handshake(site()), pose]));
      assert.ok([400, 401].includes(upgrade?.status ?? 0), `${pose}: ${upgrade?.status}`);
      const options = await ask(site(), message(site(), 'OPTIONS /desk/page', [pose]));
      assert.equal(options?.status, 401, pose);
    }
    for (const path of [
      '/ping',
      '/healthz',
      '/readyz',
      '/metrics',
      '/oauth2/auth',
      '/favicon.ico',
      '/robots.txt',
    ]) {
      for (const agent of ['kube-probe/1.30', 'GoogleHC/1.0']) {
        const answer = await ask(site(), message(site(), `GET ${path}`, [`User-Agent: ${agent}`]));
        assert.equal(answer?.status, 401, path);
      }
    }
    assert.deepEqual(target.reached(), []);
  });

  it('threat 6: what an application is told about the user and the client comes from the gateway alone, in whatever spelling somebody else says it', async () => {
    const lies = [
      'X-Sallyport-User: root',
      'x-sallyport-groups: admins',
      'X_Sallyport_User: root',
      'X-Sallyport_User: root',
      'X.Sallyport.User: root',
      'X-SALLYPORT-ASSERTION: eyJ',
      'X-Sallyport-Anything: 1',
      'X-Forwarded-For: 10.0.0.1',
      'X_Forwarded_For: 10.0.0.1',
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Anything: 1',
      'Forwarded: for=10.0.0.1',
      'X-Real-IP: 10.0.0.1',
      'X_Real_Ip: 10.0.0.1',
      'X-Original-URL: /vault',
      'X-Rewrite-URL: /vault',
      'Connection: X-Sallyport-User, X-Forwarded-For, X-Sallyport-Assertion, Host, keep-alive',
      'Proxy-Authorization: Basic eDp5',
      'TE: trailers',
    ];
    const answer = await ask(site(), message(site(), 'GET /desk/page', [...lies, cookieOf(anna)]));
    assert.equal(answer?.status, 200);
    const { headers } = JSON.parse(answer?.text ?? '');
    const told = Object.fromEntries(
      Object.entries(headers).filter(([name]) =>
        /sallyport|forwarded|real|origin|rewrite|proxy|^te$/.test(name),
      ),
    );
    assert.match(String(told['x-sallyport-assertion']), /^eyJ[\w-]+\.[\w-]+\.[\w-]{86}$/);
    delete told['x-sallyport-assertion'];
    assert.deepEqual(told, {
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `localhost:${site().port}`,
      'x-sallyport-user': 'anna',
      'x-sallyport-groups': '',
    });
    assert.equal(headers.host, `localhost:${site().port}`);
    target.reached();
  });

  it('threat 6: an upgrade carries the same identity and none of the lies', async () => {
    const line = new Line(site().port).send(
      message(site(), 'GET /desk/ws', [
        ...handshake(site()),
        cookieOf(anna),
        'X-Sallyport-User: root',
        'X_Sallyport_Groups: admins',
        'X-Forwarded-For: 10.0.0.1',
      ]),
    );
    assert.equal((await line.answer())?.status, 101);
    line.hangUp();
    const headers = target.server.requests.at(-1)?.headers ?? {};
    assert.equal(headers['x-sallyport-user'], 'anna');
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(headers.cookie, undefined);
    assert.ok(!Object.keys(headers).some((name) => name.includes('_')));
    target.reached();
  });
});
