import type { Entry } from 'ldapts';
import { foldName } from '../accounts/index.ts';
import { bytesOf, numberOf, textOf, timeOf } from './ldap-entry.ts';
import { all, any, begins, everything, is } from './ldap-filter.ts';
import type { LdapGroups, LdapKind, LdapPerson, LdapPlace } from './ldap-kind.ts';
import type { LdapSearch } from './ldap-search.ts';
import { fileTime, guidBytes, guidText, siblingSid } from './windows-ids.ts';

/** ACCOUNTDISABLE of userAccountControl (MS-ADTS section 2.2.16). */
const accountDisabled = 2;
/** Groups looked up by one filter: directories limit its length. */
const sidsAtOnce = 50;

/** Milliseconds: what a domain has when nobody changed it, and a day for those that never forget. */
const usualWindow = 30 * 60_000;
const longestWindow = 86_400_000;

/** Windows domains, and Samba's. */
export function activeDirectory(place: LdapPlace): LdapKind {
  const nameAttribute = place.attributes.name ?? 'sAMAccountName';
  const email = place.attributes.email ?? 'mail';
  let domain: Promise<string | undefined> | undefined;

  /** The whole domain: groups and the lockout policy aren't below the folder of the people. */
  const domainOf = (search: LdapSearch): Promise<string | undefined> => {
    domain ??= search('', {
      filter: everything,
      scope: 'base',
      attributes: ['defaultNamingContext'],
      limit: 1,
    }).then(([root]) => root && textOf(root, 'defaultNamingContext'));
    domain.catch(() => {
      domain = undefined;
    });
    return domain;
  };
  const groupBase = async (search: LdapSearch): Promise<string> =>
    place.groupBaseDn ?? (await domainOf(search)) ?? place.baseDn;

  return {
    attributes: [
      nameAttribute,
      'userPrincipalName',
      'displayName',
      email,
      'userAccountControl',
      'accountExpires',
      'whenCreated',
      'primaryGroupID',
      'objectGUID',
      'objectSid',
    ],
    binary: ['objectGUID', 'objectSid'],
    people: all(is('objectCategory', 'person'), is('objectClass', 'user')),

    named(name) {
      const principals = name.includes('@') ? [name] : place.aliases.map((alias) => `${name}@${alias}`);
      return any(is(nameAttribute, name), ...principals.map((each) => is('userPrincipalName', each)));
    },

    withId(id) {
      const bytes = guidBytes(id);
      return bytes && is('objectGUID', bytes);
    },

    matching: (text) =>
      any(
        ...[nameAttribute, 'userPrincipalName', 'displayName', 'sn', email].map((each) => begins(each, text)),
      ),

    person(entry, now): LdapPerson | undefined {
      const [guid] = bytesOf(entry, 'objectGUID');
      const id = guid && guidText(guid);
      const name = textOf(entry, nameAttribute);
      const control = numberOf(entry, 'userAccountControl');
      // Without its control bits nobody can say that an account is not switched off.
      if (id === undefined || name === undefined || control === undefined) return undefined;
      const address = textOf(entry, email);
      const createdAt = timeOf(entry, 'whenCreated');
      return {
        id,
        dn: entry.dn,
        name,
        displayName: textOf(entry, 'displayName') ?? name,
        ...(address === undefined ? {} : { email: address }),
        ...domainOfPrincipal(textOf(entry, 'userPrincipalName'), place.aliases),
        disabled: (control & accountDisabled) !== 0 || isPast(numberOf(entry, 'accountExpires'), now),
        ...(createdAt === undefined ? {} : { createdAt }),
        entry,
      };
    },

    async groupsOf(search, person): Promise<LdapGroups> {
      const sids = await securityIds(search, person);
      if (sids === undefined) return { names: [], complete: false };
      const names = new Map<string, string>();
      const base = await groupBase(search);
      const wanted = [...sids.keys()];
      for (let from = 0; from < wanted.length; from += sidsAtOnce) {
        const some = wanted.slice(from, from + sidsAtOnce);
        const entries = await search(base, {
          filter: any(...some.map((sid) => is('objectSid', Buffer.from(sid, 'hex')))),
          attributes: ['sAMAccountName', 'objectSid'],
          binary: ['objectSid'],
          limit: sidsAtOnce,
        });
        for (const entry of entries) {
          const [sid] = bytesOf(entry, 'objectSid');
          const name = textOf(entry, 'sAMAccountName');
          if (sid !== undefined && name !== undefined) names.set(sid.toString('hex'), name);
        }
      }
      return { names: [...names.values()], complete: wanted.every((sid) => names.has(sid)) };
    },

    async groupsMatching(search, text, limit) {
      const filter = all(
        is('objectCategory', 'group'),
        any(begins('sAMAccountName', text), begins('cn', text)),
      );
      const entries = await search(await groupBase(search), {
        filter,
        attributes: ['sAMAccountName'],
        limit,
      });
      return entries.flatMap((entry) => textOf(entry, 'sAMAccountName') ?? []);
    },

    async ownNames(search) {
      const [root] = await search('', {
        filter: everything,
        scope: 'base',
        attributes: ['configurationNamingContext', 'defaultNamingContext'],
        limit: 1,
      });
      const configuration = root && textOf(root, 'configurationNamingContext');
      const context = root && textOf(root, 'defaultNamingContext');
      if (configuration === undefined || context === undefined) return [];
      const [domainEntry] = await search(`CN=Partitions,${configuration}`, {
        filter: all(is('objectClass', 'crossRef'), is('nCName', context)),
        attributes: ['nETBIOSName', 'dnsRoot'],
        limit: 1,
      });
      if (domainEntry === undefined) return [];
      return ['nETBIOSName', 'dnsRoot'].flatMap((name) => textOf(domainEntry, name) ?? []);
    },

    async lockout(search) {
      const base = await domainOf(search);
      if (base === undefined) return undefined;
      const [domainEntry] = await search(base, {
        filter: everything,
        scope: 'base',
        attributes: ['lockoutThreshold', 'lockOutObservationWindow'],
        limit: 1,
      });
      const threshold = domainEntry && numberOf(domainEntry, 'lockoutThreshold');
      if (domainEntry === undefined || threshold === undefined) return undefined;
      // A duration is negative, in 100 ns (MS-ADA1 section 2.330); the smallest of all means for ever.
      const window = -(numberOf(domainEntry, 'lockOutObservationWindow') ?? 0) / 10_000;
      return { threshold, window: window > 0 ? Math.min(window, longestWindow) : usualWindow };
    },
  };
}

