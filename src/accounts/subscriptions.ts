import { z } from 'zod';
import type { Actor, Audit, Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { changeDocument, type Json, type Store, TopicFollower } from '../storage/index.ts';
import { foldName, isName } from './fold-name.ts';
import {
  assignmentKey,
  directoryOfGroup,
  type PlacedPerson,
  type Places,
  placesOf,
  placeUser,
} from './place-user.ts';
import { type Assignment, assignmentKinds, defaultSubscription, type Subscription } from './subscription.ts';

export type SubscriptionsOptions = {
  store: Store;
  clock: Clock;
  audit: Pick<Audit, 'record'>;
  log: Pick<Log, 'error' | 'warn'>;
  /** Names of the directories there are; one that isn't there can't be assigned. Default: any. */
  directories?: () => readonly string[];
  /** Hosts (`host[:port]`) that can be assigned: those of applications, never the portal's. Default: any. */
  hosts?: () => readonly string[];
};

const collection = 'subscriptions';
const topic = 'subscriptions';
const document = { collection, key: `${defaultSubscription}/registry` };
/** More than any site has; all of them are kept in memory and in one document. */
const most = 500;
const mostAssignments = 200;

const shape = z.object({
  subscriptions: z.array(
    z.object({
      id: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/),
      name: z.string(),
      createdAt: z.number(),
      revision: z.number(),
      assignments: z.array(z.object({ kind: z.enum(assignmentKinds), value: z.string() })),
      shares: z.array(z.enum(['sms', 'email'])),
      removedAt: z.number().exactOptional(),
    }),
  ),
});

/** As long as nobody has changed anything. */
const alone: Subscription = {
  id: defaultSubscription,
  name: 'Default',
  createdAt: 0,
  revision: 0,
  assignments: [],
  shares: [],
};

type Held = {
  readonly all: readonly Subscription[];
  readonly places: Places;
  readonly hasHosts: boolean;
};

const held = (all: readonly Subscription[]): Held => ({
  all,
  places: placesOf(all),
  hasHosts: all.some(({ assignments }) => assignments.some(({ kind }) => kind === 'host')),
});

