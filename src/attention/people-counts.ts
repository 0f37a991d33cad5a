import {
  type DirectoryUser,
  type EnabledEntry,
  foldName,
  type Listing,
  obligation,
  subjectOfGroup,
  subjectOfUser,
} from '../accounts/index.ts';
import type { Clock } from '../clock.ts';
import { isConflict, type Json, type Store } from '../storage/index.ts';
import { inSlices } from './in-slices.ts';

/** How it stands with the users that this gateway knows of one subscription. */
export type PeopleCount = {
  /** Of the local directory all, of others those who have been here. */
  readonly users: number;
  readonly enabled: number;
  readonly enrolled: number;
  readonly notEnrolled: number;
  readonly exempt: number;
  /** Enabled for more than two weeks and not enrolled: how many, and the first few names. */
  readonly overdue: number;
  readonly overdueNames: readonly string[];
  /** Whose codes are to come by SMS or email, whether enrolled so or told so by an administrator. */
  readonly bySms: number;
  readonly byEmail: number;
  /** Unix milliseconds. */
  readonly countedAt: number;
};

/** What is looked through, each once from one end to the other. */
export type People = {
  users(subscription: string): AsyncIterable<DirectoryUser>;
  /** The list, *Everyone* included where it counts. */
  entries(subscription: string): AsyncIterable<EnabledEntry>;
  /** What users have, by user key; those who have nothing may be left out. */
  enrolments(
    subscription: string,
  ): AsyncIterable<{ readonly user: string; readonly methods: readonly string[] }>;
  administrators(): AsyncIterable<string>;
};

/** Two weeks, in milliseconds. */
const overdueAfter = 14 * 86_400_000;
const mostNames = 5;

/** Goes through everybody once: for 100,000 users a second or two, in small steps. */
export async function countPeople(
  people: People,
  subscription: string,
  rules: { readonly now: number; readonly enabled: boolean },
): Promise<PeopleCount> {
  const { now } = rules;
  const entries = new Map<string, EnabledEntry>();
  for await (const entry of inSlices(people.entries(subscription)))
    entries.set(canonical(entry.subject), entry);
  const administrators = new Set<string>();
  for await (const user of inSlices(people.administrators())) administrators.add(user);
  const enrolled = new Map<string, readonly string[]>();
  for await (const { user, methods } of inSlices(people.enrolments(subscription)))
    enrolled.set(user, methods);
  const count = {
    users: 0,
    enabled: 0,
    enrolled: 0,
    notEnrolled: 0,
    exempt: 0,
    overdue: 0,
    bySms: 0,
    byEmail: 0,
  };
  const overdueNames: string[] = [];
  for await (const user of inSlices(people.users(subscription))) {
    const owed = obligation(
      {
        listing: listingOf(user, entries),
        groupsComplete: user.groupsComplete,
        administrator: administrators.has(user.key),
        knownSince: user.createdAt ?? 0,
        now,
      },
      rules,
    );
    const methods = enrolled.get(user.key) ?? [];
    count.users += 1;
    if (methods.length > 0) count.enrolled += 1;
    if (methods.includes('sms') || (owed.required && owed.method === 'sms')) count.bySms += 1;
    if (methods.includes('email') || (owed.required && owed.method === 'email')) count.byEmail += 1;
    if (!owed.required) {
      if (owed.rule === 'exempt') count.exempt += 1;
      continue;
    }
    count.enabled += 1;
    if (methods.length > 0) continue;
    count.notEnrolled += 1;
    // Since 0 nothing is known: that is no reason to call somebody late.
    if (user.disabled || owed.since === 0 || now - owed.since < overdueAfter) continue;
    count.overdue += 1;
    if (overdueNames.length < mostNames) overdueNames.push(user.name);
  }
  return { ...count, overdueNames, countedAt: now };
}

function listingOf(user: DirectoryUser, entries: ReadonlyMap<string, EnabledEntry>): Listing {
  const groups = user.groups.flatMap(
    (group) => entries.get(canonical(subjectOfGroup(user.directory, group))) ?? [],
  );
  return { everyone: entries.get('everyone'), user: entries.get(subjectOfUser(user.key)), groups };
}

/** Groups are compared by their folded names; user keys as they are. */
const canonical = (subject: string): string => (subject.startsWith('group:') ? foldName(subject) : subject);

const collection = 'statistics';
/** Milliseconds. */
const goodFor = 10 * 60_000;
const countingFor = 2 * 60_000;
/** How long a page waits for the very first count. */
const patience = 500;

/** The count of each subscription in the store: made anew by whoever looks first after ten minutes, once for all replicas. */
export class PeopleCounts {
  readonly #parts: {
    readonly store: Pick<Store, 'get' | 'put' | 'delete'>;
    readonly clock: Pick<Clock, 'now' | 'after'>;
    readonly count: (subscription: string) => Promise<PeopleCount>;
    readonly log: { warn(fields: Record<string, unknown>, message: string): void };
  };

  constructor(parts: {
    store: Pick<Store, 'get' | 'put' | 'delete'>;
    clock: Pick<Clock, 'now' | 'after'>;
    count: (subscription: string) => Promise<PeopleCount>;
    log: { warn(fields: Record<string, unknown>, message: string): void };
  }) {
    this.#parts = parts;
  }

  /** The latest count; undefined while the very first is being made. `wait`: rather waits for a fresh one. */
  async latest(subscription: string, wait = false): Promise<PeopleCount | undefined> {
    const { store, clock, log } = this.#parts;
    const found = await store.get<Json>(collection, `${subscription}/people`);
    const known = found?.value as PeopleCount | undefined;
    const age = known === undefined ? Number.POSITIVE_INFINITY : clock.now() - known.countedAt;
    if (age >= 0 && age < goodFor) return known;
    const counting = this.#renew(subscription);
    if (wait) return (await counting) ?? known;
    counting.catch((error: unknown) => log.warn({ error }, 'users could not be counted'));
    if (known !== undefined) return known;
    // A small site is counted at once; a large one is told so when somebody looks again.
    const later = new Promise<undefined>((resolve) => clock.after(patience, () => resolve(undefined)));
    return Promise.race([counting.catch(() => undefined), later]);
  }

  /** Undefined when somebody else is counting. */
  async #renew(subscription: string): Promise<PeopleCount | undefined> {
    const { store, clock, count } = this.#parts;
    const claim = `${subscription}/people-claim`;
    try {
      await store.put(collection, claim, true, { ifVersion: 'absent', expiresAt: clock.now() + countingFor });
    } catch (error) {
      if (isConflict(error)) return undefined;
      throw error;
    }
    try {
      const counted = await count(subscription);
      await store.put(collection, `${subscription}/people`, counted);
      return counted;
    } finally {
      await store.delete(collection, claim);
    }
  }
}
