import type { Clock } from '../clock.ts';
import type { Store } from '../storage/index.ts';
import { keyOf, type LogonPlace } from './logon-permits.ts';

/** The last logon of a user on a server that a 2FA session let in. */
export type EarlierLogon = {
  readonly session: string;
  /** Unix milliseconds. */
  readonly at: number;
};

const collection = 'logons';
/** The longest that a 2FA session can last, counted from its first remote session. Milliseconds. */
const longest = 43_200 * 60_000;

/**
 * Which 2FA session a user's logon on a server goes back to, so that who was disconnected may come back while it is valid.
 * Whether it is, only the session tells.
 */
export class EarlierLogons {
  readonly #store: Pick<Store, 'get' | 'put'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(parts: { store: Pick<Store, 'get' | 'put'>; clock: Pick<Clock, 'now'> }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  async find(place: LogonPlace): Promise<EarlierLogon | undefined> {
    return (await this.#store.get<EarlierLogon>(collection, keyOf(place)))?.value;
  }

  /** Every gate hears that this user's sessions have changed: one that it remembers as granted is active now. */
  async remember(place: LogonPlace, session: string): Promise<void> {
    const at = this.#clock.now();
    await this.#store.put(
      collection,
      keyOf(place),
      { session, at },
      { expiresAt: at + longest, announce: { topic: 'accounts', message: { user: place.user } } },
    );
  }
}
