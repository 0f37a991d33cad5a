import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Passes connections on to a loopback port, each piece of data `delay` milliseconds late, in order. */
export class SlowWire {
  /** Milliseconds in each direction; may change at any time. */
  delay = 0;
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(target: number): Promise<SlowWire> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const wire = new SlowWire(server);
    server.on('connection', (client) => wire.#join(client, connect(target, '127.0.0.1')));
    return wire;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #join(client: Socket, target: Socket): void {
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (data) => this.#late(() => to.write(data)));
      from.on('end', () => this.#late(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }

  #late(task: () => void): void {
    // Timers of one length keep their order; what was sent earlier must not be overtaken when the delay shrinks.
    if (this.delay === 0 && this.#waiting === 0) {
      task();
      return;
    }
    this.#waiting += 1;
    const wait = Math.max(this.delay, this.#until - performance.now());
    this.#until = performance.now() + wait;
    setTimeout(() => {
      this.#waiting -= 1;
      task();
    }, wait);
  }

  #waiting = 0;
  #until = 0;
}
