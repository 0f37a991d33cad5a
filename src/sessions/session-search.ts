import type { ListQuery, Page } from '../storage/index.ts';
import type { SessionRecord, SessionState } from './session.ts';

/** What is absent narrows nothing. */
export type SessionSearch = {
  readonly subscription: string;
  /** A user key. */
  readonly user?: string;
  /** How a name of the user, or one of its words, begins. */
  readonly name?: string;
  readonly state?: 'live' | 'granted' | 'active' | 'ended';
  /** The cursor of the page before. */
  readonly after?: string;
  readonly limit: number;
};

type Lister = {
  list(query: ListQuery): Promise<Page<SessionRecord>>;
  /** As it is now. */
  stateOf(session: SessionRecord): SessionState;
};

/** Records looked at for one page: ended ones may lie far apart. */
const mostLookedAt = 2_000;

const stateTerm = 'state:';
const nameTerm = 'name:';

/** The term of a session that may open something. */
export const liveTerm = (state: 'granted' | 'active'): string => `${stateTerm}${state}`;

/** Terms of a user's names, whole and word by word. */
export function nameTerms(...names: readonly string[]): string[] {
  const terms = new Set<string>();
  for (const name of names) {
    const folded = fold(name);
    for (const word of [folded, ...folded.split(/[\s.@_-]+/)]) {
      if (word !== '') terms.add(`${nameTerm}${word.slice(0, 60)}`);
    }
  }
  return [...terms];
}

/**
 * One page, ordered by key. Where few of many match, it may have fewer than asked for and still a `next`. Rejects with
 * `store-unavailable`.
 */
export async function searchSessions(
  search: SessionSearch,
  { list, stateOf }: Lister,
): Promise<Page<SessionRecord>> {
  const { subscription, user, limit } = search;
  const term = termOf(search);
  const items: SessionRecord[] = [];
  let { after } = search;
  for (let looked = 0; looked < mostLookedAt; ) {
    const page = await list({
      prefix: user === undefined ? `${subscription}/` : `${subscription}/${user}/`,
      limit: limit - items.length,
      ...(term === undefined ? {} : { term }),
      ...(after === undefined ? {} : { after }),
    });
    items.push(...page.items.filter((session) => isWanted(session, search, stateOf(session).name)));
    looked += page.items.length;
    after = page.next;
    if (after === undefined) return { items };
    if (items.length === limit) return { items, next: after };
  }
  return after === undefined ? { items } : { items, next: after };
}

/** The one term that narrows most: a user's sessions are few as they are. */
function termOf({ user, name, state }: SessionSearch): string | undefined {
  if (user !== undefined) return undefined;
  if (name !== undefined && fold(name) !== '') return `${nameTerm}${fold(name).slice(0, 60)}`;
  if (state === 'granted' || state === 'active') return liveTerm(state);
  return state === 'live' ? stateTerm : undefined;
}

function isWanted(
  session: SessionRecord,
  { name, state }: SessionSearch,
  now: SessionState['name'],
): boolean {
  if (name !== undefined && fold(name) !== '') {
    const wanted = `${nameTerm}${fold(name).slice(0, 60)}`;
    const { user } = session;
    if (!nameTerms(user.name, user.displayName).some((term) => term.startsWith(wanted))) return false;
  }
  if (state === undefined) return true;
  const live = now === 'granted' || now === 'active';
  if (state === 'live') return live;
  return state === 'ended' ? !live : now === state;
}

const fold = (text: string): string =>
  text.toWellFormed().normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().toLowerCase().trim();
