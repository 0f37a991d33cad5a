import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * The body of a client's request as a stream of its own. Handing over Node's request itself would let undici destroy
 * it, and with it the client's connection, before an early answer has been relayed.
 */
export class RequestBody extends Readable {
  /** Waiting for the client: nothing is held back by the application server. */
  hungry = false;
  readonly #source: IncomingMessage;
  readonly #active: (bytes: number) => void;
  #attached = false;

  constructor(source: IncomingMessage, active: (bytes: number) => void) {
    super();
    this.#source = source;
    this.#active = active;
  }

  override _read(): void {
    this.hungry = true;
    if (!this.#attached) {
      this.#attached = true;
      this.#source
        .on('data', this.#onData)
        .on('end', this.#onEnd)
        .on('error', this.#onError)
        .on('close', this.#onClose);
    }
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#source
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('error', this.#onError)
      .off('close', this.#onClose);
    done(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#active(chunk.length);
    if (this.push(chunk)) return;
    this.hungry = false;
    this.#source.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onError = (error: Error): void => {
    this.destroy(error);
  };

  readonly #onClose = (): void => {
    if (!this.#source.readableEnded) this.destroy(new Error('the client went away'));
  };
}

/** Whether a request announces a body (RFC 9112 section 6.3); Node's parser has refused what is ambiguous. */
export const hasBody = (request: IncomingMessage): boolean => {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
};
