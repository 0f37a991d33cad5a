import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Refusal } from '../../src/access/index.ts';
import { type ProblemCode, problems } from '../../src/errors.ts';
import type { RefusalContext } from '../../src/portal/index.ts';
import { responseOn } from '../../src/proxy/tunnel-opening.ts';
import { type Answer, type CallOptions, call, type PortalFixture, startPortal } from './portal-fixture.ts';

const refusal = (code: ProblemCode, more: Partial<Refusal> = {}): Refusal => ({
  kind: 'refusal',
  code,
  status: problems[code],
  signIn: false,
  ...more,
});
const user = { key: 'local:alice', name: 'alice', displayName: 'Alice', directory: 'local', groups: [] };
const navigation = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };

describe('what is not carried on', () => {
  let fixture: PortalFixture;
  const server = createServer();
  let host = '';
  let next: { refusal: Refusal; context?: RefusalContext } = { refusal: refusal('internal') };
  before(async () => {
    fixture = await startPortal();
    fixture.applications.push({ name: 'desk', title: 'Desk', url: 'http://desk.example/' });
    server.on('request', (request, response) =>
      fixture.portal.refuse(request, response, next.refusal, next.context),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await fixture.close();
    server.close();
    server.closeAllConnections();
  });

  const send = (
    refused: Refusal,
    options: CallOptions & { method?: string; path?: string; context?: RefusalContext } = {},
  ): Promise<Answer> => {
    next = { refusal: refused, ...(options.context === undefined ? {} : { context: options.context }) };
    const headers = { host: fixture.host, ...options.headers };
    return call(host, fixture.origin, options.method ?? 'GET', options.path ?? '/desk?x=1', {
      ...options,
      headers,
    });
  };

  it('sends a navigation to sign-in and remembers where it wanted to go', async () => {
    const answer = await send(refusal('sign-in-required', { signIn: true }), { headers: navigation });
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, `${fixture.origin}/.sallyport/sign-in?returnTo=%2Fdesk%3Fx%3D1`);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const expired = await send(refusal('sign-in-expired', { signIn: true }), { headers: navigation });
    assert.match(String(expired.headers.location), /&reason=expired$/);
  });

  it('does not carry a target that is too long to come back to', async () => {
    const answer = await send(refusal('sign-in-required', { signIn: true }), {
      headers: navigation,
      path: `/${'x'.repeat(4000)}`,
    });
    assert.equal(answer.headers.location, `${fixture.origin}/.sallyport/sign-in`);
  });

  it('starts a hand-off on the host of an application, with a nonce for this browser', async () => {
    const answer = await send(refusal('sign-in-required', { signIn: true }), {
      headers: { ...navigation, host: 'desk.example' },
    });
    assert.equal(
      answer.headers.location,
      `${fixture.origin}/.sallyport/hand-off?host=desk.example&nonce=${'c'.repeat(43)}&returnTo=%2Fdesk%3Fx%3D1`,
    );
    assert.deepEqual(answer.headers['set-cookie'], [
      `sallyport-handoff=${'n'.repeat(22)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600`,
    ]);
  });

  it('sends a navigation on an unknown host to the portal without any of it', async () => {
    const answer = await send(refusal('sign-in-required', { signIn: true }), {
      headers: { ...navigation, host: 'evil.example' },
    });
    assert.equal(answer.headers.location, `${fixture.origin}/.sallyport/sign-in`);
  });

  it('gives anything but a GET navigation 401 as a problem, never a redirect', async () => {
    for (const options of [
      { headers: { accept: '*/*' } },
      { headers: { 'sec-fetch-mode': 'cors', accept: 'text/html' } },
      { headers: { 'sec-fetch-mode': 'no-cors', accept: 'text/html' } },
      { method: 'POST', headers: { accept: 'application/json' }, body: 'x' },
    ]) {
      const answer = await send(refusal('sign-in-required', { signIn: true }), options);
      assert.equal(answer.status, 401, JSON.stringify(options));
      assert.equal(answer.json.code, 'sign-in-required');
      assert.equal(answer.headers.location, undefined);
    }
    const form = await send(refusal('sign-in-required', { signIn: true }), {
      method: 'POST',
      headers: navigation,
      body: 'x',
    });
    assert.equal(form.status, 401);
    assert.equal(form.headers.location, undefined);
  });

  it('tells a verified user by name which application is not theirs', async () => {
    const refused = refusal('not-assigned', { user });
    const page = await send(refused, {
      headers: navigation,
      context: { application: { name: 'payroll', title: 'Payroll' }, upgrade: false },
    });
    assert.equal(page.status, 403);
    assert.match(page.text, /alice/);
    assert.match(page.text, /Payroll/);
    const problem = await send(refused, {
      context: { application: { name: 'payroll', title: 'Payroll' }, upgrade: false },
    });
    assert.equal(problem.status, 403);
    assert.match(String(problem.json.detail), /alice.*Payroll/);
  });

  it('leads back from a page to the host it was on, and never to an unknown one', async () => {
    const refused = refusal('bad-target');
    const own = await send(refused, { headers: navigation });
    assert.match(own.text, /\/\.sallyport\/sign-in\?returnTo=%2Fdesk%3Fx%3D1"/);
    const application = await send(refused, { headers: { ...navigation, host: 'desk.example' } });
    assert.match(application.text, /sign-in\?returnTo=http%3A%2F%2Fdesk\.example%2Fdesk%3Fx%3D1"/);
    const unknown = await send(refused, { headers: { ...navigation, host: 'evil.example' } });
    assert.match(unknown.text, /\/\.sallyport\/sign-in"/);
    assert.doesNotMatch(unknown.text, /evil/);
    const ours = await send(refused, { headers: navigation, path: '/.sallyport/hand-off?code=x' });
    assert.match(ours.text, /\/\.sallyport\/sign-in"/);
  });

  it('says that the store is down, and when to try again', async () => {
    const refused = refusal('store-unavailable', { retryAfter: 4.2 });
    const page = await send(refused, { headers: navigation });
    assert.equal(page.status, 503);
    assert.equal(page.headers['retry-after'], '5');
    assert.match(page.text, /^<!doctype html>/i);
    const problem = await send(refused);
    assert.equal(problem.headers['retry-after'], '5');
    assert.equal(problem.json.retryAfter, 5);
  });

  it('has a page and a problem for every code there is', async () => {
    for (const code of Object.keys(problems) as ProblemCode[]) {
      const page = await send(refusal(code), { headers: navigation });
      assert.equal(page.status, problems[code], code);
      assert.match(page.text, /^<!doctype html>/i, code);
      const problem = await send(refusal(code));
      assert.equal(problem.json.code, code);
      assert.equal(problem.status, problems[code]);
    }
  });

  it('gives an upgrade that came as a navigation a problem all the same', async () => {
    const answer = await send(refusal('sign-in-required', { signIn: true }), {
      headers: navigation,
      context: { upgrade: true },
    });
    assert.equal(answer.status, 401);
    assert.equal(answer.json.code, 'sign-in-required');
  });

  it('closes the connection behind a body that nobody reads', async () => {
    const answer = await send(refusal('sign-in-required', { signIn: true }), {
      method: 'POST',
      headers: { 'transfer-encoding': 'chunked' },
      body: 'x'.repeat(100_000),
    });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.connection, 'close');
  });
});

describe('an upgrade that is refused', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());

  async function upgrade(refused: Refusal): Promise<string> {
    const server = createServer();
    server.on('upgrade', (request: IncomingMessage, socket) =>
      fixture.portal.refuse(request, responseOn(request, socket), refused, { upgrade: true }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write(
      'GET /session HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\nSec-Fetch-Mode: navigate\r\n\r\n',
    );
    await once(socket, 'close');
    server.close();
    return Buffer.concat(chunks).toString();
  }

  it('gets plain HTTP 401 and the end of the connection, never a redirect', async () => {
    const text = await upgrade(refusal('sign-in-required', { signIn: true }));
    assert.match(text, /^HTTP\/1\.1 401 Unauthorized\r\n/);
    assert.match(text, /\r\nConnection: close\r\n/i);
    assert.doesNotMatch(text, /Location:/i);
    assert.equal(JSON.parse(text.split('\r\n\r\n')[1] ?? '').code, 'sign-in-required');
  });

  it('is told when to try again', async () => {
    const text = await upgrade(refusal('store-unavailable', { retryAfter: 5 }));
    assert.match(text, /^HTTP\/1\.1 503 /);
    assert.match(text, /\r\nRetry-After: 5\r\n/);
  });
});
