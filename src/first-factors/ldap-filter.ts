import type { Filter } from 'ldapts';

/** The part of the library that makes filters. */
type Library = typeof import('ldapts');

/** What to look for, as data: a typed name is a value and can never become syntax. */
export type LdapFilter =
  | { readonly all: readonly LdapFilter[] }
  | { readonly any: readonly LdapFilter[] }
  | { readonly attribute: string; readonly is: string | Buffer }
  | { readonly attribute: string; readonly begins: string }
  /** Written by an administrator (RFC 4515). */
  | { readonly written: string };

export const is = (attribute: string, value: string | Buffer): LdapFilter => ({ attribute, is: value });
export const begins = (attribute: string, text: string): LdapFilter => ({ attribute, begins: text });
export const all = (...filters: readonly LdapFilter[]): LdapFilter => ({ all: filters });
export const any = (...filters: readonly LdapFilter[]): LdapFilter => ({ any: filters });
/** Every entry there is (RFC 4512 section 3.3: each has an object class). */
export const everything: LdapFilter = { written: '(objectClass=*)' };

/** The same as the library sends it. Throws when an administrator's filter can't be read. */
export function toFilter(library: Library, filter: LdapFilter): Filter {
  if ('written' in filter) return library.FilterParser.parseString(filter.written);
  if ('all' in filter)
    return new library.AndFilter({ filters: filter.all.map((each) => toFilter(library, each)) });
  if ('any' in filter)
    return new library.OrFilter({ filters: filter.any.map((each) => toFilter(library, each)) });
  const { attribute } = filter;
  if ('is' in filter) {
    const value = typeof filter.is === 'string' ? filter.is.toWellFormed() : filter.is;
    return new library.EqualityFilter({ attribute, value });
  }
  // An empty beginning is no valid substring (RFC 4511 section 4.5.1.7.2).
  if (filter.begins === '') return new library.PresenceFilter({ attribute });
  return new library.SubstringFilter({ attribute, initial: filter.begins.toWellFormed() });
}
