import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Answer, type PortalFixture, sendRaw, startPortal, tokens } from './portal-fixture.ts';

const api = '/.sallyport/api/v1/';
const sessionCookie = { cookie: `sallyport-session=${tokens.session}` };

/** Every call that changes something, with a body that its schema accepts. */
const changes: readonly { method: string; path: string; body?: unknown; cookie: string }[] = [
  {
    method: 'POST',
    path: 'sign-in/verify',
    body: { method: 'app', code: '111111' },
    cookie: `sallyport-pending=${tokens.pending}`,
  },
  {
    method: 'POST',
    path: 'session/code',
    body: { method: 'sms' },
    cookie: `sallyport-session=${tokens.session}`,
  },
  {
    method: 'POST',
    path: 'session/renew',
    body: { method: 'app', code: '111111' },
    cookie: `sallyport-session=${tokens.session}`,
  },
  {
    method: 'POST',
    path: 'sign-in/code',
    body: { method: 'sms' },
    cookie: `sallyport-pending=${tokens.pending}`,
  },
  {
    method: 'POST',
    path: 'sign-in/password',
    body: { password: 'a new one' },
    cookie: `sallyport-pending=${tokens.pending}`,
  },
  { method: 'POST', path: 'enrol/app', body: {}, cookie: `sallyport-pending=${tokens.pending}` },
  {
    method: 'POST',
    path: 'enrol/sms',
    body: { phone: '+14155552671' },
    cookie: `sallyport-pending=${tokens.pending}`,
  },
  { method: 'POST', path: 'enrol/email', body: {}, cookie: `sallyport-pending=${tokens.pending}` },
  {
    method: 'POST',
    path: 'enrol/verify',
    body: { method: 'app', code: '111111' },
    cookie: `sallyport-pending=${tokens.pending}`,
  },
  { method: 'DELETE', path: 'session', ...sessionCookie },
  { method: 'POST', path: 'account/app', body: { method: 'app', code: '111111' }, ...sessionCookie },
  { method: 'POST', path: 'account/app/verify', body: { code: '111111' }, ...sessionCookie },
  { method: 'POST', path: 'account/code', body: { method: 'sms' }, ...sessionCookie },
  ...['sms', 'email'].flatMap((kind) => [
    {
      method: 'POST',
      path: `account/${kind}`,
      body: { method: 'app', code: '111111' },
      ...sessionCookie,
    },
    { method: 'POST', path: `account/${kind}/resend`, body: {}, ...sessionCookie },
    { method: 'POST', path: `account/${kind}/verify`, body: { code: '111111' }, ...sessionCookie },
  ]),
  {
    method: 'POST',
    path: 'account/factors/app-1/remove',
    body: { method: 'app', code: '111111' },
    ...sessionCookie,
  },
  { method: 'POST', path: 'account/recovery', body: { method: 'app', code: '111111' }, ...sessionCookie },
  {
    method: 'POST',
    path: 'account/password',
    body: { current: 'old', next: 'new and longer' },
    ...sessionCookie,
  },
  { method: 'DELETE', path: 'account/sessions/session-2', ...sessionCookie },
  { method: 'POST', path: 'account/sign-out-everywhere', body: {}, ...sessionCookie },
];

describe('what another site may have sent', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());
  beforeEach(() => {
    fixture.asked.length = 0;
  });

  const send = (change: (typeof changes)[number], headers: Record<string, string>): Promise<Answer> =>
    fixture.call(change.method, api + change.path, {
      headers: { 'content-type': 'application/json', ...headers },
      ...(change.body === undefined ? {} : { body: JSON.stringify(change.body) }),
    });

  for (const change of changes) {
    it(`never changes anything: ${change.method} ${change.path}`, async () => {
      const { cookie } = change;
      for (const origin of ['https://evil.example', 'null', `${fixture.origin}.evil.example`, undefined]) {
        const answer = await send(change, { cookie, ...(origin === undefined ? {} : { origin }) });
        assert.equal(answer.status, 403, String(origin));
        assert.equal(answer.json.code, 'cross-origin', String(origin));
      }
      assert.deepEqual(fixture.asked, []);
      const own = await send(change, { cookie, origin: fixture.origin });
      assert.notEqual(own.json.code, 'cross-origin');
    });

    it(`may come without an Origin by bearer, but not with a foreign one: ${change.method} ${change.path}`, async () => {
      const authorization = `Bearer ${change.cookie.split('=')[1]}`;
      const foreign = await send(change, { authorization, origin: 'https://evil.example' });
      assert.equal(foreign.json.code, 'cross-origin');
      assert.deepEqual(fixture.asked, []);
      const without = await send(change, { authorization });
      assert.notEqual(without.json.code, 'cross-origin');
      assert.equal(without.headers['set-cookie'], undefined);
    });
  }

  it('cannot sign a browser in as somebody else', async () => {
    const body = JSON.stringify({ username: 'mallory', password: 'right' });
    for (const origin of ['https://evil.example', undefined]) {
      const answer = await fixture.call('POST', `${api}sign-in`, {
        headers: { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) },
        body,
      });
      assert.equal(answer.json.code, 'cross-origin');
    }
    assert.deepEqual(fixture.asked, []);
  });

  it('cannot create the owner', async () => {
    const answer = await fixture.call('POST', `${api}owner`, {
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify({ ticket: 't', username: 'mallory', password: 'right' }),
    });
    assert.equal(answer.json.code, 'cross-origin');
    assert.deepEqual(fixture.asked, []);
  });

  it('is told to the audit log, with where it came from', async () => {
    fixture.recorded.length = 0;
    await fixture.call('DELETE', `${api}session`, {
      headers: { ...sessionCookie, origin: 'https://evil.example', 'user-agent': 'curl/8.1' },
    });
    assert.deepEqual(fixture.recorded, [
      {
        type: 'request.suspicious',
        reason: 'cross-origin',
        origin: { address: '127.0.0.1', browser: 'curl 8' },
      },
    ]);
  });

  it('gets no permission to read an answer', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await fixture.call(method, `${api}session`, {
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'DELETE',
          'access-control-request-headers': 'content-type',
          ...sessionCookie,
        },
      });
      const names = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
      assert.deepEqual(names, []);
    }
  });

  it('cannot register a service worker below our prefix', async () => {
    for (const path of ['assets/worker.js', 'sign-in', 'api/v1/session']) {
      const answer = await fixture.call('GET', `/.sallyport/${path}`, {
        headers: { 'service-worker': 'script', ...sessionCookie },
      });
      assert.equal(answer.json.code, 'service-worker-refused', path);
    }
  });
});

