import type { IncomingMessage } from 'node:http';
import type { UpstreamConnection } from './upstream-connection.ts';

/** Whoever wants to know that a body moves. */
interface Watcher {
  onUploaded(bytes: number): void;
}

const uploadOf = Symbol('upload');
type Uploading = IncomingMessage & { [uploadOf]?: Upload | undefined };

/**
 * The body of a client's request on its way to the application server, no faster than that reads: as it is where its length
 * was announced, else in chunks of our own. Nothing is read of it before its head has been sent, so that another server may
 * still get it. Whether the client went away is not noticed here.
 */
export class Upload {
  /** The last byte of it has been given to the connection. */
  over = false;
  /** Waiting for the client: nothing is held back by the application server. */
  hungry = false;
  readonly #request: Uploading;
  readonly #chunked: boolean;
  readonly #watcher: Watcher;
  #connection: UpstreamConnection | undefined;

  constructor(request: IncomingMessage, chunked: boolean, watcher: Watcher) {
    this.#request = request;
    this.#chunked = chunked;
    this.#watcher = watcher;
  }

  /** The connection has taken the head. Call once. */
  begin(connection: UpstreamConnection): void {
    this.#connection = connection;
    this.hungry = true;
    this.#request[uploadOf] = this;
    this.#request.on('data', onData).on('end', onEnd);
  }

  /** The connection takes more. */
  resume(): void {
    if (this.#connection === undefined || this.over) return;
    this.hungry = true;
    this.#request.resume();
  }

  /** Sends nothing more; what still comes of the body stays with the request. */
  stop(): void {
    this.#connection = undefined;
    this.#request[uploadOf] = undefined;
    this.#request.off('data', onData).off('end', onEnd);
  }

  onData(bytes: Buffer): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#watcher.onUploaded(bytes.length);
    if (this.#chunked ? connection.writeChunk(bytes) : connection.write(bytes)) return;
    this.hungry = false;
    this.#request.pause();
  }

  onEnd(): void {
    this.over = true;
    this.#connection?.endRequest(this.#chunked ? '0\r\n\r\n' : '');
  }
}

function onData(this: Uploading, bytes: Buffer): void {
  this[uploadOf]?.onData(bytes);
}

function onEnd(this: Uploading): void {
  this[uploadOf]?.onEnd();
}
