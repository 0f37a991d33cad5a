import type { Entry } from 'ldapts';
import type { LockoutPolicy } from './first-factor.ts';
import type { LdapFilter } from './ldap-filter.ts';
import type { LdapOptions } from './ldap-options.ts';
import type { LdapSearch } from './ldap-search.ts';

/** A person as a directory has them, without their groups. */
export type LdapPerson = {
  /** The directory's immutable id. */
  readonly id: string;
  readonly dn: string;
  readonly name: string;
  readonly displayName: string;
  readonly email?: string;
  /** What follows the `@` of their other name, where it isn't one of the directory's own. */
  readonly domain?: string;
  /** Switched off, or past its last day. */
  readonly disabled: boolean;
  /** Unix milliseconds. */
  readonly createdAt?: number;
  readonly entry: Entry;
};

/** Names of all groups, nested and primary ones included; incomplete when one of them can't be read. */
export type LdapGroups = { readonly names: readonly string[]; readonly complete: boolean };

/** Where to look, and what sites may call differently. */
export type LdapPlace = Pick<LdapOptions, 'baseDn' | 'groupBaseDn' | 'attributes' | 'aliases'>;

/** What differs between Active Directory and other directories. */
export interface LdapKind {
  /** Of people. */
  readonly attributes: readonly string[];
  readonly binary: readonly string[];
  /** Everybody who can sign in. */
  readonly people: LdapFilter;
  /** Whom a typed name can mean. */
  named(name: string): LdapFilter;
  /** Undefined when the text is no id of this kind of directory. */
  withId(id: string): LdapFilter | undefined;
  /** People to pick from while somebody types. */
  matching(text: string): LdapFilter;
  /** `now`: Unix milliseconds. Undefined when the entry lacks what every person has. */
  person(entry: Entry, now: number): LdapPerson | undefined;
  groupsOf(search: LdapSearch, person: LdapPerson): Promise<LdapGroups>;
  /** Groups to pick from. */
  groupsMatching(search: LdapSearch, text: string, limit: number): Promise<readonly string[]>;
  /** The names that people type for it, as the directory has them. */
  ownNames(search: LdapSearch): Promise<readonly string[]>;
  /** When the directory locks an account; undefined when it doesn't say. */
  lockout(search: LdapSearch): Promise<LockoutPolicy | undefined>;
}
