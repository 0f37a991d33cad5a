import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import type { Clock } from '../../src/clock.ts';
import { decodeBase32 } from '../../src/second-factors/base32.ts';
import { stepLength, totp, totpKey } from '../../src/second-factors/index.ts';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come
  readonly json: any;
};

export type Wish = {
  readonly body?: unknown;
  readonly headers?: Record<string, string | string[]>;
  /** Which of the site's hosts; default the portal's. */
  readonly host?: string;
};

/** A WebSocket whose messages wait until they are asked for. */
export type Tunnel = {
  send(message: string | Buffer): void;
  /** The next message, in order. */
  next(): Promise<string>;
  /** Resolves when the other side has ended it. */
  readonly closed: Promise<void>;
  isOpen(): boolean;
  close(): void;
};

function tunnelOver(socket: WebSocket): Tunnel {
  const arrived: string[] = [];
  const asked: ((message: string) => void)[] = [];
  socket.on('message', (message) => {
    const give = asked.shift();
    if (give === undefined) arrived.push(String(message));
    else give(String(message));
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    send: (message) => socket.send(message),
    next: () => {
      const message = arrived.shift();
      return message === undefined ? new Promise((resolve) => asked.push(resolve)) : Promise.resolve(message);
    },
    closed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.close(),
  };
}

/** One browser, as far as cookies and codes go: everything else is the raw HTTP that it would send. */
export class SiteClient {
  /** Cookies by host, then by name. */
  readonly cookies = new Map<string, Map<string, string>>();
  /** The Base32 key in this person's authenticator app. */
  secret = '';
  readonly #port: number;
  readonly #clock: Clock;
  readonly #scheme: 'http' | 'https';
  readonly portalHost: string;

  /** With `https` any certificate will do. `portalHost`: where a load balancer stands before the gateway at `port`. */
  constructor(
    port: number,
    clock: Clock,
    scheme: 'http' | 'https' = 'http',
    portalHost = `localhost:${port}`,
  ) {
    this.#port = port;
    this.#clock = clock;
    this.#scheme = scheme;
    this.portalHost = portalHost;
  }

  get(path: string, wish: Wish = {}): Promise<Answer> {
    return this.send('GET', path, wish);
  }

  /** A call of the portal's API, below `/.sallyport/api/v1/`. */
  call(method: string, path: string, body?: unknown, headers: Wish['headers'] = {}): Promise<Answer> {
    return this.send(method, `/.sallyport/api/v1/${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: { origin: `${this.#scheme}://${this.portalHost}`, ...headers },
    });
  }

  /** What a person who follows a link sends. */
  navigate(path: string, wish: Wish = {}): Promise<Answer> {
    const headers = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    return this.get(path, { ...wish, headers: { ...headers, ...wish.headers } });
  }

  async send(
    method: string,
    path: string,
    { body, headers = {}, host = this.portalHost }: Wish = {},
  ): Promise<Answer> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const cookie = this.cookieHeader(host);
    const sent = (this.#scheme === 'https' ? requestTls : request)({
      rejectUnauthorized: false,
      host: '127.0.0.1',
      port: this.#port,
      method,
      path,
      agent: false,
      headers: {
        host,
        ...(cookie === '' ? {} : { cookie }),
        ...(content === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
        ...headers,
      },
    });
    sent.end(content);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    this.#keep(host, answer.headers['set-cookie'] ?? []);
    const json = /^application\/[\w.+-]*json\b(?!-|l)/.test(answer.headers['content-type'] ?? '')
      ? JSON.parse(text)
      : undefined;
    return { status: answer.statusCode ?? 0, headers: answer.headers, text, json };
  }

  /** Opens a tunnel. Rejects with the HTTP status as message when it is refused. */
  open(path: string, wish: { host?: string; headers?: Record<string, string> } = {}): Promise<Tunnel> {
    const host = wish.host ?? this.portalHost;
    const secure = this.#scheme === 'https';
    const socket = new WebSocket(`${secure ? 'wss' : 'ws'}://127.0.0.1:${this.#port}${path}`, {
      rejectUnauthorized: false,
      headers: {
        host,
        origin: `${this.#scheme}://${host}`,
        cookie: this.cookieHeader(host),
        ...wish.headers,
      },
    });
    const tunnel = tunnelOver(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(tunnel));
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        reject(new Error(String(response.statusCode)));
      });
      socket.once('error', reject);
    });
  }

  /** Bytes as they are, over a socket of their own; resolves to everything that came back until the end. */
  async raw(bytes: string | Buffer): Promise<string> {
    const to = { port: this.#port, host: '127.0.0.1', rejectUnauthorized: false };
    const socket = this.#scheme === 'https' ? connectTls(to) : connect(to);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.write(bytes);
    await once(socket, 'close');
    return Buffer.concat(chunks).toString('latin1');
  }

  cookieHeader(host = this.portalHost): string {
    return [...(this.cookies.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  cookie(name: string, host = this.portalHost): string | undefined {
    return this.cookies.get(host)?.get(name);
  }

  /** What the app shows now, or `steps` steps of 30 s later. */
  code(steps = 0, digits = 6): string {
    return totp(totpKey(decodeBase32(this.secret)), this.#clock.now() + steps * stepLength, digits);
  }

  /** Enrols the app after a password step, and so completes the sign-in. */
  async enrol(): Promise<Answer> {
    const setup = await this.call('POST', 'enrol/app', {});
    assert.equal(setup.status, 200, setup.text);
    this.secret = setup.json.secret;
    return this.call('POST', 'enrol/verify', { method: 'app', code: this.code() });
  }

  /** Name, password and the code that the app shows now. */
  async signIn(username: string, password: string): Promise<Answer> {
    const begun = await this.call('POST', 'sign-in', { username, password });
    if (begun.json?.status === 'enrol') return this.enrol();
    if (begun.json?.status !== 'verify') return begun;
    return this.call('POST', 'sign-in/verify', { method: 'app', code: this.code() });
  }

  #keep(host: string, setCookies: readonly string[]): void {
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, jar);
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split(';');
      const split = pair.indexOf('=');
      const name = pair.slice(0, split);
      if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))) jar.delete(name);
      else jar.set(name, pair.slice(split + 1));
    }
  }
}
