import type { DirectoryUser } from '../accounts/index.ts';

/** What a directory says to a name and password. Wrong name and wrong password are one answer, in the same time. */
export type PasswordVerdict =
  | { readonly result: 'accepted'; readonly user: DirectoryUser; readonly mustChangePassword: boolean }
  /** The right password of an account that is switched off: said only to who knows the password. */
  | {
      readonly result: 'disabled';
      readonly user: DirectoryUser;
      /** Absent: switched off. */
      readonly because?: 'expired' | 'logon-hours' | 'workstation';
    }
  | {
      readonly result: 'refused' /** For throttling and audit only, never shown. */;
      readonly user?: DirectoryUser;
    };

/** When a directory locks an account: after so many wrong passwords, each within so many milliseconds of the one before. */
export type LockoutPolicy = { readonly threshold: number; readonly window: number };

/** One directory that can check passwords. */
export interface FirstFactor {
  readonly directory: string;
  /** Never throws for anything a person typed; rejects only when the directory cannot be asked. */
  verify(name: string, password: string): Promise<PasswordVerdict>;
  /** The user as the directory has them now, or undefined when gone. */
  find(userKey: string): Promise<DirectoryUser | undefined>;
  /** The one user that `name` stands for, perhaps without their groups; undefined when there is none. */
  lookUp(name: string): Promise<DirectoryUser | undefined>;
  /** Rejects with `wrong-password`, `password-too-weak` or `password-unchanged`. Absent where users cannot change it here. */
  changePassword?(userKey: string, current: string, next: string): Promise<void>;
  /** As long as checking a password of this directory takes, without checking any. Never rejects. */
  pretend?(password: string): Promise<void>;
  /** Absent, or undefined, where the directory locks nobody. Rejects only when it cannot be asked. */
  lockout?(): Promise<LockoutPolicy | undefined>;
  /** Replaces a password that was checked before. Rejects with `password-too-weak` or `password-unchanged`. */
  replacePassword?(userKey: string, next: string): Promise<void>;
}
