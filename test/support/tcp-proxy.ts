import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** One connection through the proxy. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #target: Socket;
  /** Everything that the client has sent, as text. */
  sent = '';
  /** Everything that got through to the client, as text. */
  received = '';

  constructor(client: Socket, port: number) {
    this.#client = client;
    this.#target = connect(port, '127.0.0.1');
    client.on('data', (chunk) => {
      this.sent += chunk.toString('latin1');
      this.#target.write(chunk);
    });
    this.#target.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, this.#target],
      [this.#target, client],
    ] as const) {
      // Or small answers wait for an acknowledgement of those before (RFC 896), 40 ms at worst.
      one.setNoDelay();
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  }

  /** Nothing gets through any more, and nobody is told: a line that has silently died. */
  stall(): void {
    this.#client.pause();
    this.#target.pause();
  }

  /** What was held back gets through, and what follows. */
  flow(): void {
    this.#client.resume();
    this.#target.resume();
  }

  close(): void {
    this.#client.destroy();
    this.#target.destroy();
  }
}

/** Stands between clients and a port of loopback, to do harm to connections one by one. */
export class TcpProxy {
  readonly port: number;
  readonly connections: ProxiedConnection[] = [];
  readonly #server: Server;
  #stalled = false;

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    server.on('connection', (socket) => {
      const connection = new ProxiedConnection(socket, target);
      if (this.#stalled) connection.stall();
      this.connections.push(connection);
    });
  }

  static async start(target: number): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new TcpProxy(server, address.port, target);
  }

  /** Stalls every connection, also those that are made anew meanwhile. */
  stall(): void {
    this.#stalled = true;
    for (const connection of this.connections) connection.stall();
  }

  /** Ends that. */
  flow(): void {
    this.#stalled = false;
    for (const connection of this.connections) connection.flow();
  }

  async remove(): Promise<void> {
    this.#server.close();
    for (const connection of this.connections) connection.close();
    await once(this.#server, 'close');
  }
}
