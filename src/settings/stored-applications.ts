import { isDeepStrictEqual } from 'node:util';
import type { Actor, Audit, Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import {
  type ApplicationConfig,
  type ApplicationSurroundings,
  type Config,
  judgeApplication,
  ownListener,
  type ParsedStoredApplication,
  resolveStoredApplication,
  storedApplication,
  takenBy,
  widens,
} from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import {
  changeDocument,
  type Json,
  requireVersion,
  type Store,
  TopicFollower,
  versionTag,
} from '../storage/index.ts';
import { changedFields } from './changed-fields.ts';
import { everythingOf, site } from './everything-of.ts';
import { drainKey, type ServerDrain } from './server-drain.ts';

/** What of the configuration stored applications have to fit in with. */
export type ApplicationsFile = Pick<
  Config,
  'publicUrl' | 'demo' | 'allowPlainHttp' | 'applications' | 'listen' | 'console' | 'management'
>;

export type StoredApplicationsOptions = {
  store: Store;
  clock: Pick<Clock, 'now' | 'after'>;
  audit: Pick<Audit, 'record'>;
  log: Pick<Log, 'error'>;
  /** The configuration as it is now. */
  file: () => ApplicationsFile;
  /** Addresses of this machine. */
  addresses?: () => readonly string[];
};

/** An application that administrators added. */
export type StoredApplication = {
  readonly application: ParsedStoredApplication;
  /** For `If-Match`. */
  readonly version: string;
  /** Unix milliseconds. */
  readonly changedAt: number;
  readonly changedBy: Actor;
};

/** `accept`: addresses of the gateway itself that are meant. */
export type ApplicationChange = {
  readonly actor: Actor;
  readonly acceptOwnListeners?: boolean;
};

/** An application of the file or the store. */
export type ApplicationView = {
  readonly source: 'file' | 'store';
  readonly application: ApplicationConfig;
  /** Not when one of the file has come to stand in its way. */
  readonly inForce: boolean;
  /** Only of the store. */
  readonly stored?: StoredApplication;
  readonly servers: readonly {
    readonly url: string;
    readonly weight: number;
    /** Whether it is drained by its configuration, and whether it is drained now. */
    readonly configured: boolean;
    readonly draining: boolean;
    /** Who decided otherwise than the configuration, and when. */
    readonly drain?: ServerDrain;
  }[];
};

type Stored = { readonly application: Json; readonly changedAt: number; readonly changedBy: string };

const collection = 'applications';
const drains = 'server-drains';
const topic = 'applications';
const recordOf = (name: string) => ({ collection, key: `${site}${name}` });
const announce = { topic, message: {} };

/**
 * The applications of the store, and which servers are drained at run time, in memory. Changes are in force when their
 * call returns here, and within a second in every process on the same store. An application of the file always wins
 * over one of the store.
 */
export class StoredApplications {
  readonly #options: StoredApplicationsOptions;
  readonly #follower: TopicFollower;
  readonly #listeners = new Set<() => void>();
  #held: readonly StoredApplication[] = [];
  #drains: ReadonlyMap<string, ServerDrain> = new Map();

  private constructor(options: StoredApplicationsOptions) {
    this.#options = options;
    const { store, clock, log } = options;
    this.#follower = new TopicFollower({
      store,
      clock,
      topic,
      read: () => this.#readAll(),
      failed: (error) =>
        log.error({ error }, 'applications cannot be read; those known so far stay in force'),
    });
  }

  /** Reads everything and follows its changes. Rejects with `store-unavailable`. */
  static async open(options: StoredApplicationsOptions): Promise<StoredApplications> {
    const applications = new StoredApplications(options);
    await applications.#follower.start();
    return applications;
  }

  /** Ordered by name. */
  get all(): readonly StoredApplication[] {
    return this.#held;
  }

  /** Those that no application of the file, and none before them, stands in the way of; as the configuration would have them. */
  inForce(): readonly ApplicationConfig[] {
    const file = this.#options.file();
    const applications: ApplicationConfig[] = [...file.applications];
    const own: ApplicationConfig[] = [];
    for (const { application } of this.#held) {
      const resolved = resolveStoredApplication(application, file.publicUrl);
      const { name, route } = takenBy(resolved, { ...file, applications });
      if (name || route !== undefined || widens(resolved, file.applications) !== undefined) continue;
      applications.push(resolved);
      own.push(resolved);
    }
    return own;
  }

  /**
   * Whether a server takes no new users: as an administrator decided at run time, as long as the configuration says
   * what it said then; else as configured.
   */
  isDrained(application: string, server: string, configured: boolean): boolean {
    const drain = this.#drains.get(drainKey(application, server));
    return drain !== undefined && drain.over === configured ? !configured : configured;
  }

  drainOf(application: string, server: string): ServerDrain | undefined {
    return this.#drains.get(drainKey(application, server));
  }

  /** Every application of the file and of the store, in this order, as administrators see them. */
  views(): readonly ApplicationView[] {
    const { applications, publicUrl } = this.#options.file();
    const inForce = new Set(this.inForce().map(({ name }) => name));
    const file = applications.map((application) => this.#view('file', application, true));
    const names = new Set(applications.map(({ name }) => name));
    const stored = this.#held.map((each) => {
      const application = resolveStoredApplication(each.application, publicUrl);
      const { name } = application;
      return { ...this.#view('store', application, inForce.has(name) && !names.has(name)), stored: each };
    });
    return [...file, ...stored];
  }

  /** Called whenever something of it has changed, here or elsewhere. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is wrong with an application, as `add` and `replace` would say. Throws `invalid-application`, `own-listener`. */
  judge(input: unknown, change: Partial<ApplicationChange> = {}, replaced?: string): ParsedStoredApplication {
    const verdict = judgeApplication(input, this.#surroundings(replaced));
    if (!verdict.ok) {
      const reason = verdict.issues.map(({ sentence }) => sentence).join(' ');
      throw new GatewayError('invalid-application', {
        params: { reason },
        issues: verdict.issues.map(({ path, rule }) => ({ path, rule })),
      });
    }
    if (change.acceptOwnListeners !== true) this.#refuseOwnListeners(verdict.value);
    return verdict.value;
  }

  /** Adds an application. Rejects with `invalid-application`, `own-listener`, `name-taken`. */
  async add(input: unknown, change: ApplicationChange): Promise<StoredApplication> {
    const application = this.judge(input, change);
    const { store, audit } = this.#options;
    await changeDocument<Stored>(store, recordOf(application.name), (found) => {
      if (found !== undefined) throw new GatewayError('name-taken');
      return { value: this.#stored(application, change.actor), options: { announce } };
    });
    const fields = changedFields({}, application);
    audit.record({ type: 'application.added', application: application.name, fields, actor: change.actor });
    return this.#now(application.name);
  }

  /**
   * Replaces an application as a whole; its name stays. `seen` is the version that the change is a change of. Rejects
   * with `unknown-application`, `changed-meanwhile`, `invalid-application`, `own-listener`.
   */
  async replace(
    name: string,
    input: unknown,
    seen: string | undefined,
    change: ApplicationChange,
  ): Promise<StoredApplication> {
    const named = typeof input === 'object' && input !== null ? { ...input, name } : input;
    const application = this.judge(named, change, name);
    const { store, audit } = this.#options;
    let fields: readonly string[] = [];
    await changeDocument<Stored>(store, recordOf(name), (found, version) => {
      if (found === undefined) throw new GatewayError('unknown-application');
      requireVersion(version, seen);
      fields = changedFields(storedApplication.safeParse(found.application).data ?? {}, application);
      if (fields.length === 0) return undefined;
      return { value: this.#stored(application, change.actor), options: { announce } };
    });
    if (fields.length > 0) {
      audit.record({ type: 'application.changed', application: name, fields, actor: change.actor });
    }
    return this.#now(name);
  }

  /** Removes one; its tunnels close. Rejects with `unknown-application`, `changed-meanwhile`. */
  async remove(name: string, seen: string | undefined, actor: Actor): Promise<void> {
    const { store, audit } = this.#options;
    await changeDocument<Stored>(store, recordOf(name), (found, version) => {
      if (found === undefined) throw new GatewayError('unknown-application');
      requireVersion(version, seen);
      return 'delete';
    });
    for (const key of this.#drains.keys()) {
      if (key.startsWith(drainKey(name, ''))) await store.delete(drains, `${site}${key}`);
    }
    // What the deletion of a document can't announce with it.
    await store.publish(topic, {});
    audit.record({ type: 'application.removed', application: name, fields: [], actor });
    await this.#follower.refresh();
  }

  /** Reads one afresh. Rejects with `unknown-application`. */
  async find(name: string): Promise<StoredApplication> {
    const found = await this.#options.store.get<Stored>(collection, recordOf(name).key);
    const known = found === undefined ? undefined : understood(found.value, found.version);
    if (known === undefined) throw new GatewayError('unknown-application');
    return known;
  }

  /**
   * Drains one server, or lets it take new users again, on every replica. Resolves to whether that was a change.
   * Rejects with `unknown-application` when no application in force has this server.
   */
  async drain(application: string, server: string, draining: boolean, actor: Actor): Promise<boolean> {
    const { store, audit, clock, file } = this.#options;
    const all = [...file().applications, ...this.inForce()];
    const found = all.find(({ name }) => name === application)?.servers.find(({ url }) => url === server);
    if (found === undefined) throw new GatewayError('unknown-application');
    const key = `${site}${drainKey(application, server)}`;
    const configured = found.drain === true;
    const wanted: ServerDrain = { over: configured, since: clock.now(), by: actor };
    if (this.isDrained(application, server, configured) === draining) return false;
    if (draining === configured) await store.delete(drains, key, { announce });
    else await store.put(drains, key, wanted, { announce });
    audit.record({ type: draining ? 'server.drained' : 'server.resumed', application, server, actor });
    await this.#follower.refresh();
    return true;
  }

  close(): void {
    this.#follower.close();
    this.#listeners.clear();
  }

  #view(source: 'file' | 'store', application: ApplicationConfig, inForce: boolean): ApplicationView {
    const servers = application.servers.map((server) => {
      const configured = server.drain === true;
      const draining = this.isDrained(application.name, server.url, configured);
      const drain = draining === configured ? undefined : this.drainOf(application.name, server.url);
      return { url: server.url, weight: server.weight, configured, draining, ...(drain && { drain }) };
    });
    return { source, application, inForce, servers };
  }

  #surroundings(replaced: string | undefined): ApplicationSurroundings {
    const { publicUrl, demo, allowPlainHttp, applications } = this.#options.file();
    const others = this.#held.flatMap(({ application }) =>
      application.name === replaced ? [] : [resolveStoredApplication(application, publicUrl)],
    );
    return { publicUrl, demo, allowPlainHttp, applications: [...applications, ...others] };
  }

  #refuseOwnListeners({ servers }: ParsedStoredApplication): void {
    const { file, addresses } = this.#options;
    for (const { url } of servers) {
      const listener = ownListener(url, file(), addresses?.());
      if (listener !== undefined)
        throw new GatewayError('own-listener', { params: { server: url, listener } });
    }
  }

  #stored(application: ParsedStoredApplication, changedBy: string): Stored {
    return {
      application: JSON.parse(JSON.stringify(application)),
      changedAt: this.#options.clock.now(),
      changedBy,
    };
  }

  async #now(name: string): Promise<StoredApplication> {
    await this.#follower.refresh();
    return this.find(name);
  }

  async #readAll(): Promise<void> {
    const held: StoredApplication[] = [];
    for await (const { key, value, version } of everythingOf<Stored>(this.#options.store, collection)) {
      const known = understood(value, version);
      if (known === undefined)
        this.#options.log.error({ key }, 'a stored application cannot be read; it is not in force');
      else held.push(known);
    }
    const drained = new Map<string, ServerDrain>();
    for await (const { key, value } of everythingOf<ServerDrain>(this.#options.store, drains)) {
      drained.set(key.slice(site.length), value);
    }
    const same = isDeepStrictEqual(held, this.#held) && isDeepStrictEqual(drained, this.#drains);
    this.#held = held;
    this.#drains = drained;
    if (!same) for (const listener of this.#listeners) listener();
  }
}

function understood(value: Stored, version: number): StoredApplication | undefined {
  const parsed = storedApplication.safeParse(value.application);
  if (!parsed.success) return undefined;
  const { changedAt, changedBy } = value;
  return { application: parsed.data, version: versionTag(version), changedAt, changedBy };
}
