import type { Clock, Timer } from '../clock.ts';
import { type Random, randomName } from '../random.ts';
import { heartChannel, topicsChannel } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import type { Announcement, Json, Listener, Subscription } from './store.ts';
import { Subscribers } from './subscribers.ts';

/** Milliseconds between two heartbeats. */
const heartbeatInterval = 250;
/** Milliseconds without a heartbeat after which messages count as missed. */
const deafAfter = 750;
/** Milliseconds without a heartbeat after which another connection is tried: this one may be to a lost server. */
const renewAfter = 1250;

/** Heartbeats that wait for an answer at most. */
const mostBeats = 4;

export type RedisTopicsOptions = {
  readonly link: RedisLink;
  readonly keyPrefix: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: (error: unknown) => void;
  /** Publishes on the way that writes take; rejects when it can't. */
  readonly beat: (channel: string, message: string) => Promise<void>;
};

/**
 * Messages of all topics, on one connection. A connection that has silently died gives no event of its own, so this
 * process sends itself a heartbeat the way every message goes and is deaf as soon as the latest one it has heard was
 * sent 750 ms ago: late messages count as missed ones.
 */
export class RedisTopics {
  readonly #options: RedisTopicsOptions;
  readonly #process: string;
  readonly #subscribers: Subscribers;
  readonly #timer: Timer;
  #sent = 0;
  #beating = 0;
  /** When the latest heartbeat heard was sent. */
  #heard: number;
  /** The first moment at which another connection may be tried. */
  #renewAt = 0;
  #started = false;
  #closed = false;

  constructor(options: RedisTopicsOptions) {
    this.#options = options;
    const { clock, random, link, report } = options;
    this.#subscribers = new Subscribers(report);
    this.#process = randomName(random, 9);
    this.#heard = clock.monotonic();
    link.client.on('message', (channel: string, message: string) => this.#receive(channel, message));
    link.client.on('close', () => this.#becomeDeaf());
    this.#timer = clock.every(heartbeatInterval, () => this.#tick());
  }

  /** Resolves when messages arrive. Rejects with `store-unavailable`. */
  async start(): Promise<void> {
    const { link, clock } = this.#options;
    await link.open();
    await this.#listen();
    link.client.on('ready', () => {
      this.#listen().catch(() => link.renew());
    });
    this.#heard = clock.monotonic();
    this.#started = true;
  }

  /** What goes over the wire, so that own messages of before a subscription can be told from later ones. */
  wrap({ topic, message }: Announcement): string {
    this.#sent += 1;
    return `${this.#process} ${this.#sent} ${JSON.stringify([topic, message])}`;
  }

  subscribe(topic: string, listener: Listener): Subscription {
    return this.#subscribers.add(topic, listener, this.#sent);
  }

  close(): void {
    this.#closed = true;
    this.#timer.cancel();
    this.#subscribers.clear();
    this.#options.link.close();
  }

  async #listen(): Promise<void> {
    const { link, keyPrefix } = this.#options;
    const channels = [topicsChannel(keyPrefix), heartChannel(keyPrefix, this.#process)];
    await link.call((client) => client.subscribe(...channels));
  }

  #tick(): void {
    if (!this.#started) return;
    const { clock, link, beat, keyPrefix } = this.#options;
    const now = clock.monotonic();
    const silence = now - this.#heard;
    if (silence >= deafAfter) this.#becomeDeaf();
    if (this.#beating >= mostBeats) return;
    this.#beating += 1;
    beat(heartChannel(keyPrefix, this.#process), String(now)).then(
      () => {
        this.#beating -= 1;
        // The way of writes is open and this one hears nothing of it.
        if (silence < renewAfter || now < this.#renewAt) return;
        this.#renewAt = now + renewAfter;
        link.renew();
      },
      // Whoever reads or writes is told; here silence says enough.
      () => {
        this.#beating -= 1;
      },
    );
  }

  #receive(channel: string, message: string): void {
    if (this.#closed) return;
    if (channel === topicsChannel(this.#options.keyPrefix)) this.#deliver(message);
    else this.#hear(Number(message));
  }

  #hear(sentAt: number): void {
    this.#heard = Math.max(this.#heard, sentAt);
    if (this.#options.clock.monotonic() - sentAt < deafAfter) this.#subscribers.becomeHearing();
  }

  #deliver(packed: string): void {
    const [origin = '', number = ''] = packed.split(' ', 2);
    const sent = origin === this.#process ? Number(number) : Number.POSITIVE_INFINITY;
    const [topic, message] = JSON.parse(packed.slice(origin.length + number.length + 2)) as [string, Json];
    this.#subscribers.deliver(topic, sent, message);
  }

  #becomeDeaf(): void {
    if (!this.#closed && this.#started) this.#subscribers.becomeDeaf();
  }
}
