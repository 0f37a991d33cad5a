import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { asRedisFailure, hasLostItsRole, isTimeout, isUnknownScript } from './redis-failure.ts';
import { describePlace, driverOptions, type RedisPlace } from './redis-options.ts';
import { storeUnavailable } from './store-unavailable.ts';

/** A Lua script, with the name by which a server that has seen it knows it. */
export type RedisScript = { readonly text: string; readonly sha: string };

export const script = (text: string): RedisScript => ({
  text,
  sha: createHash('sha1').update(text).digest('hex'),
});

/** One connection that comes back by itself. What fails on it fails at once, as `store-unavailable`. */
export class RedisLink {
  readonly client: Redis;
  readonly place: string;
  #opening = true;
  #lastError: unknown;
  #givenUp: unknown;

  private constructor(make: new (options: object) => Redis, place: RedisPlace) {
    this.place = describePlace(place);
    this.client = new make(driverOptions(place, () => this.#opening));
    this.client.on('error', (error: unknown) => {
      this.#lastError = error;
    });
    this.client.on('ready', () => {
      this.#lastError = undefined;
    });
  }

  /** Resolves to a link that is not connected yet. The driver is loaded here: without Redis nobody pays for it. */
  static async to(place: RedisPlace): Promise<RedisLink> {
    const { Redis: make } = await import('ioredis');
    return new RedisLink(make, place);
  }

  get ready(): boolean {
    return this.client.status === 'ready';
  }

  /** Where the connection goes, as address:port; undefined while there is none. */
  get address(): string | undefined {
    const { stream } = this.client;
    if (!this.ready || !(stream instanceof Socket) || stream.remoteAddress === undefined) return undefined;
    return `${stream.remoteAddress.replace(/^::ffff:/, '')}:${stream.remotePort}`;
  }

  /** Resolves once commands can be sent; rejects with `store-unavailable` and the reason of the first failure. */
  async open(): Promise<void> {
    try {
      await this.client.connect();
      this.#opening = false;
    } catch (error) {
      this.client.disconnect();
      throw asRedisFailure(this.#lastError ?? error, this.place);
    }
  }

  /** Sends what `send` sends. A connection that does not answer in time is given up, so that the next call fails fast. */
  async call<Result>(send: (client: Redis) => Promise<Result>): Promise<Result> {
    try {
      return await send(this.client);
    } catch (error) {
      if (isTimeout(error) || hasLostItsRole(error)) this.renew();
      // While there is no connection, the reason is what broke the last one.
      throw asRedisFailure(this.ready ? error : (this.#lastError ?? error), this.place);
    }
  }

  /**
   * Runs a script in one round trip, in two when the server has not seen it since its start. `sent` is called directly
   * after each sending.
   */
  run(which: RedisScript, args: readonly (string | number)[], sent?: () => void): Promise<unknown> {
    return this.call(async (client) => {
      try {
        const answer = client.evalsha(which.sha, 0, ...args);
        sent?.();
        return await answer;
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        const answer = client.eval(which.text, 0, ...args);
        sent?.();
        return await answer;
      }
    });
  }

  /** Gives the connection up and makes another, once however many ask for it. */
  renew(): void {
    const { stream } = this.client;
    if (!this.ready || stream === this.#givenUp) return;
    this.#givenUp = stream;
    this.client.disconnect(true);
  }

  close(): void {
    this.client.disconnect();
  }
}

/** The answer of a script that speaks in lists of texts and numbers. */
export function asList(answer: unknown): string[] {
  if (Array.isArray(answer)) return answer.map(String);
  throw storeUnavailable(new Error('Redis answered something else than a list'));
}
