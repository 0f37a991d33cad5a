import { isDeepStrictEqual } from 'node:util';
import type { Actor, Audit, Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { type Config, judgeDirectory, type ParsedStoredDirectory, storedDirectory } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import {
  changeDocument,
  type Json,
  requireVersion,
  type Sealer,
  type Store,
  TopicFollower,
  versionTag,
} from '../storage/index.ts';
import { changedFields } from './changed-fields.ts';
import { everythingOf, site } from './everything-of.ts';

export type StoredDirectoriesOptions = {
  store: Store;
  sealer: Sealer;
  clock: Pick<Clock, 'now' | 'after'>;
  audit: Pick<Audit, 'record'>;
  log: Pick<Log, 'error'>;
  /** The directories of the configuration as they are now. */
  file: () => Pick<Config, 'directories'>;
};

/** All of a directory but its password. */
export type KnownDirectory = Omit<ParsedStoredDirectory, 'password'>;

/** A directory that administrators added. */
export type StoredDirectoryView = {
  readonly directory: KnownDirectory;
  /** Whether a password is kept. */
  readonly hasPassword: boolean;
  /** For `If-Match`. */
  readonly version: string;
  /** Unix milliseconds. */
  readonly changedAt: number;
  readonly changedBy: Actor;
};

/** One that is in force. `password` absent: none is needed; `unreadable`: it can't be opened now. */
export type OpenDirectory = {
  readonly directory: KnownDirectory;
  readonly password?: string;
  readonly unreadable?: true;
};

type Stored = {
  readonly directory: Json;
  readonly sealed?: string | undefined;
  readonly changedAt: number;
  readonly changedBy: string;
};
/** Opened when it is read: a rotation of the master key seals what is stored anew, without a word. */
type Held = { readonly view: StoredDirectoryView; readonly open: OpenDirectory };

const collection = 'directories';
const topic = 'directories';
const label = 'ldap-password';
const recordOf = (name: string) => ({ collection, key: `${site}${name}` });
const announce = { topic, message: {} };

/**
 * The directories of the store, in memory. Changes are in force when their call returns here, and within a second in
 * every process on the same store. They come after those of the file, which win over them.
 */
export class StoredDirectories {
  readonly #options: StoredDirectoriesOptions;
  readonly #follower: TopicFollower;
  readonly #listeners = new Set<() => void>();
  #held: readonly Held[] = [];

  private constructor(options: StoredDirectoriesOptions) {
    this.#options = options;
    const { store, clock, log } = options;
    this.#follower = new TopicFollower({
      store,
      clock,
      topic,
      read: () => this.#readAll(),
      failed: (error) => log.error({ error }, 'directories cannot be read; those known so far stay in force'),
    });
  }

  /** Reads everything and follows its changes. Rejects with `store-unavailable`. */
  static async open(options: StoredDirectoriesOptions): Promise<StoredDirectories> {
    const directories = new StoredDirectories(options);
    await directories.#follower.start();
    return directories;
  }

  /** Ordered by name. */
  get all(): readonly StoredDirectoryView[] {
    return this.#held.map(({ view }) => view);
  }

  /** Those whose name none of the file has, with their passwords opened. */
  inForce(): readonly OpenDirectory[] {
    const taken = this.#taken(undefined);
    return this.#held.flatMap(({ view, open }) => (taken.file.includes(view.directory.name) ? [] : [open]));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What a directory would be, with the password that is kept where nothing else goes anywhere else. Throws
   * `invalid-directory`.
   */
  judge(input: unknown, replaced?: string): OpenDirectory {
    const { directory, password } = this.#judged(input, replaced);
    if (password !== undefined) return { directory, password };
    const held = this.#held.find(({ view }) => view.directory.name === replaced);
    const kept = held !== undefined && sameAccount(held.view.directory, directory) ? held.open : undefined;
    if (kept?.unreadable === true) return { directory, unreadable: true };
    requirePassword(directory, kept?.password);
    return kept?.password === undefined ? { directory } : { directory, password: kept.password };
  }

  /** Adds a directory. Rejects with `invalid-directory`, `name-taken`. */
  async add(input: unknown, actor: Actor): Promise<StoredDirectoryView> {
    const { directory, password } = this.#judged(input, undefined);
    requirePassword(directory, password);
    const { store, audit } = this.#options;
    await changeDocument<Stored>(store, recordOf(directory.name), (found) => {
      if (found !== undefined) throw new GatewayError('name-taken');
      return {
        value: this.#stored(directory, this.#seal(directory, password), actor),
        options: { announce },
      };
    });
    const fields = changedFields({}, { ...directory, ...(password === undefined ? {} : { password }) });
    audit.record({ type: 'directory.added', directory: directory.name, fields, actor });
    return this.#now(directory.name);
  }

  /**
   * Replaces a directory as a whole; its name stays, and its password too where none is given and it would go nowhere
   * else. Rejects with `unknown-directory`, `changed-meanwhile`, `invalid-directory`.
   */
  async replace(
    name: string,
    input: unknown,
    seen: string | undefined,
    actor: Actor,
  ): Promise<StoredDirectoryView> {
    const named = typeof input === 'object' && input !== null ? { ...input, name } : input;
    const { directory, password } = this.#judged(named, name);
    const { store, audit } = this.#options;
    let fields: readonly string[] = [];
    await changeDocument<Stored>(store, recordOf(name), (found, version) => {
      if (found === undefined) throw new GatewayError('unknown-directory');
      requireVersion(version, seen);
      const before = known.safeParse(found.directory).data;
      const kept = before !== undefined && sameAccount(before, directory) ? found.sealed : undefined;
      const sealed = this.#seal(directory, password) ?? kept;
      requirePassword(directory, sealed);
      fields = [...changedFields(before ?? {}, directory), ...(password === undefined ? [] : ['password'])];
      if (fields.length === 0) return undefined;
      return { value: this.#stored(directory, sealed, actor), options: { announce } };
    });
    if (fields.length > 0) audit.record({ type: 'directory.changed', directory: name, fields, actor });
    return this.#now(name);
  }

  /** Removes one: nobody of it can sign in, and their sessions end. Rejects with `unknown-directory`, `changed-meanwhile`. */
  async remove(name: string, seen: string | undefined, actor: Actor): Promise<void> {
    const { store, audit } = this.#options;
    await changeDocument<Stored>(store, recordOf(name), (found, version) => {
      if (found === undefined) throw new GatewayError('unknown-directory');
      requireVersion(version, seen);
      return 'delete';
    });
    await store.publish(topic, {});
    audit.record({ type: 'directory.removed', directory: name, fields: [], actor });
    await this.#follower.refresh();
  }

  /** Reads one afresh. Rejects with `unknown-directory`. */
  async find(name: string): Promise<StoredDirectoryView> {
    const found = await this.#options.store.get<Stored>(collection, recordOf(name).key);
    const view = found === undefined ? undefined : understood(found.value, found.version);
    if (view === undefined) throw new GatewayError('unknown-directory');
    return view;
  }

  close(): void {
    this.#follower.close();
    this.#listeners.clear();
  }

  #judged(input: unknown, replaced: string | undefined): { directory: KnownDirectory; password?: string } {
    const { file, stored } = this.#taken(replaced);
    const verdict = judgeDirectory(input, ['local', ...file, ...stored]);
    if (!verdict.ok) {
      throw new GatewayError('invalid-directory', {
        params: { reason: verdict.issues.map(({ sentence }) => sentence).join(' ') },
        issues: verdict.issues.map(({ path, rule }) => ({ path, rule })),
      });
    }
    const { password, ...directory } = verdict.value;
    return { directory, ...(password === undefined ? {} : { password }) };
  }

  #taken(replaced: string | undefined): { file: readonly string[]; stored: readonly string[] } {
    return {
      file: this.#options.file().directories.map(({ name }) => name),
      stored: this.#held.map(({ view }) => view.directory.name).filter((name) => name !== replaced),
    };
  }

  #seal({ name }: KnownDirectory, password: string | undefined): string | undefined {
    return password === undefined ? undefined : this.#options.sealer.seal(recordOf(name), label, password);
  }

  #opened(directory: KnownDirectory, sealed: string | undefined): OpenDirectory {
    if (sealed === undefined) return { directory };
    try {
      return { directory, password: this.#options.sealer.open(recordOf(directory.name), sealed) };
    } catch (error) {
      this.#options.log.error(
        { error, directory: directory.name },
        'the password of a directory cannot be opened',
      );
      return { directory, unreadable: true };
    }
  }

  #stored(directory: KnownDirectory, sealed: string | undefined, changedBy: string): Stored {
    const plain = JSON.parse(JSON.stringify(directory));
    return { directory: plain, sealed, changedAt: this.#options.clock.now(), changedBy };
  }

  async #now(name: string): Promise<StoredDirectoryView> {
    await this.#follower.refresh();
    return this.find(name);
  }

  async #readAll(): Promise<void> {
    const held: Held[] = [];
    for await (const { key, value, version } of everythingOf<Stored>(this.#options.store, collection)) {
      const view = understood(value, version);
      if (view === undefined)
        this.#options.log.error({ key }, 'a stored directory cannot be read; it is not in force');
      else held.push({ view, open: this.#opened(view.directory, value.sealed) });
    }
    const same = isDeepStrictEqual(held, this.#held);
    this.#held = held;
    if (!same) for (const listener of this.#listeners) listener();
  }
}

const known = storedDirectory.omit({ password: true });

function understood(value: Stored, version: number): StoredDirectoryView | undefined {
  const parsed = known.safeParse(value.directory);
  if (!parsed.success) return undefined;
  const { changedAt, changedBy, sealed } = value;
  const tag = versionTag(version);
  return { directory: parsed.data, hasPassword: sealed !== undefined, version: tag, changedAt, changedBy };
}

/** Whether a password that was given for one may be sent by the other: a secret goes only where it was meant for. */
const sameAccount = (one: KnownDirectory, other: KnownDirectory): boolean =>
  other.bindDn !== undefined &&
  (['bindDn', 'servers', 'startTls', 'allowPlain', 'tls'] as const).every((field) =>
    isDeepStrictEqual(one[field], other[field]),
  );

function requirePassword({ bindDn }: KnownDirectory, secret: string | undefined): void {
  if (bindDn === undefined || secret !== undefined) return;
  throw new GatewayError('invalid-directory', {
    params: {
      reason:
        'password: This is missing: it goes with bindDn, and is asked for anew when it would go elsewhere.',
    },
    issues: [{ path: 'password', rule: 'missing' }],
  });
}
