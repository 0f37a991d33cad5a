import type { Clock } from '../clock.ts';
import { isConflict, type Store } from '../storage/index.ts';

/** One logon of one user on one server, permitted by a click. */
export type Permit = {
  /** The 2FA session that clicked, and that the logon opens. */
  readonly session: string;
  readonly application: string;
  /** Unix milliseconds. */
  readonly clickedAt: number;
};

/** A permit, with what proves that nobody has taken it since. */
export type FoundPermit = Permit & { readonly version: number };

/** Whose logon, and where. `server` is folded. */
export type LogonPlace = { readonly subscription: string; readonly user: string; readonly server: string };

const collection = 'logon-permits';
/** Milliseconds between a click and its logon. */
const permitLifetime = 120_000;

/** What the cards of the launcher permit: for two minutes, for one logon, on whichever replica it is asked for. */
export class LogonPermits {
  readonly #store: Pick<Store, 'get' | 'put' | 'delete'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(parts: { store: Pick<Store, 'get' | 'put' | 'delete'>; clock: Pick<Clock, 'now'> }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** Takes the place of one that is there: clicking twice still permits one logon. Resolves to when it ends. */
  async give(place: LogonPlace, by: Pick<Permit, 'session' | 'application'>): Promise<number> {
    const clickedAt = this.#clock.now();
    const expiresAt = clickedAt + permitLifetime;
    const { session, application } = by;
    await this.#store.put(collection, keyOf(place), { session, application, clickedAt }, { expiresAt });
    return expiresAt;
  }

  async find(place: LogonPlace): Promise<FoundPermit | undefined> {
    const found = await this.#store.get<Permit>(collection, keyOf(place));
    return found && { ...found.value, version: found.version };
  }

  /** Whether it was still there to take: of several who ask at once, one. */
  async take(place: LogonPlace, { version }: FoundPermit): Promise<boolean> {
    try {
      return await this.#store.delete(collection, keyOf(place), { ifVersion: version });
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }
}

export const keyOf = ({ subscription, user, server }: LogonPlace): string =>
  `${subscription}/${user}/${server}`;
