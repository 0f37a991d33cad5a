import { type Role, strongestRole } from '../access/index.ts';

/**
 * What a call asks for. `see`: look at everything. `help`: reset, unlock, bypass codes, end sessions. `administer`:
 * change users, settings, applications, messages. `own`: administrators, tokens, subscriptions, the licence.
 */
export type Permission = 'see' | 'help' | 'administer' | 'own';

/** A role, for the whole site or for one subscription. */
export type Grant = { readonly role: Role; readonly subscription?: string };

/** Who calls. */
export type Caller = {
  /** For the audit log: the user key, or `token:<id>`. */
  readonly actor: string;
  /** What people call them: the user's or the token's name. */
  readonly name: string;
  /** The strongest role they have where this call acts. */
  readonly role: Role;
  /** All they have. */
  readonly grants: readonly Grant[];
  /** A program with an API token. */
  readonly token?: true;
};

const allows: Readonly<Record<Role, readonly Permission[]>> = {
  auditor: ['see'],
  helpdesk: ['see', 'help'],
  administrator: ['see', 'help', 'administer'],
  owner: ['see', 'help', 'administer', 'own'],
};

/** What a call is about: one subscription, or the whole site. */
export type Place =
  | { readonly scope: 'site' }
  | { readonly scope: 'subscription'; readonly subscription: string };

/** The strongest role of these grants at `place`; undefined: none. A role for one subscription is none for the site. */
export const roleAt = (grants: readonly Grant[], place: Place): Role | undefined =>
  strongestRole(grants, place.scope === 'site' ? undefined : place.subscription);

export const isAllowedTo = (role: Role, permission: Permission): boolean => allows[role].includes(permission);
