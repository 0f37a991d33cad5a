import type { IncomingMessage } from 'node:http';
import type { CookieNames } from '../access/index.ts';
import { readCredential } from '../http/index.ts';
import { apiTokenBeginning, isPasswordOnly, type SessionRecord } from '../sessions/index.ts';
import type { Grant } from './authorise.ts';

/** Somebody who has proven who they are, and what they may do where. */
export type Visit = {
  /** For the audit log: the user key, or `token:<id>`. */
  readonly actor: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  /** Absent: a program with an API token. */
  readonly session?: SessionRecord;
};

/** Sessions of the console, by their tokens for its origin. */
export interface ConsoleSessions {
  /** The live session that a token for `audience` names. Rejects with `store-unavailable`. */
  find(token: string, audience: string): Promise<SessionRecord | undefined>;
  /** Begins its second clock, as a remote session would. Resolves to the session as it is then. */
  opened(session: SessionRecord): Promise<SessionRecord | undefined>;
}

/** What is known of roles. */
export interface ConsoleRoles {
  grantsOf(session: SessionRecord): Promise<readonly Grant[]>;
}

/** Programs with an API token. */
export interface ConsoleTokens {
  /** Undefined for whatever isn't a good token. Rejects with `too-many-requests`, `store-unavailable`. */
  verify(
    token: string,
    address: string,
  ): Promise<{ readonly id: string; readonly name: string; readonly grant: Grant } | undefined>;
}

export type VisitsOptions = {
  readonly origin: string;
  readonly names: CookieNames;
  readonly sessions: ConsoleSessions;
  readonly roles: ConsoleRoles;
  readonly tokens: ConsoleTokens;
  readonly addressOf: (request: IncomingMessage) => string;
};

/** Tells who calls: an administrator's session of the console, or a program's API token. */
export class Visits {
  readonly #options: VisitsOptions;

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /**
   * Undefined: nobody, or a session of the password alone, which is never enough here. Rejects with
   * `ambiguous-credentials`, `store-unavailable`, `too-many-requests`.
   */
  async of(request: IncomingMessage): Promise<Visit | undefined> {
    const { names, origin, sessions, roles, tokens, addressOf } = this.#options;
    const credential = readCredential(request, names, 'session');
    if (credential === undefined) return undefined;
    if (credential.token.startsWith(apiTokenBeginning)) {
      if (credential.deliver !== 'bearer') return undefined;
      const found = await tokens.verify(credential.token, addressOf(request));
      return found && { actor: `token:${found.id}`, name: found.name, grants: [found.grant] };
    }
    const session = await sessions.find(credential.token, origin);
    if (session === undefined || isPasswordOnly(session)) return undefined;
    const grants = await roles.grantsOf(session);
    const visit = { actor: session.user.key, name: session.user.name, grants };
    if (grants.length === 0 || session.state.name !== 'granted') return { ...visit, session };
    const opened = await sessions.opened(session);
    return opened && { ...visit, session: opened };
  }
}