/**
 * The subscriptions and who belongs to which, in memory, as stored: one document, so that no directory, domain, group
 * or host can come to belong to two. Changes are in force when their call returns here, and within a second in every
 * process on the same store. What cannot be read changes nothing: on a guess, people would enrol anew.
 */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #follower: TopicFollower;
  readonly #listeners = new Set<() => void>();
  #held: Held = held([alone]);

  private constructor(options: SubscriptionsOptions) {
    this.#options = options;
    const { store, clock, log } = options;
    this.#follower = new TopicFollower({
      store,
      clock,
      topic,
      read: () => this.#read(),
      failed: (error) =>
        log.error({ error }, 'subscriptions cannot be read; those known so far stay in force'),
    });
  }

  /** Reads all of them and follows their changes. Rejects with `store-unavailable`, or `internal` for what cannot be read. */
  static async open(options: SubscriptionsOptions): Promise<Subscriptions> {
    const subscriptions = new Subscriptions(options);
    await subscriptions.#follower.start();
    return subscriptions;
  }

  /** Those that are not deleted: `default` first, then as they were made. */
  all(): readonly Subscription[] {
    return this.#held.all.filter(({ removedAt }) => removedAt === undefined);
  }

  /** Deleted ones whose assignments still keep people out. */
  removed(): readonly Subscription[] {
    return this.#held.all.filter(({ removedAt }) => removedAt !== undefined);
  }

  /** Whether there is another one than `default`, or was: from then on everybody is assigned. */
  get several(): boolean {
    return this.#held.all.length > 1;
  }

  /** Undefined for a deleted one. */
  get(id: string): Subscription | undefined {
    return this.all().find((each) => each.id === id);
  }

  /** By id, or by name however it is written. */
  named(text: string): Subscription | undefined {
    const folded = foldName(text);
    return this.get(folded) ?? this.all().find(({ name }) => foldName(name) === folded);
  }

  /** The id of the one that a person belongs to, perhaps a deleted one; `?` when nobody can say now. */
  of(person: PlacedPerson): string {
    return placeUser(this.#held.places, person);
  }

  /** The id of the one that `host[:port]` belongs to, perhaps a deleted one; undefined when it is everybody's. */
  ofHost(host: string): string | undefined {
    return this.#held.places.assigned.get(assignmentKey({ kind: 'host', value: host }))?.subscription;
  }

  /** Whether people of a directory can belong to one, as far as assignments tell: a domain may be any directory's. */
  canHold(id: string, directory: string): boolean {
    const folded = foldName(directory);
    const assigns = ({ kind, value }: Assignment): boolean =>
      kind === 'directory'
        ? foldName(value) === folded
        : kind === 'group' && directoryOfGroup(value) === folded;
    const own = this.get(id)?.assignments ?? [];
    if (own.some((each) => each.kind === 'domain' || assigns(each))) return true;
    const others = this.#held.all.filter((each) => each.id !== id).flatMap(({ assignments }) => assignments);
    return id === defaultSubscription && !others.some((each) => each.kind === 'directory' && assigns(each));
  }

  /** Whether any host belongs to one. */
  get hasHosts(): boolean {
    return this.#held.hasHosts;
  }

  /** What can be assigned, as far as there is a list of it. */
  get assignable(): { readonly directories: readonly string[]; readonly hosts: readonly string[] } {
    const { directories = () => [], hosts = () => [] } = this.#options;
    return { directories: directories(), hosts: [...new Set(hosts())] };
  }

  shares(id: string, kind: 'sms' | 'email'): boolean {
    return this.get(id)?.shares.includes(kind) ?? false;
  }

  /** Calls back after any change, once memory has it. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A new one, with two factors on for everybody and nobody in it yet. `id` is made of the name unless it is given.
   * Rejects with `invalid-request` and `name-taken` {name}; a deleted one's id counts as taken.
   */
  async create(wish: { readonly name: string; readonly id?: string }, actor: Actor): Promise<Subscription> {
    const name = wish.name.trim();
    const id = wish.id ?? idOf(name);
    if (!isName(name) || !shape.shape.subscriptions.element.shape.id.safeParse(id).success) {
      throw new GatewayError('invalid-request');
    }
    const created: Subscription = { ...alone, id, name, createdAt: this.#options.clock.now(), revision: 1 };
    await this.#change((all) => {
      if (all.length >= most) throw new GatewayError('invalid-request');
      if (all.some((each) => each.id === id)) throw new GatewayError('name-taken', { params: { name: id } });
      requireFreeName(all, id, name);
      return [...all, created];
    });
    this.#options.audit.record({ type: 'subscription.created', subscription: id, name, actor });
    return created;
  }

  /** Another name; everything else stays, since everything is kept by the id. Rejects with `unknown-subscription`, `name-taken`, `changed-meanwhile`. */
  async rename(id: string, name: string, actor: Actor, revision?: number): Promise<Subscription> {
    const wanted = name.trim();
    if (!isName(wanted)) throw new GatewayError('invalid-request');
    return this.#changeOne(id, actor, revision, (one, all) => {
      requireFreeName(all, id, wanted);
      return { to: { ...one, name: wanted }, what: `${one.name} → ${wanted}` };
    });
  }

  /**
   * Assigns a directory, domain, group or host. What belongs to another one is only moved when `from` names that one;
   * from a deleted one it may always be taken. Rejects with `unknown-subscription`, `invalid-request`,
   * `assignment-taken` {subscription}.
   */
  async assign(
    id: string,
    assignment: Assignment,
    actor: Actor,
    { from, revision }: { readonly from?: string; readonly revision?: number } = {},
  ): Promise<Subscription> {
    const checked = this.#checked(assignment);
    const key = assignmentKey(checked);
    return this.#changeOne(id, actor, revision, (one, all) => {
      const owner = all.find(({ assignments }) => assignments.some((each) => assignmentKey(each) === key));
      if (owner?.id === id) return undefined;
      if (owner !== undefined && owner.removedAt === undefined && owner.id !== from) {
        throw new GatewayError('assignment-taken', { params: { subscription: owner.name } });
      }
      if (one.assignments.length >= mostAssignments) throw new GatewayError('invalid-request');
      return {
        to: { ...one, assignments: [...one.assignments, checked] },
        what: `+ ${checked.kind} ${checked.value}${owner === undefined ? '' : ` (${owner.name})`}`,
        without: key,
      };
    });
  }

  /** Takes an assignment away: whom nothing else assigns belongs to `default`. Rejects with `unknown-subscription`, `not-found`. */
  async unassign(id: string, assignment: Assignment, actor: Actor, revision?: number): Promise<Subscription> {
    const key = assignmentKey(assignment);
    return this.#changeOne(id, actor, revision, (one) => {
      const assignments = one.assignments.filter((each) => assignmentKey(each) !== key);
      if (assignments.length === one.assignments.length) throw new GatewayError('not-found');
      return { to: { ...one, assignments }, what: `− ${assignment.kind} ${assignment.value}` };
    });
  }

  /** Which senders of `default` it uses while it has none of its own. Rejects with `unknown-subscription`, `invalid-request`. */
  async share(
    id: string,
    shares: readonly ('sms' | 'email')[],
    actor: Actor,
    revision?: number,
  ): Promise<Subscription> {
    if (id === defaultSubscription) throw new GatewayError('invalid-request');
    return this.#changeOne(id, actor, revision, (one) => ({
      to: { ...one, shares: (['sms', 'email'] as const).filter((kind) => shares.includes(kind)) },
      what: `senders: ${shares.join(', ') || '–'}`,
    }));
  }

  /**
   * Deletes it from the list. Its assignments stay until they are given to another one, and keep out whom they name:
   * nobody comes to the applications of `default` because their own subscription went. Rejects with
   * `unknown-subscription`, and `not-allowed` for `default`.
   */
  async remove(id: string, actor: Actor, revision?: number): Promise<Subscription> {
    if (id === defaultSubscription) throw new GatewayError('not-allowed');
    let removed: Subscription | undefined;
    await this.#change((all) => {
      const one = find(all, id, revision);
      removed = { ...one, shares: [], removedAt: this.#options.clock.now(), revision: one.revision + 1 };
      return replaced(all, removed);
    });
    if (removed === undefined) throw new GatewayError('internal');
    const { name } = removed;
    this.#options.audit.record({ type: 'subscription.removed', subscription: id, name, actor });
    return removed;
  }

  close(): void {
    this.#follower.close();
    this.#listeners.clear();
  }

  #checked({ kind, value }: Assignment): Assignment {
    const text = value.trim();
    const { directories, hosts } = this.#options;
    const fails = () => new GatewayError('invalid-request');
    if (text === '' || text.length > 256 || !text.isWellFormed() || /[\p{Cc}\\/]/u.test(text)) throw fails();
    if (kind === 'directory' || kind === 'group') {
      const colon = text.indexOf(':');
      if ((kind === 'group') === colon < 1 || (kind === 'group' && colon === text.length - 1)) throw fails();
      const name = kind === 'group' ? text.slice(0, colon) : text;
      if (directories !== undefined && !directories().includes(name)) throw fails();
    } else if (kind === 'domain') {
      if (/[@:\s]/.test(text)) throw fails();
    } else {
      const known = hosts === undefined || hosts().includes(text.toLowerCase());
      if (!known || !/^[a-z0-9.-]+(?::\d{1,5})?$/i.test(text)) throw fails();
      return { kind, value: text.toLowerCase() };
    }
    return { kind, value: text };
  }

  async #changeOne(
    id: string,
    actor: Actor,
    revision: number | undefined,
    change: (
      one: Subscription,
      all: readonly Subscription[],
    ) => { to: Subscription; what: string; without?: string } | undefined,
  ): Promise<Subscription> {
    let result: Subscription | undefined;
    let what: string | undefined;
    await this.#change((all) => {
      const one = find(all, id, revision);
      const changed = change(one, all);
      result = changed === undefined ? one : { ...changed.to, revision: one.revision + 1 };
      what = changed?.what;
      if (changed === undefined) return undefined;
      const others = all.map((each) => (each.id === id ? each : without(each, changed.without)));
      return replaced(others, result);
    });
    if (result === undefined) throw new GatewayError('internal');
    const { name } = result;
    if (what !== undefined) {
      this.#options.audit.record({
        type: 'subscription.changed',
        subscription: id,
        name,
        reason: what,
        actor,
      });
    }
    return result;
  }

  async #change(
    change: (all: readonly Subscription[]) => readonly Subscription[] | undefined,
  ): Promise<void> {
    await changeDocument<Json>(this.#options.store, document, (found) => {
      const next = change(understood(found));
      if (next === undefined) return undefined;
      return { value: { subscriptions: next } as Json, options: { announce: { topic, message: {} } } };
    });
    await this.#follower.refresh();
    if (this.#follower.stale) throw new GatewayError('store-unavailable');
  }

  async #read(): Promise<void> {
    const found = await this.#options.store.get<Json>(document.collection, document.key);
    const all = understood(found?.value);
    if (JSON.stringify(all) === JSON.stringify(this.#held.all)) return;
    this.#held = held(all);
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#options.log.error({ error }, 'a listener to subscriptions failed');
      }
    }
  }
}

