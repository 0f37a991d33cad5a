import type { OnReadOpts, Socket } from 'node:net';
import { UpstreamFailure } from './failure-table.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';
import type { TurnEnd, Waiting } from './turn-end.ts';

/** One request, and whoever waits for its answer. */
export interface Carried extends ResponseSink {
  /** Its request line and header block, as they are sent. */
  readonly head: string;
  /** Its method is HEAD. */
  readonly isHead: boolean;
  /** A body follows, by `UpstreamConnection.write`, until `endRequest`. */
  readonly hasBody: boolean;
  /** The head has been sent. */
  onSent(connection: UpstreamConnection): void;
  /** The server takes more of the body. */
  onWritable(): void;
  /** The connection could not be made; nothing more will be told. */
  onUnreachable(error: Error): void;
  /** The connection broke or the answer is none; nothing more will be told. */
  onFailure(error: Error, connection: UpstreamConnection): void;
}

/** What a connection tells of itself to the pool it belongs to. */
export interface ConnectionOwner {
  /** It has carried a request to its end and may carry another one. */
  free(connection: UpstreamConnection): void;
  /** Its socket is gone, or going. */
  gone(connection: UpstreamConnection): void;
}

const connectionOf = Symbol('connection');
type Carrying = Socket & { [connectionOf]?: UpstreamConnection };

/** Where the bytes of all plain connections are read into, each for the moment until they have been understood. */
export const readInto = (memory: Uint8Array): OnReadOpts => ({ buffer: memory, callback: onRead });

/**
 * One connection to an application server, that carries one request after the other and reads strictly: whatever isn't the
 * answer to the present request, a byte while there is none included, ends it.
 */
export class UpstreamConnection implements Waiting {
  /** Milliseconds of the clock until when it may be used again, once it is idle. */
  usableUntil = 0;
  readonly #owner: ConnectionOwner;
  readonly #turn: TurnEnd;
  readonly #parser = new ResponseParser();
  #socket: Carrying | undefined;
  #carried: Carried | undefined;
  #requests = 0;
  /** The head of the present request has been sent. */
  #sent = false;
  #requestOver = false;
  #paused = false;
  #closed = false;

  constructor(owner: ConnectionOwner, turn: TurnEnd) {
    this.#owner = owner;
    this.#turn = turn;
  }

  /** Whether the present request isn't its first one. */
  get reused(): boolean {
    return this.#requests > 1;
  }

  /** Whether the server may have got anything of the present request. */
  get sent(): boolean {
    return this.#sent;
  }

  /** A byte of the present answer has arrived. */
  get answering(): boolean {
    return this.#parser.begun;
  }

  /** Seconds that the server said it keeps an idle connection; -1 when it didn't. */
  get keepAlive(): number {
    return this.#parser.keepAlive;
  }

  /** Takes the socket that is being connected for it. */
  connecting(socket: Socket): void {
    this.#socket = socket;
  }

  /** It stands: the request that was given meanwhile is sent. */
  connected(socket: Socket): void {
    this.#socket = socket;
    this.#socket[connectionOf] = this;
    socket.on('data', onData).on('drain', onDrain).on('end', onEnd).on('error', onError).on('close', onClose);
    socket.resume();
    this.flush();
  }

  /** It could not be made. */
  refused(error: Error): void {
    const carried = this.#carried;
    this.destroy();
    carried?.onUnreachable(error);
  }

  /** To be called only while it carries nothing. The request is sent at the end of this turn, or as soon as it stands. */
  carry(request: Carried): void {
    this.#carried = request;
    this.#requests += 1;
    this.#sent = false;
    if (this.#requests > 1) this.#turn.add(this);
  }

  flush(): void {
    const [socket, carried] = [this.#socket, this.#carried];
    if (socket === undefined || carried === undefined || this.#sent) return;
    this.#sent = true;
    this.#requestOver = !carried.hasBody;
    this.#parser.begin(carried.isHead);
    socket.write(carried.head, 'latin1');
    carried.onSent(this);
  }

  /** A piece of the body; false when the server is to be waited for. */
  write(bytes: Buffer): boolean {
    return this.#socket?.write(bytes) ?? false;
  }

  /** A piece of the body as a chunk (RFC 9112 section 7.1). */
  writeChunk(bytes: Buffer): boolean {
    const socket = this.#socket;
    if (socket === undefined) return false;
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
    socket.write(bytes);
    const more = socket.write('\r\n', 'latin1');
    socket.uncork();
    return more;
  }

  /** The last byte of the body has been given. `last`: what ends it. */
  endRequest(last = ''): void {
    this.#requestOver = true;
    if (last !== '') this.#socket?.write(last, 'latin1');
  }

  pause(): void {
    this.#paused = true;
    this.#socket?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket?.resume();
  }

  /** Ends it at once. Whoever it carries is told nothing any more. */
  destroy(): void {
    this.#carried = undefined;
    this.#close();
  }

  /** For the socket's listeners alone. */
  onBytes(bytes: Buffer, length: number): void {
    const carried = this.#carried;
    if (carried === undefined || !this.#sent) {
      // Nobody has asked: whoever comes next would take it for the answer.
      this.#fail(new UpstreamFailure('INVALID_ANSWER', 'it spoke before it was asked'));
      return;
    }
    let next: number;
    try {
      next = this.#parser.read(bytes, 0, length, carried);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#carried === carried && this.#parser.over) this.#finish(next === length);
  }

  onEnd(): void {
    const carried = this.#carried;
    if (carried === undefined || !this.#sent) {
      this.#fail(new UpstreamFailure('CLOSED_EARLY', 'closed while it was kept'));
      return;
    }
    try {
      this.#parser.close(carried);
      this.destroy();
    } catch (error) {
      this.#fail(error);
    }
  }

  onError(error: Error): void {
    this.#fail(error);
  }

  onDrain(): void {
    this.#carried?.onWritable();
  }

  /** The answer is complete. `clean`: nothing came behind it. */
  #finish(clean: boolean): void {
    this.#carried = undefined;
    // Answered before all of the request had left: a server that hasn't read it may take the rest for another one.
    const heard = this.#requestOver && this.#socket?.writableLength === 0;
    if (clean && heard && this.#parser.persistent && !this.#closed) {
      // An idle connection has to be read, or its end isn't noticed.
      this.resume();
      this.#owner.free(this);
    } else {
      this.#close();
    }
  }

  #fail(error: unknown): void {
    const carried = this.#carried;
    this.destroy();
    carried?.onFailure(error instanceof Error ? error : new Error(String(error)), this);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket?.destroy();
    this.#owner.gone(this);
  }
}

/** Bytes in memory that the next read of any connection overwrites. */
function onRead(this: Carrying, length: number, memory: Uint8Array): boolean {
  this[connectionOf]?.onBytes(memory as Buffer, length);
  return true;
}

/** Of a connection with TLS. */
function onData(this: Carrying, bytes: Buffer): void {
  this[connectionOf]?.onBytes(bytes, bytes.length);
}

function onDrain(this: Carrying): void {
  this[connectionOf]?.onDrain();
}

function onEnd(this: Carrying): void {
  this[connectionOf]?.onEnd();
}

function onError(this: Carrying, error: Error): void {
  this[connectionOf]?.onError(error);
}

function onClose(this: Carrying): void {
  this[connectionOf]?.onError(new UpstreamFailure('CLOSED_EARLY', 'closed in the middle of its answer'));
}
