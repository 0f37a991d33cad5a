import type { EnabledEntry } from './account.ts';
import { canonicalSubject, type EnabledList, subjectOfUser } from './enabled-list.ts';
import { foldTerm, termsOf } from './fold-name.ts';
import { type ListUsersParts, listUsers } from './list-users.ts';
import { filterPages, joinPages, type Pages } from './page-through.ts';

export type EntriesQuery = {
  /** Of users and groups of whom a word begins with it. */
  readonly q?: string | undefined;
  readonly kind?: 'user' | 'group' | undefined;
  readonly mode?: 'enabled' | 'exempt' | undefined;
};

/** Entries looked at for one page. */
const mostLookedAt = 2_000;

/**
 * Who is on the list: *Everyone* first where it is, then groups, then users. An entry says no names of users, so a
 * search goes through the users whom it finds and keeps those who have one.
 */
export function listEntries(
  parts: ListUsersParts & { readonly list: EnabledList },
  { q, kind, mode }: EntriesQuery,
): Pages<EnabledEntry> {
  const { list, subscription } = parts;
  const term = foldTerm(q ?? '');
  const stored =
    (prefix: string): Pages<EnabledEntry> =>
    ({ after, limit }) =>
      list.list(subscription, {
        prefix,
        limit,
        ...(mode === 'exempt' ? { exempt: true } : {}),
        ...(after === undefined ? {} : { after }),
      });
  const ofMode = (pages: Pages<EnabledEntry>, fits: (entry: EnabledEntry) => boolean = () => true) =>
    filterPages(
      pages,
      async (entries) =>
        entries.filter((entry) => (mode === undefined || entry.mode === mode) && fits(entry)),
      mostLookedAt,
    );
  if (term === '') return ofMode(stored(kind === undefined ? '' : `${kind}:`));
  const found: Pages<EnabledEntry>[] = [];
  if (kind !== 'user') found.push(ofMode(stored('group:'), ({ subject }) => isNamed(subject, term)));
  if (kind !== 'group') {
    const entriesOf = filterPages(
      listUsers(parts, { q }),
      async (users) => {
        const entries = await list.many(
          subscription,
          users.map(({ user }) => subjectOfUser(user.key)),
        );
        return entries.filter((entry) => entry !== undefined);
      },
      mostLookedAt,
    );
    found.push(ofMode(entriesOf));
  }
  return joinPages(found);
}

/** Whether a word of a group's name begins with a term. */
function isNamed(subject: string, term: string): boolean {
  const name = canonicalSubject(subject).replace(/^group:[^:]*:/, '');
  return termsOf(name).some((word) => word.startsWith(term));
}
