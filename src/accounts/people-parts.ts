import type { Page } from '../storage/index.ts';
import type { DirectoryUser } from './account.ts';
import type { AdministrationParts } from './administration-parts.ts';
import type { KnownUsers } from './known-users.ts';
import type { ListUsersParts } from './list-users.ts';
import type { PageQuery } from './page-through.ts';
import type { UserStateParts } from './user-state.ts';

/** What administrators' work on users and the list of one subscription needs. */
export type PeopleParts = AdministrationParts &
  UserStateParts &
  ListUsersParts & {
    readonly known: KnownUsers;
    /** Also one of another subscription. Rejects when the directory cannot be asked. */
    findAnywhere(key: string): Promise<DirectoryUser | undefined>;
    /** How many live 2FA sessions these users have together. */
    liveSessions(users: ReadonlySet<string>): Promise<number>;
    /** One page of those whose wrong codes or passwords are counted, locked by that or not. */
    counted(kind: 'codes' | 'password', query: PageQuery): Promise<Page<string>>;
    /** Keys of everybody who administers something of this subscription. */
    administrators(): Promise<readonly string[]>;
    /** Whether two factors are on. */
    switchedOn(): boolean;
    /** Whether a method is among the setting *Methods*, and has a sender where it needs one. */
    methodState(method: 'app' | 'sms' | 'email'): 'usable' | 'method-off' | 'no-sender';
  };
