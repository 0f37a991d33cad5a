import { statSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type MasterKey, type MasterKeySource, parseMasterKey, placeOf, readKeyLines } from './master-key.ts';

/** Milliseconds for which the key file is not looked at again before something is sealed. */
const freshFor = 250;

/**
 * The master keys of this process, newest first. It notices when the file changes, so that a rotation by another
 * process takes effect, and keeps a key it once had: a value read before the rotation still opens.
 */
export class KeyRing {
  readonly #source: MasterKeySource;
  readonly #clock: Clock;
  #keys: readonly MasterKey[] = [];
  #stamp = '';
  #lookedAt = 0;

  private constructor(source: MasterKeySource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Throws `master-key-missing` when there is no key, `master-key-wrong` when one can't be read. */
  static load(source: MasterKeySource, clock: Clock): KeyRing {
    const ring = new KeyRing(source, clock);
    ring.#read();
    return ring;
  }

  /** Where the keys come from, in words for an administrator. */
  get place(): string {
    return placeOf(this.#source);
  }

  /** The key to seal with. */
  get newest(): MasterKey {
    if (this.#clock.monotonic() - this.#lookedAt >= freshFor) this.#refresh();
    const [newest] = this.#keys;
    if (newest === undefined) throw new GatewayError('master-key-missing', { params: { place: this.place } });
    return newest;
  }

  /** The key of that id; looks into the file again before it gives up. */
  find(id: string): MasterKey | undefined {
    const known = this.#keys.find((key) => key.id === id);
    if (known !== undefined) return known;
    this.#refresh();
    return this.#keys.find((key) => key.id === id);
  }

  toJSON(): string {
    return '[KeyRing]';
  }

  [inspect.custom](): string {
    return '[KeyRing]';
  }

  /** Takes over a changed file; a missing or unreadable one changes nothing while the process runs. */
  #refresh(): void {
    this.#lookedAt = this.#clock.monotonic();
    if (this.#source.kind === 'text' || stampOf(this.#source.path) === this.#stamp) return;
    try {
      this.#read();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
    }
  }

  #read(): void {
    const source = this.#source;
    this.#lookedAt = this.#clock.monotonic();
    const stamp = source.kind === 'file' ? stampOf(source.path) : '';
    const keys = readKeyLines(source)?.map((line) => parseMasterKey(line, this.place)) ?? [];
    if (keys.length === 0) throw new GatewayError('master-key-missing', { params: { place: this.place } });
    const retired = this.#keys.filter((old) => !keys.some((key) => key.id === old.id));
    this.#keys = [...keys, ...retired];
    this.#stamp = stamp;
  }
}

/** Changes with each replacement of the file; empty when there is none. */
function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}
