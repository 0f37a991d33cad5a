import { type DirectoryUser, directoryOf, foldName, unknownSubscription } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { FirstFactor, LockoutPolicy, PasswordVerdict } from './first-factor.ts';

/** A directory with the other names that people know it by, such as `CORP` and `corp.example`. */
export type NamedDirectory = { readonly factor: FirstFactor; readonly aliases?: readonly string[] };

/** Fills in where a user of a directory with these other names belongs. */
export type PlaceOf = (
  user: DirectoryUser,
  aliases: readonly string[],
) => DirectoryUser | Promise<DirectoryUser>;

/** Whom a typed name can mean: each directory that may have it, and the name to look for there. */
type Candidate = { readonly factor: FirstFactor; readonly name: string };

/** The one that is meant, and the other directories that could have been: nobody shall see which it is. */
type Meant = {
  readonly candidate: Candidate;
  readonly others: readonly Candidate[];
  readonly user?: DirectoryUser;
};

/**
 * All directories as one. `DIRECTORY\user` and `user@directory` mean that directory, by name or alias; a bare name is
 * looked for in their order, and the first that has it is meant. A directory that cannot be asked is not passed over:
 * a later one may have somebody else of that name.
 */
export class Directories {
  #directories: readonly NamedDirectory[];
  readonly #place: PlaceOf | undefined;

  /** `place`: where a user belongs; absent: to `default`, everybody. */
  constructor(directories: readonly NamedDirectory[], place?: PlaceOf) {
    if (directories.length === 0) throw new RangeError('at least one directory');
    this.#directories = directories;
    this.#place = place;
  }

  /** Others from now on, in this order; what was asked before is still answered by those it was asked of. */
  replace(directories: readonly NamedDirectory[]): void {
    if (directories.length === 0) throw new RangeError('at least one directory');
    this.#directories = directories;
  }

  /** The one user that `typed` stands for, perhaps without their groups; undefined when there is none. */
  async lookUp(typed: string): Promise<DirectoryUser | undefined> {
    const { user } = await this.#meant(typed);
    return user && (await this.placed(user));
  }

