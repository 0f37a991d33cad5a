import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { isConflict, type Page, requireVersion, type Store } from '../storage/index.ts';
import type { DirectoryUser } from './account.ts';
import { foldTerm, termsOf } from './fold-name.ts';

/** A user who may connect with an RDP client without a code. Times in Unix milliseconds. */
export type WhitelistEntry = {
  readonly user: string;
  /** As they were called when the entry was written. */
  readonly name: string;
  readonly displayName: string;
  readonly reason: string;
  readonly since: number;
  readonly by: Actor;
  /** Absent: for good. */
  readonly until?: number;
};

export type VersionedWhitelistEntry = { readonly entry: WhitelistEntry; readonly version: number };

const collection = 'rdp-whitelist';
const topic = 'accounts';
/** Characters. */
const longestReason = 200;

/** Whether an entry spares its user the code at `now`; one whose time is over, or none at all, doesn't. */
export const isWhitelisted = (entry: Pick<WhitelistEntry, 'until'> | undefined, now: number): boolean =>
  entry !== undefined && (entry.until === undefined || now < entry.until);

/** Who may connect with an RDP client without a code. */
export class RdpWhitelist {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #auditOf: (subscription: string) => Pick<Audit, 'record'>;

  /** `auditOf`: what is recorded says whose it is. */
  constructor(parts: {
    store: Store;
    clock: Pick<Clock, 'now'>;
    auditOf(subscription: string): Pick<Audit, 'record'>;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#auditOf = parts.auditOf;
  }

  /** Whether this user may connect without a code now. Rejects with `store-unavailable`. */
  async spares(subscription: string, user: string): Promise<boolean> {
    return isWhitelisted((await this.find(subscription, user))?.entry, this.#clock.now());
  }

  async find(subscription: string, user: string): Promise<VersionedWhitelistEntry | undefined> {
    const found = await this.#store.get<WhitelistEntry>(collection, keyOf(subscription, user));
    return found && { entry: found.value, version: found.version };
  }

  /** One page in the order of user keys; with `term`, of those of whom a word begins with it. */
  async list(
    subscription: string,
    query: { term?: string | undefined; after?: string | undefined; limit: number },
  ): Promise<Page<WhitelistEntry>> {
    const term = foldTerm(query.term ?? '');
    const page = await this.#store.list<WhitelistEntry>(collection, {
      prefix: `${subscription}/`,
      limit: query.limit,
      ...(term === '' ? {} : { term }),
      ...(query.after === undefined ? {} : { after: query.after }),
    });
    return { ...page, items: page.items.map(({ value }) => value) };
  }

  /**
   * Puts a user there, or changes their entry. `seen`: the version that it is a change of. Rejects with
   * `invalid-request` for no reason or a time that is over, and with `changed-meanwhile`.
   */
  async put(
    subscription: string,
    user: Pick<DirectoryUser, 'key' | 'name' | 'displayName'>,
    wish: { readonly reason: string; readonly until?: number | undefined },
    actor: Actor,
    seen?: string,
  ): Promise<WhitelistEntry> {
    const now = this.#clock.now();
    const reason = wish.reason.trim();
    if (reason === '' || reason.length > longestReason || /\p{Cc}/u.test(reason)) {
      throw new GatewayError('invalid-request');
    }
    if (wish.until !== undefined && !(Number.isSafeInteger(wish.until) && wish.until > now)) {
      throw new GatewayError('invalid-request');
    }
    const before = await this.find(subscription, user.key);
    requireVersion(before?.version, seen);
    const { key, name, displayName } = user;
    const entry: WhitelistEntry = {
      user: key,
      name,
      displayName,
      reason,
      since: before?.entry.since ?? now,
      by: actor,
      ...(wish.until === undefined ? {} : { until: wish.until }),
    };
    try {
      await this.#store.put(collection, keyOf(subscription, key), entry, {
        terms: termsOf(name, displayName, reason),
        announce: { topic, message: { user: key } },
        ...(seen === undefined ? {} : { ifVersion: before?.version ?? 'absent' }),
      });
    } catch (error) {
      throw isConflict(error) ? new GatewayError('changed-meanwhile', { cause: error }) : error;
    }
    const { until } = entry;
    const how = before === undefined ? 'added' : 'changed';
    const more = until === undefined ? {} : { until };
    this.#auditOf(subscription).record({
      type: 'rdp-whitelist.changed',
      user: key,
      name,
      how,
      reason,
      ...more,
      actor,
    });
    return entry;
  }

  /** Takes a user off it. Resolves to their entry, undefined when there was none. */
  async remove(subscription: string, user: string, actor: Actor): Promise<WhitelistEntry | undefined> {
    const before = (await this.find(subscription, user))?.entry;
    if (before === undefined) return undefined;
    await this.forget(subscription, user);
    const { name, reason } = before;
    this.#auditOf(subscription).record({
      type: 'rdp-whitelist.changed',
      user,
      name,
      how: 'removed',
      reason,
      actor,
    });
    return before;
  }

  /** After an account was deleted. */
  async forget(subscription: string, user: string): Promise<void> {
    const announce = { topic, message: { user } };
    await this.#store.delete(collection, keyOf(subscription, user), { announce });
  }
}

const keyOf = (subscription: string, user: string): string => `${subscription}/${user}`;
