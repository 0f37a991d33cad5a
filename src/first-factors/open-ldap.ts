import { numberOf, textOf, timeOf } from './ldap-entry.ts';
import { all, any, begins, is, type LdapFilter } from './ldap-filter.ts';
import type { LdapGroups, LdapKind, LdapPerson, LdapPlace } from './ldap-kind.ts';
import type { LdapSearch } from './ldap-search.ts';

/** Groups of one user at most; beyond it membership counts as unknown. */
const mostGroups = 1_000;
/** How deep groups are looked for within groups. */
const deepest = 10;
/** pwdAccountLockedTime of an account that an administrator has locked for good (draft-behera-ldap-password-policy section 5.3.3). */
const lockedForGood = '000001010000Z';
const groupClasses = any(
  ...['groupOfNames', 'groupOfUniqueNames', 'groupOfMembers', 'posixGroup'].map((each) =>
    is('objectClass', each),
  ),
);

/** OpenLDAP and others that follow the RFCs: inetOrgPerson, groupOfNames, posixGroup. */
export function openLdap(place: LdapPlace): LdapKind {
  const nameAttribute = place.attributes.name ?? 'uid';
  const email = place.attributes.email ?? 'mail';
  const groupBase = place.groupBaseDn ?? place.baseDn;

  return {
    attributes: [
      nameAttribute,
      'displayName',
      'cn',
      email,
      'gidNumber',
      'shadowExpire',
      'pwdAccountLockedTime',
      'createTimestamp',
      'entryUUID',
    ],
    binary: [],
    people: any(...['inetOrgPerson', 'posixAccount', 'account'].map((each) => is('objectClass', each))),

    named: (name) => is(nameAttribute, name),

    withId: (id) => (/^[0-9a-f-]{36}$/i.test(id) ? is('entryUUID', id) : undefined),

    matching: (text) =>
      any(...[nameAttribute, 'displayName', 'cn', 'sn', email].map((each) => begins(each, text))),

    person(entry, now): LdapPerson | undefined {
      const id = textOf(entry, 'entryUUID');
      const name = textOf(entry, nameAttribute);
      if (id === undefined || name === undefined) return undefined;
      const address = textOf(entry, email);
      const createdAt = timeOf(entry, 'createTimestamp');
      // Days since 1970; below one means never (shadow(5)).
      const lastDay = numberOf(entry, 'shadowExpire') ?? -1;
      return {
        id,
        dn: entry.dn,
        name,
        displayName: textOf(entry, 'displayName') ?? textOf(entry, 'cn') ?? name,
        ...(address === undefined ? {} : { email: address }),
        disabled:
          textOf(entry, 'pwdAccountLockedTime') === lockedForGood ||
          (lastDay > 0 && lastDay * 86_400_000 <= now),
        ...(createdAt === undefined ? {} : { createdAt }),
        entry,
      };
    },

    groupsOf: (search, person) => nestedGroups(search, groupBase, person),

    async groupsMatching(search, text, limit) {
      const filter = all(groupClasses, begins('cn', text));
      const entries = await search(groupBase, { filter, attributes: ['cn'], limit });
      return entries.flatMap((entry) => textOf(entry, 'cn') ?? []);
    },

    ownNames: async () => [],

    lockout: async () => undefined,
  };
}

/** Direct groups, then the groups that those are in, and so on: OpenLDAP has no filter that does it. */
async function nestedGroups(search: LdapSearch, base: string, person: LdapPerson): Promise<LdapGroups> {
  const found = new Map<string, string>();
  let filters = [...memberFilters(person.dn), is('memberUid', person.name)];
  const primary = numberOf(person.entry, 'gidNumber');
  if (primary !== undefined)
    filters.push(all(is('objectClass', 'posixGroup'), is('gidNumber', String(primary))));
  for (let depth = 0; filters.length > 0; depth += 1) {
    if (depth === deepest || found.size >= mostGroups) return { names: [...found.values()], complete: false };
    const entries = await search(base, {
      filter: all(groupClasses, any(...filters)),
      attributes: ['cn'],
      limit: mostGroups,
    });
    filters = [];
    for (const entry of entries) {
      const name = textOf(entry, 'cn');
      if (name === undefined) return { names: [...found.values()], complete: false };
      if (found.has(entry.dn)) continue;
      found.set(entry.dn, name);
      filters.push(...memberFilters(entry.dn));
    }
  }
  return { names: [...found.values()], complete: true };
}

const memberFilters = (dn: string): LdapFilter[] => ['member', 'uniqueMember'].map((each) => is(each, dn));
