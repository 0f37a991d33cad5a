import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { SentMethod } from '../second-factors/index.ts';
import { changeDocument, type Store } from '../storage/index.ts';
import type { KnownDevice } from './known-devices.ts';
import {
  allDevicesRule,
  type CountedSend,
  countSend,
  failSend,
  type SendCount,
  type SendRule,
  sendRule,
  sendsForgottenAt,
} from './send-allowance-arithmetic.ts';

/** Who wants a code sent. */
export type Sending = {
  readonly subscription: string;
  readonly user: string;
  readonly method: SentMethod;
  /** Has an allowance of its own, so that nobody who knows the password can use up that of the user. */
  readonly device?: KnownDevice | undefined;
};

/** A message that was counted; `failed` says that it was not sent after all. */
export type CountedMessage = { failed(): Promise<void> };

const collection = 'counters';

/** How many codes one user can have sent, whatever sign-ins they begin, counted in the store before they are sent. */
export class SendAllowance {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(parts: { store: Store; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /**
   * Counts one message. Rejects with `code-just-sent` {seconds} or `too-many-codes` {minutes}, and `retryAfter`.
   * `failed` says that it was not sent after all.
   */
  async count(sending: Sending): Promise<CountedMessage> {
    const one = await this.#count(keyOf(sending), sending.method, sendRule);
    if (sending.device === undefined) return one;
    const all = await this.#count(allDevicesKey(sending), sending.method, allDevicesRule).catch(
      async (error: unknown) => {
        await one.failed();
        throw error;
      },
    );
    return {
      failed: async () => {
        await one.failed();
        await all.failed();
      },
    };
  }

  async #count(key: string, method: SentMethod, rule: SendRule): Promise<CountedMessage> {
    const document = { collection, key };
    const now = this.#clock.now();
    const options = { expiresAt: sendsForgottenAt(now) };
    let counted: CountedSend | undefined;
    await changeDocument<SendCount>(this.#store, document, (known) => {
      counted = countSend(known, method, now, rule);
      return counted.allowed ? { value: counted.count, options } : undefined;
    });
    if (counted === undefined) throw new GatewayError('internal');
    if (!counted.allowed) throw refusalOf(counted, now);
    return {
      failed: async () => {
        await changeDocument<SendCount>(this.#store, document, (count) =>
          count === undefined ? undefined : { value: failSend(count, method, now), options },
        );
      },
    };
  }
}

function refusalOf(refused: Extract<CountedSend, { allowed: false }>, now: number): GatewayError {
  const seconds = Math.max(1, Math.ceil((refused.until - now) / 1000));
  return refused.reason === 'just-sent'
    ? new GatewayError('code-just-sent', { params: { seconds }, retryAfter: seconds })
    : new GatewayError('too-many-codes', {
        params: { minutes: Math.ceil(seconds / 60) },
        retryAfter: seconds,
      });
}

const allDevicesKey = ({ subscription, user }: Sending): string => `${subscription}/sends/${user}/devices`;

/** The key of a device's document ends in a hash of its cookie. */
const keyOf = ({ subscription, user, device }: Sending): string =>
  device === undefined
    ? `${subscription}/sends/${user}`
    : `${subscription}/sends/${user}/${device.key.split('/').at(-1)}`;
