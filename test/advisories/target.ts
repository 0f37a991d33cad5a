import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { type AuditEntry, createLog } from '../../src/audit/index.ts';
import { type Gateway, startGateway } from '../../src/server/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { freePort } from '../support/free-port.ts';
import { type Site, type SiteOptions, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

/** A whole gateway before one application server that remembers whoever got through. */
export type Target = {
  readonly site: Site;
  readonly server: ApplicationServer;
  /** The application host besides the portal's, with its port. */
  readonly otherHost: string;
  /** Requests that the application server got since the last call. */
  reached(): string[];
  stop(): Promise<void>;
};

/**
 * `desk` and `books` for everybody, `vault` for the user vera, all three on the portal's host; `docs` on a host of its
 * own. With `root` there is one more, to which every other path of the portal's host leads.
 */
export async function startTarget(
  options: SiteOptions<Site['clock']> & { root?: boolean } = {},
): Promise<Target> {
  const server = await startApplicationServer();
  const servers = [server.url];
  const site = await startSite({
    ...options,
    config: {
      applications: [
        { name: 'desk', path: '/desk', servers },
        { name: 'books', path: '/books', servers },
        { name: 'vault', path: '/vault', servers, allow: { users: ['vera'] } },
        { name: 'docs', host: 'docs.localhost', path: '/', servers },
        ...(options.root ? [{ name: 'root', path: '/', servers }] : []),
      ],
      ...options.config,
    },
  });
  return {
    site,
    server,
    otherHost: `docs.localhost:${site.port}`,
    reached: () => server.requests.splice(0).map(({ target }) => target),
    async stop() {
      await site.stop();
      await server.close();
    },
  };
}

/** A second gateway on the same store and for the same public address. */
export type Replica = {
  readonly gateway: Gateway;
  /** A browser that reaches this replica; with the cookies of another one, if there is one. */
  client(like?: SiteClient): SiteClient;
};

export async function startReplica(site: Site): Promise<Replica> {
  const [port, management] = [await freePort(), await freePort()];
  const config = site.config({
    listen: { host: 'localhost', port },
    console: { port: 0 },
    management: { port: management },
  });
  const gateway = await startGateway({
    config,
    version: 'test',
    clock: site.clock,
    log: createLog({ level: 'silent' }),
  });
  return {
    gateway,
    client(like) {
      const client = new ReplicaClient(port, site.clock, `localhost:${site.port}`);
      for (const [host, cookies] of like?.cookies ?? []) client.cookies.set(host, new Map(cookies));
      client.secret = like?.secret ?? '';
      return client;
    },
  };
}

/** Reaches one replica by the name of the site, as through a load balancer. */
class ReplicaClient extends SiteClient {
  override readonly portalHost: string;

  constructor(port: number, clock: Site['clock'], host: string) {
    super(port, clock);
    this.portalHost = host;
  }
}

/** An answer as it came over the wire. */
export type RawAnswer = {
  readonly status: number;
  readonly head: string;
  readonly text: string;
  header(name: string): string | undefined;
  /** Every value of a header that may come several times. */
  all(name: string): string[];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come
  readonly json: any;
};

/** One connection: bytes out as they are, answers in as they come. */
export class Line {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => {};

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    this.socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
    this.socket.on('error', () => {});
  }

  send(bytes: string | Buffer): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** The next answer; undefined when the connection closes without one. `bodiless`: it answers a HEAD. */
  async answer(bodiless = false): Promise<RawAnswer | undefined> {
    for (;;) {
      const answer = this.#take(bodiless);
      if (answer !== undefined) return answer;
      if (this.#closed) return undefined;
      await this.#change();
    }
  }

  /** Everything until the end of the connection. */
  async rest(): Promise<string> {
    while (!this.#closed) await this.#change();
    return this.#received.toString('latin1');
  }

  /** Resolves when the gateway has closed it. */
  async closed(): Promise<void> {
    while (!this.#closed) await this.#change();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  hangUp(): void {
    this.socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #take(bodiless: boolean): RawAnswer | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = this.#received.toString('latin1', 0, end);
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
    const all = (name: string): string[] =>
      [...head.matchAll(new RegExp(`^${name}:[ \\t]*(.*)$`, 'gim'))].map((match) => (match[1] ?? '').trim());
    const header = (name: string): string | undefined => all(name)[0];
    const body = this.#received.subarray(end + 4);
    let taken: { text: string; length: number } | undefined;
    if (bodiless || status < 200 || status === 204 || status === 304) taken = { text: '', length: 0 };
    else if (header('transfer-encoding')?.toLowerCase() === 'chunked') taken = unchunked(body);
    else if (header('content-length') !== undefined) {
      const length = Number(header('content-length'));
      if (body.length >= length) taken = { text: body.toString('latin1', 0, length), length };
    } else if (this.#closed) taken = { text: body.toString('latin1'), length: body.length };
    if (taken === undefined) return undefined;
    this.#received = body.subarray(taken.length);
    const { text } = taken;
    const json = text !== '' && header('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    return { status, head, text, header, all, json };
  }
}

function unchunked(body: Buffer): { text: string; length: number } | undefined {
  let text = '';
  for (let at = 0; ; ) {
    const line = body.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const size = Number.parseInt(body.toString('latin1', at, line), 16);
    if (size === 0) {
      const trailers = body.indexOf('\r\n\r\n', line);
      return trailers === -1 ? undefined : { text, length: trailers + 4 };
    }
    if (body.length < line + 2 + size + 2) return undefined;
    text += body.toString('latin1', line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

/** Sends bytes over a connection of their own and resolves to the first answer; undefined when there is none. */
export async function ask(site: Site, bytes: string | Buffer): Promise<RawAnswer | undefined> {
  const line = new Line(site.port).send(bytes);
  try {
    return await line.answer(bytes.slice(0, 5).toString() === 'HEAD ');
  } finally {
    line.hangUp();
  }
}

/** A request as text. `headers` are whole lines; the portal's `Host` comes first unless one is among them. */
export function message(
  site: Site,
  requestLine: string,
  headers: readonly string[] = [],
  body?: string,
): string {
  const own = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: localhost:${site.port}`];
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
  return `${[`${requestLine} HTTP/1.1`, ...own, ...headers, ...length].join('\r\n')}\r\n\r\n${body ?? ''}`;
}

/** The lines of a WebSocket handshake from a page of the portal's origin. */
export const handshake = (site: Site, origin: string | null = `http://localhost:${site.port}`): string[] => [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ...(origin === null ? [] : [`Origin: ${origin}`]),
];

/** A call of the API as a browser's page of the portal sends it. */
export const apiCall = (
  site: Site,
  method: string,
  path: string,
  body: unknown,
  headers: readonly string[] = [],
): string =>
  message(
    site,
    `${method} /.sallyport/api/v1/${path}`,
    [`Origin: http://localhost:${site.port}`, 'Content-Type: application/json', ...headers],
    JSON.stringify(body),
  );

export const cookieOf = (client: SiteClient, host?: string): string => `Cookie: ${client.cookieHeader(host)}`;

/** What the audit log has, oldest first, by type. */
export async function audited(site: Site, type: string): Promise<AuditEntry[]> {
  const { audit, store } = site.gateway.rooms;
  await audit.flush();
  const { items } = await store.read<AuditEntry>('audit', { tags: [`type:${type}`], limit: 500 });
  return items.map(({ value }) => value).reverse();
}

/** Resolves when nothing is carried any more: no remote session is left. */
export async function noTunnels(site: Site): Promise<void> {
  while (site.gateway.proxy.tunnels().length > 0) await new Promise((resolve) => setImmediate(resolve));
}

export async function opened(line: Line): Promise<void> {
  if (line.socket.connecting) await once(line.socket, 'connect');
}
