import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { SMTPServerOptions } from 'smtp-server';
import { DeliveryFailure } from '../../src/delivery/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { startMailServer } from '../support/mail-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { deliverySite, subscription } from './delivery-site.ts';

const secret = 'hunter2 but longer';
const mail = {
  subscription,
  to: 'alice@example.com',
  subject: 'Your verification code',
  text: 'Your code is 493817',
};

/** Senders, and a real SMTP server with a certificate for `localhost` that asks for a password. */
async function mailSite(t: TestContext, options: SMTPServerOptions = {}) {
  const folder = scratchFolder();
  t.after(() => folder.remove());
  const files = makeCertificate(folder.path);
  const [key, cert] = [readFileSync(files.key, 'utf8'), readFileSync(files.cert, 'utf8')];
  const server = await startMailServer({
    key,
    cert,
    authOptional: false,
    onAuth({ username = '', password }, _session, done) {
      const right = username === 'sallyport' && password === secret;
      done(right ? null : new Error(`Invalid username or password: ${password}`), { user: username });
    },
    ...options,
  });
  t.after(() => server.close());
  const site = await deliverySite(t);
  const configure = (more: Record<string, unknown> = {}): Promise<void> =>
    site.delivery.change(
      subscription,
      'email',
      {
        host: 'localhost',
        port: server.port,
        security: 'starttls',
        user: 'sallyport',
        secret,
        ca: cert,
        from: 'codes@example.com',
        fromName: 'Example Corp',
        ...more,
      },
      'cli',
    );
  return { ...site, server, configure };
}

async function failureOf(sending: Promise<void>) {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    const cause = error.cause instanceof DeliveryFailure ? error.cause : undefined;
    return { code: error.code, kind: cause?.kind, providerError: cause?.providerError };
  }
  throw new assert.AssertionError({ message: 'it was sent' });
}

/** A server that says what it is told to whoever connects. */
async function listen(t: TestContext, serve: (socket: Socket) => void): Promise<Server & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  return Object.assign(server, { port: typeof address === 'object' && address !== null ? address.port : 0 });
}

const plain = { security: 'none', user: undefined, secret: undefined, ca: undefined } as const;

