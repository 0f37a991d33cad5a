import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { changeDocument, type Store } from '../storage/index.ts';
import { type LicenceTerms, readLicence } from './licence-file.ts';
import { serialNumber } from './serial-number.ts';

/** How many users are enabled; supplied by whoever knows them. */
export interface EnabledUsers {
  /** In all subscriptions; counts no further than `upTo`. */
  count(upTo: number): Promise<number>;
}

/** Without a distributor's key nothing is limited. Times in Unix milliseconds. */
export type LicenceState =
  | { readonly kind: 'unlimited'; readonly serial: string }
  | {
      readonly kind: 'trial' | 'licensed';
      readonly serial: string;
      readonly edition: string;
      /** How many users may be enabled. */
      readonly limit: number;
      readonly until: number;
      /** By a clock that never goes back. */
      readonly over: boolean;
    };

export type LicenceOptions = {
  readonly store: Pick<Store, 'get' | 'put' | 'delete'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly installation: { readonly id: string; readonly createdAt: number };
  /** The distributor's, from the configuration; absent: nothing is limited. */
  readonly publicKey?: string | undefined;
  readonly enabled: EnabledUsers;
};

type StoredLicence = { readonly file: string; readonly activatedAt: number };
/** The latest time that was ever seen here, Unix milliseconds. */
type SeenTime = { readonly latest: number };

const collection = 'licence';
const licenceDocument = { collection, key: 'default/file' };
const clockDocument = { collection, key: 'default/clock' };
const day = 86_400_000;
/** What a new installation may do without a licence. */
export const trial = { days: 30, users: 10 } as const;
/** Milliseconds that may pass before the time is written down. */
const clockStep = 600_000;
/** Far from the limit, a count is good for so long, and for so many more. Milliseconds. */
const countKept = 60_000;
const spare = 100;

/**
 * What the distributor of this installation has allowed, if one has a say in it at all. It decides one thing: whether
 * somebody new can be enabled. Whoever is enabled stays so, and nobody is let in with less than before.
 */
export class Licence {
  readonly #options: LicenceOptions;
  readonly #serial: string;
  /** The time that was last reckoned with, and when that was on the clock that never goes back. */
  #passed: { readonly time: number; readonly at: number } | undefined;
  #counted: { readonly at: number; readonly count: number } | undefined;

  constructor(options: LicenceOptions) {
    this.#options = options;
    this.#serial = serialNumber(options.installation.id);
  }

  get serial(): string {
    return this.#serial;
  }

  /** What holds now. Rejects with `store-unavailable`. */
  async state(): Promise<LicenceState> {
    const { publicKey, installation } = this.#options;
    const serial = this.#serial;
    if (publicKey === undefined) return { kind: 'unlimited', serial };
    const now = await this.#now();
    const terms = await this.#stored(publicKey);
    if (terms === undefined) {
      const until = installation.createdAt + trial.days * day;
      return { kind: 'trial', serial, edition: 'Trial', limit: trial.users, until, over: now >= until };
    }
    const { edition, users, until } = terms;
    return { kind: 'licensed', serial, edition, limit: users, until, over: now >= until };
  }

  /** Enabled users, as the licence counts them. */
  users(): Promise<number> {
    return this.#options.enabled.count(Number.POSITIVE_INFINITY);
  }

  /**
   * Asked before `more` users are enabled who aren't yet. Rejects with `licence-expired`, or `licence-exhausted` {limit}.
   */
  async requireRoom(more = 1): Promise<void> {
    if (this.#options.publicKey === undefined || more < 1) return;
    const state = await this.state();
    if (state.kind === 'unlimited') return;
    if (state.over) throw new GatewayError('licence-expired');
    const { limit } = state;
    const { clock, enabled } = this.#options;
    const known = this.#counted;
    if (
      known !== undefined &&
      clock.monotonic() - known.at < countKept &&
      known.count + more + spare < limit
    ) {
      this.#counted = { at: known.at, count: known.count + more };
      return;
    }
    const count = await enabled.count(limit);
    this.#counted = { at: clock.monotonic(), count: count + more };
    if (count + more > limit) throw new GatewayError('licence-exhausted', { params: { limit } });
  }

  /**
   * Takes the text of a `license.lic`. Rejects with `licence-off` without a distributor's key, and `licence-invalid`
   * {reason}: `malformed`, `signature`, `serial`, `expired`, or `older` than the one that holds.
   */
  async activate(file: string, actor: Actor): Promise<LicenceState> {
    const { publicKey, store, clock, audit } = this.#options;
    if (publicKey === undefined) throw new GatewayError('licence-off');
    const invalid = (reason: string) => new GatewayError('licence-invalid', { params: { reason } });
    const terms = readLicence(file, publicKey);
    if (typeof terms === 'string') throw invalid(terms);
    if (terms.serial !== this.#serial) throw invalid('serial');
    const before = await this.#stored(publicKey);
    if (before !== undefined && terms.issuedAt < before.issuedAt) throw invalid('older');
    const renewed = before === undefined || terms.issuedAt > before.issuedAt;
    // A clock that was once far ahead is forgiven with a new licence: never further back than it was issued.
    const now = renewed ? Math.max(clock.now(), terms.issuedAt) : await this.#now();
    if (now >= terms.until) throw invalid('expired');
    await store.put(collection, licenceDocument.key, { file: file.trim(), activatedAt: clock.now() });
    if (renewed) {
      await store.put(collection, clockDocument.key, { latest: now });
      this.#passed = undefined;
    }
    this.#counted = undefined;
    const { users, edition, until } = terms;
    audit.record({ type: 'licence.activated', users, edition, until, actor });
    return this.state();
  }

  /** Looks at the clock; called now and then, so that one set back is noticed. Rejects with `store-unavailable`. */
  async tick(): Promise<void> {
    if (this.#options.publicKey !== undefined) await this.#now();
  }

  async #stored(publicKey: string): Promise<LicenceTerms | undefined> {
    const found = await this.#options.store.get<StoredLicence>(collection, licenceDocument.key);
    if (found === undefined) return undefined;
    // Read anew each time: what stands in the store is worth what the signature says.
    const terms = readLicence(found.value.file, publicKey);
    return typeof terms === 'string' || terms.serial !== this.#serial ? undefined : terms;
  }

  /**
   * Never earlier than any time seen before, and going on while this process runs: a clock set back, once or every day,
   * lengthens nothing.
   */
  async #now(): Promise<number> {
    const { store, clock } = this.#options;
    const seen = (await store.get<SeenTime>(collection, clockDocument.key))?.value.latest ?? 0;
    const monotonic = clock.monotonic();
    const passed = this.#passed === undefined ? 0 : this.#passed.time + monotonic - this.#passed.at;
    const now = Math.floor(Math.max(clock.now(), seen, passed));
    this.#passed = { time: now, at: monotonic };
    if (now >= seen + clockStep) {
      await changeDocument<SeenTime>(store, clockDocument, (found) =>
        found !== undefined && found.latest >= now ? undefined : { value: { latest: now } },
      );
    }
    return now;
  }
}
