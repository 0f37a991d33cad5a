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
      const late = this.#queue();
      from.on('data', (data) => late(() => to.write(data)));
      from.on('end', () => late(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }

  /** Strictly in order, as TCP is: two timers that end at the same moment would not be. */
  #queue(): (task: () => void) => void {
    const waiting: { readonly due: number; readonly task: () => void }[] = [];
    const next = (): void => {
      for (let [first] = waiting; first !== undefined; [first] = waiting) {
        const wait = first.due - performance.now();
        if (wait > 0) {
          setTimeout(next, Math.ceil(wait));
          return;
        }
        waiting.shift();
        first.task();
      }
    };
    return (task) => {
      waiting.push({ due: performance.now() + this.delay, task });
      if (waiting.length === 1) next();
    };
  }
}
