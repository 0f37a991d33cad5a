import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import {
  type Directories,
  type FirstFactor,
  LdapDirectory,
  type LdapOptions,
  type NamedDirectory,
} from '../first-factors/index.ts';
import type { StoredDirectories } from '../settings/index.ts';
import { readLdapOptions, storedLdapOptions } from './ldap-directories.ts';

/** An LDAP directory that is asked now, and how often its people are looked at again. Seconds. */
export type RunningDirectory = {
  readonly ldap: LdapDirectory;
  readonly recheck: number;
  readonly timeout: number;
};

type Held = RunningDirectory & { readonly options: LdapOptions };
type Slot = { readonly named: NamedDirectory; readonly held?: Held };

/**
 * The directories in force, in the order in which a bare name is looked for: those of the file, then those of the store.
 * What stays the same keeps its connections.
 */
export class DirectorySet {
  readonly #options: {
    readonly stored: Pick<StoredDirectories, 'inForce' | 'onChange'>;
    readonly local: FirstFactor;
    readonly clock: Clock;
    readonly log: Pick<Log, 'error'>;
  };
  readonly #listeners = new Set<(gone: boolean) => void>();
  readonly #stopStored: () => void;
  #config: Pick<Config, 'directories'>;
  #slots: readonly Slot[];
  #all: Directories | undefined;

  /** Throws as `readLdapOptions`. */
  constructor(
    config: Pick<Config, 'directories'>,
    options: {
      stored: Pick<StoredDirectories, 'inForce' | 'onChange'>;
      local: FirstFactor;
      clock: Clock;
      log: Pick<Log, 'error'>;
    },
  ) {
    this.#options = options;
    this.#config = config;
    this.#slots = this.#build(config);
    this.#stopStored = options.stored.onChange(() => this.#take(this.#build(this.#config)));
  }

  /** What `Directories` is made of, and kept up to date with. */
  get named(): readonly NamedDirectory[] {
    return this.#slots.map(({ named }) => named);
  }

  get names(): readonly string[] {
    return this.named.map(({ factor }) => factor.directory);
  }

  get running(): readonly RunningDirectory[] {
    return this.#slots.flatMap(({ held }) => held ?? []);
  }

  get ldap(): readonly LdapDirectory[] {
    return this.running.map(({ ldap }) => ldap);
  }

  /** From now on, `all` follows. */
  keep(all: Directories): void {
    this.#all = all;
    all.replace(this.named);
  }

  /** Takes over those of a changed file. Throws as `readLdapOptions`; then everything stays as it was. */
  reload(config: Pick<Config, 'directories'>): void {
    const slots = this.#build(config);
    this.#config = config;
    this.#take(slots);
  }

  /** `gone`: a directory is no more, or another stands in its place. */
  onChange(listener: (gone: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#stopStored();
    this.#listeners.clear();
    await Promise.all(this.ldap.map((each) => each.close()));
  }

  #build(config: Pick<Config, 'directories'>): readonly Slot[] {
    const before = (this.#slots ?? []).flatMap(({ held }) => held ?? []);
    const { stored, local, clock, log } = this.#options;
    const slotOf = (options: LdapOptions, recheck: number, timeout: number): Slot => {
      const kept = before.find((each) => isDeepStrictEqual(each.options, options));
      const ldap = kept?.ldap ?? new LdapDirectory(options, clock);
      const held = { ldap, options, recheck, timeout };
      return { named: { factor: ldap, aliases: ldap.aliases }, held };
    };
    const file = config.directories.map(
      (directory): Slot =>
        directory.type === 'local'
          ? { named: { factor: local } }
          : slotOf(readLdapOptions(directory), directory.recheck, directory.timeout),
    );
    const added = stored
      .inForce()
      .filter(({ directory }) => !config.directories.some(({ name }) => name === directory.name))
      .map((open): Slot => {
        const { name, aliases, recheck, timeout } = open.directory;
        if (open.unreadable === true) return { named: { factor: unavailable(name), aliases } };
        try {
          return slotOf(storedLdapOptions(open), recheck, timeout);
        } catch (error) {
          log.error({ error, directory: name }, 'a stored directory cannot be used');
          return { named: { factor: unavailable(name), aliases } };
        }
      });
    return [...file, ...added];
  }

  #take(slots: readonly Slot[]): void {
    const before = this.#slots.flatMap(({ held }) => held ?? []);
    const names = this.names;
    this.#slots = slots;
    this.#all?.replace(this.named);
    const after = this.ldap;
    const retired = before.filter(({ ldap }) => !after.includes(ldap));
    for (const { ldap, timeout } of retired) {
      // Whoever asks it just now is still answered.
      this.#options.clock.after(timeout * 1000, () => void ldap.close().catch(() => undefined));
    }
    const gone = retired.length > 0 || names.some((name) => !this.names.includes(name));
    for (const listener of this.#listeners) listener(gone);
  }
}

/** A directory that is there but can't be asked: nobody is taken for somebody who was removed. */
function unavailable(directory: string): FirstFactor {
  const refuse = () => Promise.reject(new GatewayError('directory-unavailable'));
  return { directory, verify: refuse, find: refuse, lookUp: refuse, lockout: refuse };
}
