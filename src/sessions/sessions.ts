import type { Actor, Audit, Metrics } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { type Random, randomName } from '../random.ts';
import type { SettingsReader } from '../settings/index.ts';
import {
  type Announcement,
  changeDocument,
  type ListQuery,
  type Page,
  type Store,
} from '../storage/index.ts';
import {
  deadline,
  granted,
  judge,
  latestEnd,
  next,
  type SessionEvent,
  type Validity,
  validityOf,
} from './lifecycle.ts';
import type { AuthenticationMethods, SessionRecord, SessionState, SessionUser } from './session.ts';
import { liveTerm, nameTerms, type SessionSearch, searchSessions } from './session-search.ts';

/** What finds a session in the store. */
export type SessionReference = {
  readonly subscription: string;
  readonly user: string;
  readonly id: string;
};

/** What a session is granted for. */
export type Grant = {
  readonly subscription: string;
  readonly user: SessionUser;
  readonly amr: AuthenticationMethods;
  /** *This is a shared computer*: the cookie dies with the browser. */
  readonly shared: boolean;
  readonly address: string;
  readonly browser: string;
};

/** `first`: this opening is T1. */
export type Opening =
  | { readonly result: 'opened'; readonly session: SessionRecord; readonly first: boolean }
  | { readonly result: 'refused'; readonly reason: 'expired' | 'revoked' | 'unknown' };

/** `session` as it is now, with later deadlines. */
export type Renewal =
  | { readonly result: 'renewed'; readonly session: SessionRecord }
  | { readonly result: 'refused'; readonly reason: 'expired' | 'revoked' | 'unknown' };

/** Why, for the audit log, and by whom. */
export type Revocation = {
  readonly reason: string;
  readonly actor: Actor;
  /** In an administrator's words. */
  readonly note?: string;
};

const collection = 'sessions';
/** How long a record outlives its session, so that open tunnels and late questions still find it. Milliseconds. */
const retention = 7 * 86_400_000;

export const referenceTo = (session: SessionRecord): SessionReference => ({
  subscription: session.subscription,
  user: session.user.key,
  id: session.id,
});

const sessionKey = ({ subscription, user, id }: SessionReference): string => `${subscription}/${user}/${id}`;

const documentOf = (reference: SessionReference) => ({ collection, key: sessionKey(reference) });

/** A session after an event, and the state it had before. */
type Change = { readonly session: SessionRecord; readonly before: SessionState };

/** Minutes are fine enough to tell of: where each opening moves the end, hundreds in a second would outrun every reader. */
const minute = 60_000;
const movesEnd = (before: SessionState, after: SessionState): boolean =>
  Math.floor(latestEnd(before) / minute) !== Math.floor(latestEnd(after) / minute) ||
  before.name !== after.name;

/** Whether the password alone was proven. */
export const isPasswordOnly = ({ amr }: { amr: AuthenticationMethods }): boolean =>
  amr.every((method) => method === 'pwd');

const passwordOnly = 'password-only';

/** What a session is found by: how it was proven and its state, until it has ended, and the names of its user. */
function termsOf(session: SessionRecord): string[] {
  const { state, user } = session;
  const names = nameTerms(user.name, user.displayName);
  if (state.name !== 'granted' && state.name !== 'active') return names;
  return [...names, liveTerm(state.name), ...(isPasswordOnly(session) ? [passwordOnly] : [])];
}

