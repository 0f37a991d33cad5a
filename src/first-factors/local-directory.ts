import { type DirectoryUser, type LocalUsers, localDirectory, type NewUser } from '../accounts/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { isConflict } from '../storage/index.ts';
import type { FirstFactor, PasswordVerdict } from './first-factor.ts';
import type { LocalPasswords } from './local-passwords.ts';
import type { PasswordHasher } from './password-hash.ts';
import { isPasswordShaped, requireStrongPassword } from './password-rules.ts';

export type LocalDirectoryOptions = {
  users: LocalUsers;
  passwords: LocalPasswords;
  hasher: PasswordHasher;
  clock: Pick<Clock, 'now'>;
  audit: Audit;
};

/** No user key: read where there is no user, so that an unknown name costs as many reads as a known one. */
const nobody = `${localDirectory}:~`;

/** Users and passwords that this gateway keeps itself. */
export class LocalDirectory implements FirstFactor {
  readonly directory = localDirectory;
  readonly #users: LocalUsers;
  readonly #passwords: LocalPasswords;
  readonly #hasher: PasswordHasher;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #audit: Audit;

  constructor(options: LocalDirectoryOptions) {
    this.#users = options.users;
    this.#passwords = options.passwords;
    this.#hasher = options.hasher;
    this.#clock = options.clock;
    this.#audit = options.audit;
  }

  /** Rejects with `store-unavailable`, or `too-many-requests` when more sign in at once than can be hashed. */
  async verify(name: string, password: string): Promise<PasswordVerdict> {
    const user = await this.#users.lookUp(name);
    const stored = await this.#passwords.read(user?.key ?? nobody);
    const shaped = isPasswordShaped(password);
    const { matches, outdated } = await this.#hasher.verify(stored?.value.hash, shaped ? password : '');
    if (user === undefined || stored === undefined || !matches || !shaped) {
      return { result: 'refused', ...(user === undefined ? {} : { user }) };
    }
    if (outdated) await this.#rehash(user.key, password, stored);
    if (user.disabled) return { result: 'disabled', user };
    return { result: 'accepted', user, mustChangePassword: stored.value.mustChange };
  }

  async pretend(password: string): Promise<void> {
    const typed = isPasswordShaped(password) ? password : '';
    // Too busy to pretend: everybody is told so who is really meant.
    await this.#hasher.verify(undefined, typed).catch(() => undefined);
  }

  find(userKey: string): Promise<DirectoryUser | undefined> {
    return this.#users.find(userKey);
  }

  lookUp(name: string): Promise<DirectoryUser | undefined> {
    return this.#users.lookUp(name);
  }

  async changePassword(userKey: string, current: string, next: string): Promise<void> {
    const stored = await this.#passwords.read(userKey);
    const shaped = isPasswordShaped(current);
    const { matches } = await this.#hasher.verify(stored?.value.hash, shaped ? current : '');
    if (stored === undefined || !matches || !shaped) throw new GatewayError('wrong-password');
    await this.#replace(userKey, next, stored);
  }

  async replacePassword(userKey: string, next: string): Promise<void> {
    await this.#replace(userKey, next, await this.#passwords.read(userKey));
  }

  /**
   * Sets a password whatever there was, for administrators and the command line; ending sessions and recording it
   * are the caller's part. `mustChange`: the user replaces it at the next sign-in.
   * Rejects with `password-too-weak`, `invalid-request`, `unknown-user`.
   */
  async setPassword(
    userKey: string,
    password: string,
    options: { mustChange?: boolean } = {},
  ): Promise<void> {
    const user = await this.#existing(userKey);
    requireStrongPassword(password, namesOf(user));
    await this.#save(userKey, password, options.mustChange ?? false);
  }

  /** A new user with a password. `audit`: of whose users they are one. Rejects with `name-taken`, `password-too-weak`, `invalid-request`. */
  async create(
    user: NewUser & { readonly password: string; readonly mustChange?: boolean },
    actor: Actor = 'system',
    audit: Pick<Audit, 'record'> = this.#audit,
  ): Promise<DirectoryUser> {
    const { password, mustChange, ...wish } = user;
    requireStrongPassword(password, namesOf({ displayName: '', ...wish }));
    const created = await this.#users.create(wish, (key) => this.#save(key, password, mustChange ?? false));
    audit.record({ type: 'user.added', user: created.key, name: created.name, actor });
    return created;
  }

  /** Takes the password of a deleted user away. */
  forget(userKey: string): Promise<void> {
    return this.#passwords.delete(userKey);
  }

  async #replace(
    userKey: string,
    next: string,
    stored: Awaited<ReturnType<LocalPasswords['read']>>,
  ): Promise<void> {
    const user = await this.#existing(userKey);
    requireStrongPassword(next, namesOf(user));
    const { matches } = await this.#hasher.verify(stored?.value.hash, next);
    if (matches) throw new GatewayError('password-unchanged');
    await this.#save(userKey, next, false, stored?.version);
  }

  async #save(userKey: string, password: string, mustChange: boolean, version?: number): Promise<void> {
    const hash = await this.#hasher.hash(password);
    await this.#passwords.save(userKey, { hash, mustChange, changedAt: this.#clock.now() }, version);
  }

  /** The same password at the present cost; whoever changes it at the same moment wins. */
  async #rehash(
    userKey: string,
    password: string,
    stored: NonNullable<Awaited<ReturnType<LocalPasswords['read']>>>,
  ): Promise<void> {
    const hash = await this.#hasher.hash(password);
    try {
      await this.#passwords.save(userKey, { ...stored.value, hash }, stored.version);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  async #existing(userKey: string): Promise<DirectoryUser> {
    const user = await this.#users.find(userKey);
    if (user === undefined) throw new GatewayError('unknown-user');
    return user;
  }
}

/** What a password of this user must not be made of. */
const namesOf = ({ name, displayName, email }: NewUser): string[] => [
  name,
  ...(displayName ?? '').split(/\s+/),
  displayName ?? '',
  email ?? '',
  'sallyport',
];