describe('credentials of a call', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());

  const session = `${api}session`;

  it('are refused when there are two', async () => {
    for (const headers of [
      { cookie: `sallyport-session=${tokens.session}; sallyport-session=other` },
      { cookie: `sallyport-session=${tokens.session}; SALLYPORT-SESSION=other` },
      { ...sessionCookie, authorization: `Bearer ${tokens.session}` },
      { cookie: `sallyport-pending=${tokens.pending}`, authorization: `Bearer ${tokens.session}` },
    ]) {
      const answer = await fixture.call('GET', session, { headers });
      assert.equal(answer.status, 400, JSON.stringify(headers));
      assert.equal(answer.json.code, 'ambiguous-credentials');
    }
  });

  it('are read from one Cookie header only', async () => {
    const text = await sendRaw(
      fixture.host,
      `GET ${session} HTTP/1.1\r\nHost: ${fixture.host}\r\nConnection: close\r\nCookie: sallyport-session=${tokens.session}\r\nCookie: sallyport-session=other\r\n\r\n`,
    );
    assert.match(text, /^HTTP\/1\.1 400 /);
    assert.match(text, /ambiguous-credentials/);
  });

  it('are 401 when missing, empty, unknown, overlong or of another kind, and never let in', async () => {
    for (const headers of [
      {},
      { cookie: 'sallyport-session=' },
      { cookie: 'sallyport-session=unknown' },
      { cookie: `Sallyport-Session=${tokens.session}x` },
      { cookie: `sallyport-pending=${tokens.pending}` },
      { cookie: `sallyport-session=${'x'.repeat(5000)}` },
      { cookie: `__Host-sallyport-session=${tokens.session}` },
      { authorization: `Bearer ${tokens.pending}` },
      { authorization: 'Basic YWxpY2U6c2VjcmV0' },
      { authorization: 'Bearer' },
    ]) {
      const answer = await fixture.call('GET', session, { headers: { ...headers } });
      assert.ok([400, 401].includes(answer.status), JSON.stringify(headers));
      assert.ok(['sign-in-required', 'ambiguous-credentials'].includes(answer.json.code ?? ''));
    }
  });

  it('name Bearer as the way to bring them', async () => {
    const answer = await fixture.call('GET', session);
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="sallyport"');
  });
});

