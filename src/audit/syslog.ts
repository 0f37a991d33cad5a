import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock, Timer } from '../clock.ts';
import type { AuditCopy, AuditEntry } from './audit.ts';
import type { Log } from './log.ts';
import { type SyslogSource, syslogMessage } from './syslog-message.ts';

export type SyslogTarget = {
  readonly protocol: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** Only of TLS: PEM of the authorities, and whether the certificate is checked. */
  readonly authorities?: string;
  readonly verify?: boolean;
};

export type SyslogOptions = {
  readonly target: SyslogTarget;
  readonly source: SyslogSource;
  readonly clock: Pick<Clock, 'after' | 'now'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Messages that wait at most; default 10,000. */
  readonly capacity?: number;
};

const firstWait = 1_000;
const longestWait = 60_000;
/** Milliseconds that the end of the process waits for what has not been sent yet. */
const lastChance = 2_000;
/** Bytes of one datagram; what is longer would be cut, and JSON that is cut says nothing. */
const longestDatagram = 65_000;

/**
 * Sends a copy of each entry to a syslog server: RFC 5424 over UDP (RFC 5426), or over TCP and TLS with octet counting
 * (RFC 6587 section 3.4.1, RFC 5425). Entries wait in memory while the server is away, at most `capacity`; the oldest
 * give way, and the log says how many. Syslog acknowledges nothing: what was under way when a connection broke is lost.
 */
export function createSyslog(options: SyslogOptions): AuditCopy {
  return options.target.protocol === 'udp' ? overDatagrams(options) : new SyslogStream(options);
}

function overDatagrams({ target, source, log }: SyslogOptions): AuditCopy {
  let socket: DatagramSocket | undefined;
  let pending = 0;
  let failing = false;
  let closed: (() => void) | undefined;
  const open = (): DatagramSocket => {
    const opened = createSocket(target.host.includes(':') ? 'udp6' : 'udp4');
    opened.unref();
    opened.on('error', (error) => told(error));
    return opened;
  };
  const told = (error: Error | null): void => {
    if (error !== null && !failing) log.warn({ error }, 'syslog does not take audit entries');
    failing = error !== null;
  };
  return {
    send(entry) {
      const message = Buffer.from(syslogMessage(entry, source));
      if (message.length > longestDatagram) return;
      socket ??= open();
      pending += 1;
      socket.send(message, target.port, target.host, (error) => {
        told(error);
        pending -= 1;
        if (pending === 0) closed?.();
      });
    },
    async close() {
      if (pending > 0) await new Promise<void>((resolve) => (closed = resolve));
      socket?.close();
      socket = undefined;
    },
  };
}

class SyslogStream implements AuditCopy {
  readonly #options: SyslogOptions;
  readonly #capacity: number;
  readonly #waiting: string[] = [];
  #socket: Socket | undefined;
  #ready = false;
  #failures = 0;
  #dropped = 0;
  #retry: Timer | undefined;
  #closed: (() => void) | undefined;

  constructor(options: SyslogOptions) {
    this.#options = options;
    this.#capacity = options.capacity ?? 10_000;
  }

  send(entry: AuditEntry): void {
    if (this.#closed !== undefined) return;
    if (this.#waiting.length >= this.#capacity) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(syslogMessage(entry, this.#options.source));
    if (this.#ready) this.#write();
    else if (this.#socket === undefined && this.#retry === undefined) this.#connect();
  }

  async close(): Promise<void> {
    if (this.#socket !== undefined && this.#waiting.length > 0) {
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
        this.#options.clock.after(lastChance, resolve);
      });
    }
    this.#closed = () => undefined;
    this.#retry?.cancel();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.ref();
    await new Promise<void>((resolve) => {
      const over = this.#options.clock.after(lastChance, () => socket.destroy());
      socket.once('close', () => {
        over.cancel();
        resolve();
      });
      if (this.#ready) socket.end();
      else socket.destroy();
    });
  }

  #connect(): void {
    const { protocol, host, port, authorities, verify } = this.#options.target;
    this.#retry = undefined;
    const socket =
      protocol === 'tls'
        ? connectTls({
            host,
            port,
            rejectUnauthorized: verify ?? true,
            ...(authorities === undefined ? {} : { ca: authorities }),
          })
        : connectTcp({ host, port });
    this.#socket = socket;
    let failure: Error | undefined;
    socket.unref();
    socket.once(protocol === 'tls' ? 'secureConnect' : 'connect', () => this.#connected());
    socket.on('drain', () => this.#write());
    // A server says nothing; what it sends all the same must not fill the memory.
    socket.resume();
    socket.on('end', () => socket.destroy());
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => this.#lost(socket, failure));
  }

  #connected(): void {
    const { log } = this.#options;
    if (this.#failures > 0) log.info({ dropped: this.#dropped }, 'syslog takes audit entries again');
    this.#failures = 0;
    this.#dropped = 0;
    this.#ready = true;
    this.#write();
  }

  #write(): void {
    const socket = this.#socket;
    if (socket === undefined || !this.#ready) return;
    while (!socket.writableNeedDrain) {
      const message = this.#waiting.shift();
      if (message === undefined) break;
      socket.write(`${Buffer.byteLength(message)} ${message}`);
    }
    if (this.#waiting.length === 0) this.#closed?.();
  }

  #lost(socket: Socket, error: Error | undefined): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#ready = false;
    const { clock, log } = this.#options;
    this.#failures += 1;
    if (this.#failures === 1) log.warn({ error, waiting: this.#waiting.length }, 'syslog does not answer');
    if (this.#closed !== undefined) {
      this.#closed();
      return;
    }
    const wait = Math.min(longestWait, firstWait * 2 ** (this.#failures - 1));
    this.#retry = clock.after(wait, () => {
      this.#retry = undefined;
      if (this.#waiting.length > 0) this.#connect();
    });
  }
}