/** Forests give each customer a suffix of their own, which only administrators write; those of the domain itself say nothing. */
function domainOfPrincipal(principal: string | undefined, aliases: readonly string[]): { domain?: string } {
  const at = principal?.lastIndexOf('@') ?? -1;
  const domain = at < 0 ? '' : (principal?.slice(at + 1) ?? '');
  const own = aliases.some((alias) => foldName(alias) === foldName(domain));
  return domain === '' || own ? {} : { domain };
}

/** Of several whom a name can mean, the one whose logon name it is: as Windows prefers it. */
export function preferLogonName(people: readonly LdapPerson[], typed: string): LdapPerson | undefined {
  if (people.length < 2) return people[0];
  const exact = people.filter(({ name }) => foldName(name) === foldName(typed));
  return exact.length === 1 ? exact[0] : undefined;
}

/** 0 and the largest value both mean never (MS-ADA1 section 2.2). */
const isPast = (expires: number | undefined, now: number): boolean =>
  expires !== undefined && expires > 0 && expires < 9.2e18 && fileTime(expires) <= now;

/**
 * Every group a logon would carry, nested and primary ones included, as the directory computes it (MS-ADTS section
 * 3.1.1.4.5.19), in hexadecimal. Undefined when it doesn't tell.
 */
async function securityIds(
  search: LdapSearch,
  { dn, entry }: LdapPerson,
): Promise<ReadonlySet<string> | undefined> {
  const [computed] = await search(dn, {
    filter: everything,
    scope: 'base',
    attributes: ['tokenGroups'],
    binary: ['tokenGroups'],
    limit: 1,
  });
  const sids = computed === undefined ? [] : bytesOf(computed, 'tokenGroups');
  if (sids.length === 0) return undefined;
  const found = new Set(sids.map((sid) => sid.toString('hex')));
  const primary = primaryGroup(entry);
  if (primary !== undefined) found.add(primary.toString('hex'));
  return found;
}

function primaryGroup(entry: Entry): Buffer | undefined {
  const [sid] = bytesOf(entry, 'objectSid');
  const relativeId = numberOf(entry, 'primaryGroupID');
  return sid === undefined || relativeId === undefined ? undefined : siblingSid(sid, relativeId);
}
