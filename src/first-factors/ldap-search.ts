import type { Client, Entry } from 'ldapts';
import { type LdapFilter, toFilter } from './ldap-filter.ts';

export type LdapQuery = {
  readonly filter: LdapFilter;
  readonly scope?: 'base' | 'sub';
  readonly attributes: readonly string[];
  /** Of `attributes`: those that are bytes. */
  readonly binary?: readonly string[];
  /** Entries at most; the rest is not sent. */
  readonly limit: number;
};

/** One search below a name. Referrals are not followed: a directory must not send the gateway's password elsewhere. */
export type LdapSearch = (base: string, query: LdapQuery) => Promise<readonly Entry[]>;

/** Searches with a connection that is bound. Larger answers come in pages (RFC 2696). */
export const searchWith =
  (client: Client, timeout: number): LdapSearch =>
  async (base, { filter, scope = 'sub', attributes, binary = [], limit }) => {
    const { searchEntries } = await client.search(base, {
      filter: toFilter(await import('ldapts'), filter),
      scope,
      attributes: [...attributes],
      explicitBufferAttributes: [...binary],
      derefAliases: 'never',
      timeLimit: Math.max(1, Math.ceil(timeout / 1000)),
      ...(limit > pageSize ? { paged: { pageSize } } : { sizeLimit: limit }),
    });
    return searchEntries.slice(0, limit);
  };

/** Active Directory's own limit is 1,000 entries. */
const pageSize = 500;