  /**
   * Who `typed` stands for, where a bare name that several directories have stands for nobody in particular. Rejects
   * with `directory-unavailable` while any that could have it can't be asked.
   */
  async identify(
    typed: string,
  ): Promise<
    { readonly result: 'known'; readonly user: DirectoryUser } | { result: 'unknown' | 'ambiguous' }
  > {
    const found = await Promise.all(this.#candidates(typed).map(({ factor, name }) => factor.lookUp(name)));
    const keys = new Set(found.flatMap((user) => (user === undefined ? [] : [user.key])));
    const [key] = keys;
    if (key === undefined) return { result: 'unknown' };
    if (keys.size > 1) return { result: 'ambiguous' };
    const user = await this.find(key);
    return user === undefined ? { result: 'unknown' } : { result: 'known', user };
  }

  /**
   * One way to write a name that nobody has, however it is typed: names are counted by it as if the directory that
   * they are checked in had them, so that counts tell nothing of them either.
   */
  bareName(typed: string): string {
    const last = this.#candidates(typed).at(-1);
    return last === undefined ? typed : `${last.factor.directory}\\${last.name}`;
  }

  /**
   * Unknown names and wrong passwords are one answer, in the same time: an unknown name is checked in the last
   * directory that could have it, and the work that others would have had is done as well.
   */
  async verify(typed: string, password: string): Promise<PasswordVerdict> {
    const { candidate, others } = await this.#meant(typed);
    const [verdict] = await Promise.all([
      candidate.factor.verify(candidate.name, password),
      ...others.map(({ factor }) => factor.pretend?.(password)),
    ]);
    return verdict.result === 'refused' ? verdict : { ...verdict, user: await this.#atHome(verdict.user) };
  }

  /**
   * When a directory that could have this name locks accounts, the strictest of them whoever is meant: or the number
   * of tries would tell which names a domain has. Undefined when none does.
   */
  async lockoutOf(typed: string): Promise<LockoutPolicy | undefined> {
    const { candidate, others } = await this.#meant(typed);
    const own = await candidate.factor.lockout?.();
    // A domain that is down keeps nobody else out.
    const rest = await Promise.all(others.map(({ factor }) => factor.lockout?.().catch(() => undefined)));
    return [own, ...rest].reduce(stricter);
  }

  /**
   * The user as their directory has them now; undefined when gone, or when that directory is configured no more. Rejects
   * with `directory-unavailable` also while nobody can say to which subscription they belong.
   */
  async find(userKey: string): Promise<DirectoryUser | undefined> {
    const user = await this.#of(userKey)?.find(userKey);
    return user && (await this.#atHome(user));
  }

  /** The same user with where they belong; `?` while nobody can say. */
  async placed(user: DirectoryUser): Promise<DirectoryUser> {
    if (this.#place === undefined) return user;
    const aliases = this.#directories.find(({ factor }) => factor.directory === user.directory)?.aliases;
    return this.#place(user, aliases ?? []);
  }

  /** Whether users of this directory change their password here. */
  canChangePassword(userKey: string): boolean {
    return this.#of(userKey)?.changePassword !== undefined;
  }

  /** When this user's directory locks accounts; undefined when it doesn't. */
  async lockoutOfUser(userKey: string): Promise<LockoutPolicy | undefined> {
    return this.#of(userKey)?.lockout?.();
  }

  /** Whether a password of this directory can be replaced without the old one. */
  canReplacePassword(userKey: string): boolean {
    return this.#of(userKey)?.replacePassword !== undefined;
  }

  /** Rejects with `wrong-password`, `password-too-weak`, `password-unchanged`, `method-not-available`. */
  async changePassword(userKey: string, current: string, next: string): Promise<void> {
    const factor = this.#of(userKey);
    if (factor?.changePassword === undefined) throw new GatewayError('method-not-available');
    await factor.changePassword(userKey, current, next);
  }

  /** Replaces a password that was checked before. Rejects with `password-too-weak`, `password-unchanged`, `method-not-available`. */
  async replacePassword(userKey: string, next: string): Promise<void> {
    const factor = this.#of(userKey);
    if (factor?.replacePassword === undefined) throw new GatewayError('method-not-available');
    await factor.replacePassword(userKey, next);
  }

  async #atHome(user: DirectoryUser): Promise<DirectoryUser> {
    const placed = await this.placed(user);
    if (placed.subscription !== unknownSubscription) return placed;
    // On a guess they would be somebody without a second factor, who may enrol one.
    throw new GatewayError('directory-unavailable', {
      cause: new Error(`${user.key} belongs nowhere for sure`),
    });
  }

  async #meant(typed: string): Promise<Meant> {
    const candidates = this.#candidates(typed);
    const othersThan = (candidate: Candidate) => candidates.filter((each) => each !== candidate);
    for (const candidate of candidates) {
      const user = await candidate.factor.lookUp(candidate.name);
      if (user !== undefined) return { candidate, others: othersThan(candidate), user };
    }
    const candidate = candidates.at(-1);
    if (candidate === undefined) throw new RangeError('at least one directory');
    return { candidate, others: othersThan(candidate) };
  }

  #candidates(typed: string): readonly Candidate[] {
    const name = typed.trim();
    const backslash = name.indexOf('\\');
    if (backslash >= 0) {
      const factor = this.#named(name.slice(0, backslash));
      // The whole text is nobody's name, so that an unknown directory is answered like an unknown user.
      return [factor === undefined ? this.#first(name) : { factor, name: name.slice(backslash + 1).trim() }];
    }
    const at = name.lastIndexOf('@');
    const factor = at > 0 ? this.#named(name.slice(at + 1)) : undefined;
    if (factor !== undefined) return [{ factor, name: name.slice(0, at).trim() }];
    return this.#directories.map((directory) => ({ factor: directory.factor, name }));
  }

  #first(name: string): Candidate {
    const [first] = this.#directories;
    if (first === undefined) throw new RangeError('at least one directory');
    return { factor: first.factor, name };
  }

  #named(typed: string): FirstFactor | undefined {
    if (typed.length > 256) return undefined;
    const wanted = foldName(typed);
    return this.#directories.find(({ factor, aliases = [] }) =>
      [factor.directory, ...aliases].some((each) => foldName(each) === wanted),
    )?.factor;
  }

  #of(userKey: string): FirstFactor | undefined {
    const directory = directoryOf(userKey);
    return this.#directories.find(({ factor }) => factor.directory === directory)?.factor;
  }
}

function stricter(
  one: LockoutPolicy | undefined,
  other: LockoutPolicy | undefined,
): LockoutPolicy | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    threshold: Math.min(one.threshold, other.threshold),
    window: Math.max(one.window, other.window),
  };
}