/** The 2FA sessions in the store: the authority on who may still pass. All methods reject with `store-unavailable`. */
export class Sessions {
  readonly #store: Store;
  readonly #settings: SettingsReader;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #audit: Audit;
  readonly #metrics: Pick<Metrics, 'sessionEntered'>;
  /** Changes to one session queue up within this process, so that only other processes can conflict. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: {
    store: Store;
    settings: SettingsReader;
    clock: Clock;
    random: Random;
    audit: Audit;
    metrics: Pick<Metrics, 'sessionEntered'>;
  }) {
    this.#store = options.store;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#audit = options.audit;
    this.#metrics = options.metrics;
  }

  /** A new session from now (T0) on, with the deadlines of the settings in force. */
  async grant(grant: Grant): Promise<SessionRecord> {
    const now = this.#clock.now();
    const session: SessionRecord = {
      id: randomName(this.#random),
      subscription: grant.subscription,
      user: grant.user,
      amr: grant.amr,
      verifiedAt: now,
      state: granted(this.validity(grant.subscription), now),
      shared: grant.shared,
      address: grant.address,
      browser: grant.browser,
    };
    await this.#store.put(collection, sessionKey(referenceTo(session)), session, {
      ifVersion: 'absent',
      expiresAt: latestEnd(session.state) + retention,
      terms: termsOf(session),
    });
    this.#metrics.sessionEntered('granted');
    return session;
  }

  /** The record as stored, ended or not; undefined when there is none any more. */
  async find(reference: SessionReference): Promise<SessionRecord | undefined> {
    return (await this.#store.get<SessionRecord>(collection, sessionKey(reference)))?.value;
  }

  /**
   * Opens a remote session whose request arrived at `arrivedAt` and whose upstream accepted now. One
   * compare-and-set: of simultaneous first openings one gives T1, and a revocation meanwhile wins. Where it moves a
   * deadline, every replica hears that this user's sessions have changed: one that remembers this one as granted would
   * refuse it when that time is over.
   */
  async open(reference: SessionReference, arrivedAt: number): Promise<Opening> {
    const validity = this.validity(reference.subscription);
    const change = await this.#change(reference, { type: 'opened', arrivedAt, validity }, (before, after) =>
      movesEnd(before, after) ? { topic: 'accounts', message: { user: reference.user } } : undefined,
    );
    if (change === undefined) return { result: 'refused', reason: 'unknown' };
    const state = change.session.state.name;
    if (state === 'expired' || state === 'revoked') return { result: 'refused', reason: state };
    return { result: 'opened', session: change.session, first: change.before.name === 'granted' };
  }

  /**
   * Begins both clocks anew after a second factor was proven again; the request that brought it arrived at
   * `arrivedAt`. Nothing brings an ended session back. Every replica hears that this user's sessions have changed.
   */
  async renew(
    reference: SessionReference,
    renewal: { readonly amr: AuthenticationMethods; readonly arrivedAt: number },
  ): Promise<Renewal> {
    const validity = this.validity(reference.subscription);
    const { amr, arrivedAt } = renewal;
    const change = await this.#change(
      reference,
      { type: 'renewed', arrivedAt, validity },
      { topic: 'accounts', message: { user: reference.user } },
      (now) => ({ amr, verifiedAt: now, renewedAt: now }),
    );
    if (change === undefined) return { result: 'refused', reason: 'unknown' };
    const state = change.session.state.name;
    if (state === 'expired' || state === 'revoked') return { result: 'refused', reason: state };
    return { result: 'renewed', session: change.session };
  }

  /**
   * Writes down that the session was seen to expire at `at` (Unix milliseconds) in the state `was`, so that it
   * stays so whatever the clock and the settings do.
   */
  async expire(reference: SessionReference, at: number, was: SessionState): Promise<void> {
    await this.#change(reference, { type: 'expired', at, was });
  }

  /** Ends one session at once and everywhere. Resolves to whether it was still there to be ended. */
  async revoke(reference: SessionReference, { reason, actor, note }: Revocation): Promise<boolean> {
    const message = { user: reference.user, session: reference.id, reason };
    const change = await this.#change(
      reference,
      { type: 'revoked', reason },
      { topic: 'revocations', message },
    );
    if (change === undefined || change.before.name === 'revoked') return false;
    this.#audit.record({
      type: 'session.revoked',
      ...(reference.subscription === 'default' ? {} : { subscription: reference.subscription }),
      user: reference.user,
      session: reference.id,
      reason,
      ...(note === undefined ? {} : { note }),
      actor,
    });
    return true;
  }

  /**
   * Ends all sessions of a user, those granted meanwhile included; `only` limits it to some, for instance
   * password-only ones. Resolves to how many were ended.
   */
  async revokeAll(
    user: { subscription: string; user: string },
    revocation: Revocation,
    only: (session: SessionRecord) => boolean = () => true,
  ): Promise<number> {
    let ended = 0;
    for (let round = 0; round < 3; round++) {
      let found = 0;
      for (const session of await this.listOf(user)) {
        if (session.state.name === 'revoked' || !only(session)) continue;
        if (await this.revoke(referenceTo(session), revocation)) found++;
      }
      if (found === 0) break;
      ended += found;
    }
    return ended;
  }

  /** All records of a user, ended ones included as long as they are kept, ordered by id. */
  async listOf({ subscription, user }: { subscription: string; user: string }): Promise<SessionRecord[]> {
    const sessions: SessionRecord[] = [];
    let after: string | undefined;
    do {
      const page = await this.list({
        prefix: `${subscription}/${user}/`,
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      sessions.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return sessions;
  }

  /** One page of records, by the beginning of their key (`subscription/user key/session id`) or a term. */
  async list(query: ListQuery): Promise<Page<SessionRecord>> {
    const page = await this.#store.list<SessionRecord>(collection, query);
    return {
      items: page.items.map(({ value }) => value),
      ...(page.next === undefined ? {} : { next: page.next }),
    };
  }

  /** One page of what administrators look for; a session whose end nobody has written down yet counts as ended. */
  search(search: SessionSearch): Promise<Page<SessionRecord>> {
    return searchSessions(search, {
      list: (query) => this.list(query),
      stateOf: (session) => this.stateOf(session),
    });
  }

  /** One page of the password-only sessions that have not ended, of all users. */
  async listPasswordOnly(query: { after?: string; limit: number }): Promise<Page<SessionRecord>> {
    const page = await this.list({ ...query, term: passwordOnly });
    return { ...page, items: page.items.filter(isPasswordOnly) };
  }

  /** Keeps the record of an ended session that still has open tunnels. */
  async retain(reference: SessionReference): Promise<void> {
    const expiresAt = this.#clock.now() + retention;
    await changeDocument<SessionRecord>(this.#store, documentOf(reference), (session) =>
      session === undefined ? undefined : { value: session, options: { expiresAt, terms: termsOf(session) } },
    );
  }

  /** The state as it is now. */
  stateOf(session: SessionRecord): SessionState {
    return judge(session.state, this.validity(session.subscription), this.#clock.now());
  }

  /** When the session can no longer open anything, as far as is known now; Unix milliseconds. */
  endsAt(session: SessionRecord): number {
    return deadline(session.state, this.validity(session.subscription));
  }

  validity(subscription: string): Validity {
    return validityOf(this.#settings.current(subscription));
  }

  /** Applies an event by compare-and-set. Undefined when there is no such session. */
  #change(
    reference: SessionReference,
    event: SessionEvent,
    announce?: Announcement | ((before: SessionState, after: SessionState) => Announcement | undefined),
    more: (now: number) => Partial<SessionRecord> = () => ({}),
  ): Promise<Change | undefined> {
    return this.#inTurn(sessionKey(reference), async () => {
      const seen: { last?: Change; entered?: SessionState['name'] } = {};
      await changeDocument<SessionRecord>(this.#store, documentOf(reference), (found) => {
        delete seen.last;
        delete seen.entered;
        if (found === undefined) return undefined;
        const now = this.#clock.now();
        const state = next(found.state, event, now);
        // What came too late changes nothing: an opening that arrived earlier may still wait for its upstream.
        const late = (event.type === 'opened' || event.type === 'renewed') && state.name === 'expired';
        const unchanged = state === found.state || late;
        const session: SessionRecord = { ...found, ...(unchanged ? {} : more(now)), state };
        seen.last = { session, before: found.state };
        if (unchanged) return undefined;
        if (state.name !== found.state.name) seen.entered = state.name;
        const expiresAt = latestEnd(state) + retention;
        const options = { expiresAt, terms: termsOf(session) };
        const told = typeof announce === 'function' ? announce(found.state, state) : announce;
        return { value: session, options: told === undefined ? options : { ...options, announce: told } };
      });
      if (seen.entered !== undefined) this.#metrics.sessionEntered(seen.entered);
      return seen.last;
    });
  }

  async #inTurn<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const turn = before.then(task, task);
    this.#queues.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#queues.get(key) === turn) this.#queues.delete(key);
    }
  }
}