function understood(found: Json | undefined): readonly Subscription[] {
  if (found === undefined) return [alone];
  const parsed = shape.safeParse(found);
  if (!parsed.success || parsed.data.subscriptions[0]?.id !== defaultSubscription) {
    throw new GatewayError('internal', { cause: new Error('the stored subscriptions cannot be read') });
  }
  return parsed.data.subscriptions;
}

function find(all: readonly Subscription[], id: string, revision?: number): Subscription {
  const one = all.find((each) => each.id === id && each.removedAt === undefined);
  if (one === undefined)
    throw new GatewayError('unknown-subscription', { params: { name: id.slice(0, 64) } });
  if (revision !== undefined && revision !== one.revision) throw new GatewayError('changed-meanwhile');
  return one;
}

const replaced = (all: readonly Subscription[], one: Subscription): readonly Subscription[] =>
  all.map((each) => (each.id === one.id ? one : each));

const without = (one: Subscription, key: string | undefined): Subscription =>
  key === undefined || !one.assignments.some((each) => assignmentKey(each) === key)
    ? one
    : {
        ...one,
        assignments: one.assignments.filter((each) => assignmentKey(each) !== key),
        revision: one.revision + 1,
      };

function requireFreeName(all: readonly Subscription[], id: string, name: string): void {
  const folded = foldName(name);
  const taken = all.some(
    (each) =>
      each.id !== id &&
      each.removedAt === undefined &&
      (foldName(each.name) === folded || each.id === folded),
  );
  if (taken) throw new GatewayError('name-taken', { params: { name } });
}

/** `Café Müller & Sons` becomes `cafe-muller-sons`. */
const idOf = (name: string): string =>
  foldName(name)
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-+|-+$/g, '');
