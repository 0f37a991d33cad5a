import type { AdministrationParts } from './administration-parts.ts';
import type { KnownUsers } from './known-users.ts';
import type { ListUsersParts } from './list-users.ts';
import type { UserStateParts } from './user-state.ts';

/** What administrators' work on users and the list of one subscription needs. */
export type PeopleParts = AdministrationParts &
  UserStateParts &
  ListUsersParts & {
    readonly known: KnownUsers;
    /** How many live 2FA sessions these users have together. */
    liveSessions(users: ReadonlySet<string>): Promise<number>;
    /** Whether two factors are on. */
    switchedOn(): boolean;
    /** Whether a method is among the setting *Methods*, and has a sender where it needs one. */
    methodState(method: 'app' | 'sms' | 'email'): 'usable' | 'method-off' | 'no-sender';
  };