describe('the body of a call', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());
  beforeEach(() => {
    fixture.asked.length = 0;
  });

  const signIn = `${api}sign-in`;
  const right = { username: 'alice', password: 'right' };
  const send = (body: string, headers: Record<string, string> = {}) =>
    fixture.call('POST', signIn, {
      headers: { 'content-type': 'application/json', origin: fixture.origin, ...headers },
      body,
    });

  it('has to be declared as JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'application/jsonp',
      'application/json, text/plain',
      '',
    ]) {
      const answer = await send(JSON.stringify(right), { 'content-type': type });
      assert.equal(answer.status, 415, type);
    }
    const encoded = await send(JSON.stringify(right), { 'content-encoding': 'gzip' });
    assert.equal(encoded.status, 415);
    const charset = await send(JSON.stringify(right), {
      'content-type': 'Application/JSON; charset="UTF-8"',
    });
    assert.equal(charset.status, 200);
  });

  it('has at most 16 KB, announced or not', async () => {
    const large = JSON.stringify({ ...right, returnTo: `/${'x'.repeat(17_000)}` });
    const announced = await send(large);
    assert.equal(announced.status, 413);
    const chunked = await send(large, { 'transfer-encoding': 'chunked' });
    assert.equal(chunked.status, 413);
    assert.equal(chunked.headers.connection, 'close');
  });

  it('is one JSON text of the asked shape and nothing more', async () => {
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '"alice"',
      '{"username":"alice"}',
      '{"username":"alice","password":""}',
      '{"username":"alice","password":7}',
      '{"username":["alice"],"password":"right"}',
      '{"username":"alice","password":"right","admin":true}',
      '{"username":"alice","password":"right","__proto__":{"shared":true}}',
      '{"username":"alice","password":"right","constructor":{}}',
      '{"username":"alice","password":"right"}{}',
      `{"username":"${'a'.repeat(257)}","password":"right"}`,
      `{"username":"alice","password":"${'a'.repeat(1025)}"}`,
      `${'['.repeat(8000)}${']'.repeat(8000)}`,
    ]) {
      const answer = await send(body);
      assert.equal(answer.status, 400, body.slice(0, 60));
      assert.equal(answer.json.code, 'invalid-request');
    }
  });

  it('never comes back in the answer, but for the names of its fields', async () => {
    const answer = await send('{"username":7,"password":"hunter2-hunter2","hunter3":1}');
    assert.doesNotMatch(answer.text, /hunter/);
    assert.deepEqual(answer.json.issues, [
      { path: 'username', rule: 'invalid_type' },
      { path: '', rule: 'unrecognized_keys' },
    ]);
  });

  it('has to be UTF-8', async () => {
    const text = await sendRaw(
      fixture.host,
      `POST ${signIn} HTTP/1.1\r\nHost: ${fixture.host}\r\nConnection: close\r\nOrigin: ${fixture.origin}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n\xff\xfe`,
    );
    assert.match(text, /^HTTP\/1\.1 400 /);
  });

  it('that breaks off changes nothing and crashes nothing', async () => {
    await sendRaw(
      fixture.host,
      `POST ${signIn} HTTP/1.1\r\nHost: ${fixture.host}\r\nOrigin: ${fixture.origin}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"username":`,
    );
    assert.deepEqual(fixture.asked, []);
    assert.equal((await send(JSON.stringify(right))).status, 200);
  });
});

describe('methods and addresses', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());

  it('answer 405 with what is allowed', async () => {
    const answer = await fixture.call('PUT', `${api}session`);
    assert.equal(answer.status, 405);
    assert.equal(answer.json.code, 'method-not-allowed');
    assert.equal(answer.headers.allow, 'HEAD, GET, DELETE, OPTIONS');
    const get = await fixture.call('GET', `${api}sign-in`);
    assert.equal(get.status, 405);
    assert.equal(get.headers.allow, 'POST, OPTIONS');
  });

  it('answer OPTIONS with what is allowed, and nothing else', async () => {
    const answer = await fixture.call('OPTIONS', `${api}sign-in`);
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.allow, 'POST, OPTIONS');
  });

  it('answer HEAD like GET without the body, and without doing anything', async () => {
    const answer = await fixture.call('HEAD', `${api}session`, { headers: sessionCookie });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '');
    fixture.asked.length = 0;
    await fixture.call('HEAD', '/.sallyport/sign-out', {
      headers: {
        ...sessionCookie,
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    });
    assert.deepEqual(fixture.asked, []);
  });

  it('that nobody knows are 404, as a problem or as a page', async () => {
    for (const path of [
      'api/v1/nothing',
      'api/v2/session',
      'sign-in/',
      'Sign-In',
      'assets/../../package.json',
      '%',
    ]) {
      const problem = await fixture.call('GET', `/.sallyport/${path}`);
      assert.equal(problem.status, 404, path);
      assert.equal(problem.json.code, 'not-found', path);
    }
    const page = await fixture.call('GET', '/.sallyport/nowhere', { headers: { accept: 'text/html' } });
    assert.equal(page.status, 404);
    assert.match(page.text, /^<!doctype html>/i);
    const api404 = await fixture.call('GET', `${api}nowhere`, { headers: { accept: 'text/html' } });
    assert.equal(api404.json.code, 'not-found');
  });

  it('describe themselves as OpenAPI 3.1', async () => {
    const answer = await fixture.call('GET', '/.sallyport/api/openapi.json');
    const document = answer.json as unknown as {
      openapi: string;
      paths: Record<string, Record<string, { requestBody?: object; responses: object }>>;
    };
    assert.equal(document.openapi, '3.1.0');
    const calls = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path.replace('/.sallyport/api/v1/', '')}`),
    );
    assert.deepEqual(
      calls.sort(),
      [
        ...changes.map(({ method, path }) =>
          `${method.toLowerCase()} ${path}`
            .replace('app-1', '{id}')
            .replace('sessions/session-2', 'sessions/{id}'),
        ),
        'get account',
        'get session',
        'post owner',
        'post sign-in',
        'post sign-in/terms',
      ].sort(),
    );
    assert.ok('429' in (document.paths['/.sallyport/api/v1/sign-in/verify']?.post?.responses ?? {}));
  });

  it('publish the keys of assertions', async () => {
    const answer = await fixture.call('GET', '/.sallyport/jwks.json');
    assert.equal(answer.headers['content-type'], 'application/jwk-set+json');
    assert.deepEqual(answer.json, { keys: [] });
  });
});
