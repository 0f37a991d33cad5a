import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A client or server end of a TCP connection that remembers what it was told. */
export class Wire {
  readonly socket: Socket;
  received = '';
  ended = false;
  closed = false;
  #waiting: (() => void)[] = [];
  readonly #changed: () => void;

  constructor(socket: Socket, changed: () => void = () => {}) {
    this.socket = socket;
    this.#changed = changed;
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
      this.#wake();
    });
    socket.on('end', () => {
      this.ended = true;
      this.#wake();
    });
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
    socket.on('error', () => {});
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Resolves when what was received matches, to the whole of it; rejects when the peer closes first. */
  async until(pattern: RegExp | string | ((received: string) => boolean)): Promise<string> {
    const found = (): boolean => {
      if (typeof pattern === 'string') return this.received.includes(pattern);
      return typeof pattern === 'function' ? pattern(this.received) : pattern.test(this.received);
    };
    while (!found()) {
      if (this.closed) throw new Error(`closed after ${JSON.stringify(this.received.slice(0, 2_000))}`);
      await this.#change();
    }
    return this.received;
  }

  /** Resolves when the peer has closed, to everything it said. */
  async end(): Promise<string> {
    while (!this.ended && !this.closed) await this.#change();
    return this.received;
  }

  async close(): Promise<string> {
    while (!this.closed) await this.#change();
    return this.received;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    this.#changed();
  }
}

export async function dial(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  await once(socket, 'connect');
  return new Wire(socket);
}

/** Sends bytes and resolves to everything that comes back until the peer closes. */
export async function exchangeRaw(port: number, text: string): Promise<string> {
  const wire = await dial(port);
  wire.send(text);
  const answer = await wire.end();
  wire.socket.destroy();
  return answer;
}

export type RawServer = {
  readonly port: number;
  readonly url: string;
  readonly server: Server;
  /** Connections so far; a test may empty the list. */
  readonly wires: Wire[];
  /** The connection with that number, as soon as there is one. */
  wire(index: number): Promise<Wire>;
  /** The connection that was told this, as soon as one was. */
  hearing(text: string): Promise<Wire>;
  stop(): Promise<void>;
};

/** A TCP server that leaves it to the test what to say. */
export async function startRawServer(onWire: (wire: Wire) => void = () => {}): Promise<RawServer> {
  const wires: Wire[] = [];
  const all: Wire[] = [];
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const wire = new Wire(socket, wake);
    wires.push(wire);
    all.push(wire);
    onWire(wire);
    wake();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    server,
    wires,
    async wire(index) {
      for (;;) {
        const wire = wires[index];
        if (wire !== undefined) return wire;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    async hearing(text) {
      for (;;) {
        const wire = wires.find(({ received }) => received.includes(text));
        if (wire !== undefined) return wire;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    async stop() {
      for (const wire of all) wire.socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Resolves when a figure has stopped changing, and this process, with both ends of all its connections, has nothing to do. */
export async function quiet(figure: () => number): Promise<void> {
  let last = -1;
  for (let same = 0; same < 20; ) {
    const { idle } = performance.eventLoopUtilization();
    await new Promise((resolve) => setTimeout(resolve, 5));
    // On a busy machine time passes without anything being done in it.
    const waited = performance.eventLoopUtilization().idle - idle;
    const now = figure();
    if (now !== last) same = 0;
    else if (waited >= 1) same += 1;
    last = now;
  }
}