describe('a mail', () => {
  it('arrives over STARTTLS, after the password, as text and HTML', async (t) => {
    const { delivery, server, events, configure } = await mailSite(t);
    assert.equal(delivery.configured(subscription, 'email'), false);
    await configure();
    assert.equal(delivery.configured(subscription, 'email'), true);
    await delivery.sendEmail({ ...mail, user: 'local:alice', html: '<p>Your code is <b>493817</b></p>' });
    const [taken] = server.taken;
    assert.ok(taken);
    assert.deepEqual([taken.secure, taken.user], [true, 'sallyport']);
    assert.deepEqual([taken.from, taken.to], ['codes@example.com', ['alice@example.com']]);
    assert.equal(taken.headers.get('from'), 'Example Corp <codes@example.com>');
    assert.equal(taken.headers.get('to'), 'alice@example.com');
    assert.equal(taken.headers.get('auto-submitted'), 'auto-generated');
    assert.deepEqual([taken.subject, taken.text], [mail.subject, mail.text]);
    assert.equal(taken.html, '<p>Your code is <b>493817</b></p>');
    assert.deepEqual(events.at(-1), {
      type: 'message.sent',
      subscription,
      channel: 'email',
      purpose: 'code',
      to: 'a•••@example.com',
      user: 'local:alice',
    });
  });

  it('arrives over TLS from the first byte, and in clear where that is named', async (t) => {
    const secure = await mailSite(t, { secure: true });
    await secure.configure({ security: 'tls' });
    await secure.delivery.sendEmail(mail);
    assert.equal(secure.server.taken[0]?.secure, true);
    const open = await mailSite(t, { authOptional: true, hideSTARTTLS: true });
    await open.configure(plain);
    await open.delivery.sendEmail(mail);
    assert.equal(open.server.taken[0]?.secure, false);
  });

  it('keeps what people write in other alphabets', async (t) => {
    const { delivery, server, configure } = await mailSite(t);
    await configure({ fromName: 'Société Générée 例' });
    const french = { subject: 'Votre code de vérification', text: 'Voici : 493817 — à bientôt\n\nÉquipe' };
    await delivery.sendEmail({ ...mail, to: 'zoë@bücher.example', ...french });
    const [taken] = server.taken;
    assert.deepEqual(taken?.to, ['zoë@bücher.example']);
    assert.equal(taken?.headers.get('from'), 'Société Générée 例 <codes@example.com>');
    assert.deepEqual([taken?.subject, taken?.text], [french.subject, french.text]);
  });

  it('is never sent without encryption that was asked for', async (t) => {
    const { delivery, server, configure } = await mailSite(t, {
      disabledCommands: ['STARTTLS'],
      authOptional: true,
    });
    await configure();
    const failure = await failureOf(delivery.sendEmail(mail));
    assert.deepEqual([failure.code, failure.kind], ['sender-unavailable', 'insecure']);
    assert.equal(server.taken.length, 0);
  });

  for (const security of ['starttls', 'tls'] as const) {
    it(`is never handed to a server whose certificate is not trusted (${security})`, async (t) => {
      const { delivery, server, configure, told } = await mailSite(t, { secure: security === 'tls' });
      await configure({ security, ca: undefined });
      assert.equal((await failureOf(delivery.sendEmail(mail))).kind, 'insecure');
      // Trusted, but for another name.
      await configure({ security, host: '127.0.0.1' });
      assert.equal((await failureOf(delivery.sendEmail(mail))).kind, 'insecure');
      assert.equal(server.taken.length, 0);
      assert.ok(!told().includes(secret));
    });
  }

  it('is not sent with a wrong password, or to a server that does not ask for one', async (t) => {
    const strict = await mailSite(t);
    await strict.configure({ secret: 'not the password' });
    const failure = await failureOf(strict.delivery.sendEmail(mail));
    assert.deepEqual(failure, { code: 'sender-unavailable', kind: 'credentials', providerError: '535' });
    // The server of this test repeats it.
    assert.ok(!strict.told().includes('not the password'), strict.told());
    assert.match(strict.told(), /535 Invalid username or password: …/);
    const lax = await mailSite(t, { authOptional: true, disabledCommands: ['AUTH'] });
    await lax.configure();
    assert.equal((await failureOf(lax.delivery.sendEmail(mail))).kind, 'credentials');
    assert.equal(lax.server.taken.length, 0);
  });

  it('cannot be turned into another one by line breaks or commas', async (t) => {
    const { delivery, server, configure } = await mailSite(t);
    await configure();
    const bcc = 'Code\r\nBcc: mallory@example.com\r\n\r\nHello';
    await delivery.sendEmail({
      ...mail,
      subject: bcc,
      text: '.\r\nQUIT\r\n.\r\nMAIL FROM:<mallory@example.com>',
    });
    const [taken] = server.taken;
    assert.equal(taken?.headers.has('bcc'), false);
    assert.equal(taken?.subject, 'Code Bcc: mallory@example.com Hello');
    assert.deepEqual(taken?.to, ['alice@example.com']);
    for (const to of [
      'alice@example.com, mallory@example.com',
      'alice@example.com\r\nRCPT TO:<mallory@example.com>',
      'mallory@example.com <alice@example.com>',
      '"a@b"@example.com',
    ]) {
      assert.equal((await failureOf(delivery.sendEmail({ ...mail, to }))).code, 'invalid-address', to);
    }
    assert.equal(server.taken.length, 1);
    for (const fromName of ['A\r\nBcc: mallory@example.com', 'A\u2028B']) {
      await assert.rejects(configure({ fromName }), { code: 'invalid-setting' });
    }
  });

  it('is refused like the server refuses it', async (t) => {
    const refuse = (status: number, words: string) =>
      Object.assign(new Error(words), { responseCode: status });
    for (const [hook, status, code, kind] of [
      ['onRcptTo', 550, 'invalid-address', 'recipient'],
      ['onRcptTo', 452, 'sender-unavailable', 'provider-trouble'],
      ['onMailFrom', 553, 'sender-unavailable', 'sender'],
      ['onConnect', 421, 'sender-unavailable', 'provider-trouble'],
    ] as const) {
      const { delivery, configure, events, told } = await mailSite(t, {
        [hook]: (_first: unknown, ...rest: unknown[]) => {
          const done = rest.at(-1);
          if (typeof done === 'function') done(refuse(status, '<alice@example.com>: not for 493817'));
        },
      });
      await configure();
      const failure = await failureOf(delivery.sendEmail(mail));
      assert.deepEqual(failure, { code, kind, providerError: String(status) }, hook);
      assert.equal(events.at(-1)?.type, 'message.failed');
      assert.ok(!told().includes('alice@'), told());
      assert.ok(!told().includes('493817'), told());
    }
  });

  it('fails in order when the server is not there, says nothing, or says anything', async (t) => {
    const { clock, delivery, configure } = await mailSite(t);
    const port = await freePort();
    await configure({ ...plain, host: '127.0.0.1', port });
    assert.deepEqual(await failureOf(delivery.sendEmail(mail)), {
      code: 'sender-unavailable',
      kind: 'unreachable',
      providerError: 'ESOCKET',
    });
    const silent = await listen(t, () => {});
    await configure({ ...plain, host: '127.0.0.1', port: silent.port });
    const connected = once(silent, 'connection');
    const failing = failureOf(delivery.sendEmail(mail));
    await connected;
    clock.advance(10_000);
    assert.equal((await failing).kind, 'no-answer');
    for (const greeting of [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      '\0\0\0\r\n',
      `220 ${'x'.repeat(100_000)}\r\n`,
    ]) {
      const strange = await listen(t, (socket) => socket.end(greeting));
      await configure({ ...plain, host: '127.0.0.1', port: strange.port });
      assert.equal((await failureOf(delivery.sendEmail(mail))).code, 'sender-unavailable');
    }
  });

  it('is sent at most once when the connection breaks after the mail was handed over', async (t) => {
    let handed = 0;
    const broken = await startMailServer({
      onData(stream, session) {
        stream.resume().once('end', () => {
          handed += 1;
          void session;
          stream.destroy();
        });
      },
    });
    t.after(() => broken.close());
    const { clock, delivery, configure, events } = await mailSite(t);
    await configure({ ...plain, host: '127.0.0.1', port: broken.port });
    const failing = failureOf(delivery.sendEmail(mail));
    while (handed === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10_000);
    assert.equal((await failing).kind, 'no-answer');
    assert.equal(handed, 1);
    assert.equal(events.at(-1)?.type, 'message.failed');
  });

  it('waits for one of five connections', async (t) => {
    let open = 0;
    let most = 0;
    const { delivery, server, configure } = await mailSite(t, {
      authOptional: true,
      onConnect(_session, done) {
        open += 1;
        most = Math.max(most, open);
        done();
      },
      onClose() {
        open -= 1;
      },
    });
    await configure(plain);
    await Promise.all(Array.from({ length: 12 }, () => delivery.sendEmail(mail)));
    assert.equal(server.taken.length, 12);
    assert.ok(most > 1 && most <= 5, `${most} connections at once`);
  });
});
