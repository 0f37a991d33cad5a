import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A gateway behind it: where it serves, and where it says whether it wants more. */
export type Backend = { readonly port: number; readonly management: number };

export type LoadBalancerOptions = {
  /** Milliseconds between two looks at `/readyz`; default 0: sends to all of them whatever they say. */
  readonly probe?: number;
  /** Whether another gateway gets what one has refused to be connected for; default: nothing of it was sent, so yes. */
  readonly retries?: boolean;
};

/**
 * A load balancer without any stickiness: each request and each upgrade goes to the next gateway. What was sent is never
 * sent again.
 */
export class LoadBalancer {
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly backends: readonly Backend[];
  readonly #out = new Set<Backend>();
  /** Kept and used again, as by any real one: whoever closes one without a word loses a request. */
  readonly #connections = new Agent({ keepAlive: true });
  readonly #probe: NodeJS.Timeout | undefined;
  readonly #retries: boolean;
  #turn = 0;
  /** How many requests and upgrades went to each. */
  readonly served: number[];

  private constructor(
    server: ReturnType<typeof createServer>,
    backends: readonly Backend[],
    { probe = 0, retries = true }: LoadBalancerOptions,
  ) {
    this.#server = server;
    this.#retries = retries;
    this.backends = backends;
    this.port = (server.address() as AddressInfo).port;
    this.served = backends.map(() => 0);
    server.on('request', (asked, answer) => this.#forward(asked, answer));
    server.on('upgrade', (asked, socket, head) => this.#tunnel(asked, socket, head));
    if (probe > 0) this.#probe = setInterval(() => this.#ask(), probe);
  }

  static async start(backends: readonly Backend[], options: LoadBalancerOptions = {}): Promise<LoadBalancer> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LoadBalancer(server, backends, options);
  }

  async close(): Promise<void> {
    clearInterval(this.#probe);
    this.#connections.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** The gateways in the order in which they are tried. */
  #order(): Backend[] {
    const usable = this.backends.filter((backend) => !this.#out.has(backend));
    const from = usable.length === 0 ? [...this.backends] : usable;
    this.#turn += 1;
    const first = this.#turn % from.length;
    const order = [...from.slice(first), ...from.slice(0, first)];
    return this.#retries ? order : order.slice(0, 1);
  }

  #forward(asked: IncomingMessage, answer: ServerResponse): void {
    const order = this.#order();
    const attempt = (index: number): void => {
      const backend = order[index];
      if (backend === undefined) {
        answer.writeHead(502).end();
        return;
      }
      const sent = request({ ...to(asked, backend), agent: this.#connections });
      let connected = false;
      sent.on('socket', (socket) => {
        const go = (): void => {
          connected = true;
          this.served[this.backends.indexOf(backend)] =
            (this.served[this.backends.indexOf(backend)] ?? 0) + 1;
          asked.pipe(sent);
        };
        if (socket.connecting) socket.once('connect', go);
        else go();
      });
      sent.on('response', (received) => {
        answer.writeHead(received.statusCode ?? 502, hopless(received.rawHeaders));
        received.pipe(answer);
        received.on('error', () => answer.destroy());
      });
      sent.on('error', () => {
        if (!connected) attempt(index + 1);
        else if (answer.headersSent) answer.destroy();
        else answer.writeHead(502).end();
      });
      answer.on('close', () => sent.destroy());
    };
    attempt(0);
  }

  #tunnel(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    const order = this.#order();
    socket.on('error', () => socket.destroy());
    const attempt = (index: number): void => {
      const backend = order[index];
      if (backend === undefined) {
        socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      const sent = request({ ...to(asked, backend), agent: false });
      sent.on('upgrade', (received, other, rest) => {
        this.served[this.backends.indexOf(backend)] = (this.served[this.backends.indexOf(backend)] ?? 0) + 1;
        socket.write(headOf(received));
        socket.write(rest);
        other.write(head);
        socket.pipe(other).pipe(socket);
        other.on('error', () => socket.destroy());
        other.on('close', () => socket.destroy());
        socket.on('close', () => other.destroy());
      });
      sent.on('response', (received) => {
        socket.write(headOf(received));
        received.pipe(socket);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') attempt(index + 1);
        else socket.destroy();
      });
      sent.end();
    };
    attempt(0);
  }

  #ask(): void {
    for (const backend of this.backends) {
      fetch(`http://127.0.0.1:${backend.management}/readyz`, { signal: AbortSignal.timeout(1000) }).then(
        (answer) => {
          if (answer.ok) this.#out.delete(backend);
          else this.#out.add(backend);
        },
        () => this.#out.add(backend),
      );
    }
  }
}

const to = (asked: IncomingMessage, backend: Backend) => ({
  host: '127.0.0.1',
  port: backend.port,
  method: asked.method,
  path: asked.url,
  setHost: false,
  headers: pairs(asked.rawHeaders, (name) => name !== 'connection' || asked.headers.upgrade !== undefined),
});

/** Names in any case; a header that comes twice stays twice. */
function pairs(raw: readonly string[], keep: (name: string) => boolean): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    if (!keep(name)) continue;
    const value = raw[index + 1] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

/** What a gateway says about its own connection is not passed on. */
const hopless = (raw: readonly string[]): Record<string, string | string[]> =>
  pairs(raw, (name) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name));

function headOf(received: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${received.statusCode} ${received.statusMessage}`];
  for (let index = 0; index < received.rawHeaders.length; index += 2) {
    lines.push(`${received.rawHeaders[index]}: ${received.rawHeaders[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
