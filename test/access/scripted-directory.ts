import type { LocalAccounts, SignInDirectories } from '../../src/access/index.ts';
import type { DirectoryUser } from '../../src/accounts/index.ts';
import { GatewayError } from '../../src/errors.ts';
import type { LockoutPolicy, PasswordVerdict } from '../../src/first-factors/index.ts';

type Account = { user: DirectoryUser; password: string; mustChange: boolean };

/** A directory in memory whose users a test changes under the feet of the sign-in procedure. */
export class ScriptedDirectory implements SignInDirectories {
  readonly accounts = new Map<string, Account>();
  /** When set, nobody can be asked. */
  down = false;
  /** Passwords looked at so far. */
  checked = 0;

  add(name: string, password = `${name}'s password`, more: Partial<DirectoryUser> = {}): DirectoryUser {
    const user: DirectoryUser = {
      key: `local:${name}-id`,
      directory: 'local',
      name,
      displayName: name,
      groups: [],
      groupsComplete: true,
      disabled: false,
      ...more,
    };
    this.accounts.set(user.key, { user, password, mustChange: false });
    return user;
  }

  change(key: string, change: Partial<Account>): void {
    const account = this.accounts.get(key);
    if (account !== undefined) this.accounts.set(key, { ...account, ...change });
  }

  disable(key: string): void {
    const account = this.accounts.get(key);
    if (account !== undefined) this.change(key, { user: { ...account.user, disabled: true } });
  }

  /** When set, accounts are locked there. */
  lockout: LockoutPolicy | undefined;

  async lockoutOf(): Promise<LockoutPolicy | undefined> {
    return this.lockout;
  }

  async lockoutOfUser(): Promise<LockoutPolicy | undefined> {
    return this.lockout;
  }

  /** Passwords of a directory that wants the old one with the new one. */
  wantsCurrent = false;

  canReplacePassword(): boolean {
    return !this.wantsCurrent;
  }

  bareName(typed: string): string {
    return typed.trim().replace(/^local\\/i, '');
  }

  async lookUp(name: string): Promise<DirectoryUser | undefined> {
    return this.#named(name)?.user;
  }

  async verify(name: string, password: string): Promise<PasswordVerdict> {
    this.checked += 1;
    if (this.down) throw new GatewayError('upstream-unreachable');
    const account = this.#named(name);
    if (account === undefined) return { result: 'refused' };
    if (account.password !== password) return { result: 'refused', user: account.user };
    if (account.user.disabled) return { result: 'disabled', user: account.user };
    return { result: 'accepted', user: account.user, mustChangePassword: account.mustChange };
  }

  async find(key: string): Promise<DirectoryUser | undefined> {
    return this.accounts.get(key)?.user;
  }

  canChangePassword(): boolean {
    return true;
  }

  async changePassword(key: string, current: string, next: string): Promise<void> {
    if (this.accounts.get(key)?.password !== current) throw new GatewayError('wrong-password');
    await this.replacePassword(key, next);
  }

  async replacePassword(key: string, next: string): Promise<void> {
    const account = this.accounts.get(key);
    if (next.length < 8) throw new GatewayError('password-too-weak');
    if (account?.password === next) throw new GatewayError('password-unchanged');
    this.change(key, { password: next, mustChange: false });
  }

  /** The same accounts as owners come to be. */
  local(): LocalAccounts {
    return {
      find: async (name) => this.#named(name)?.user,
      create: async ({ name, displayName, password }) => {
        if (this.#named(name) !== undefined) throw new GatewayError('name-taken');
        if (password.length < 8) throw new GatewayError('password-too-weak');
        return this.add(name, password, { displayName });
      },
      setPassword: async (key, password) => {
        if (password.length < 8) throw new GatewayError('password-too-weak');
        this.change(key, { password, mustChange: false });
      },
    };
  }

  #named(name: string): Account | undefined {
    const folded = this.bareName(name).toLowerCase();
    return [...this.accounts.values()].find((account) => account.user.name === folded);
  }
}
