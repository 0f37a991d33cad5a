import { GatewayError } from '../errors.ts';
import type { Page, Store, StreamEntry } from '../storage/index.ts';
import type { AuditEntry } from './audit.ts';
import type { AuditEventType } from './event.ts';

/** What is looked for; an entry has to match all of it. */
export type AuditFilter = {
  /** A user key. */
  readonly user?: string;
  /** Any of these. */
  readonly types?: readonly AuditEventType[];
  /** Unix milliseconds, inclusive. */
  readonly from?: number;
  /** Unix milliseconds, exclusive. */
  readonly to?: number;
  readonly address?: string;
  readonly actor?: string;
  readonly application?: string;
  readonly session?: string;
  /** Its own entries, and no other's. Absent: those of all, and of the site itself. */
  readonly subscription?: string;
};

/** `id` is the cursor after which the next page goes on. */
export type FoundEntry = { readonly id: string; readonly entry: AuditEntry };

type Read = Pick<Store, 'read'>;
type Found = StreamEntry<AuditEntry>;

/** Entries that one call looks at, however few of them match: an answer has to come soon. */
const mostLookedAt = 4_000;
const chunk = 200;
/** Beyond, looking at every entry is less work than asking for each kind. */
const mostKindsAsked = 12;

/**
 * One page of the audit log, newest first. Where `default` is asked for, whose entries carry no tag, a page may hold
 * fewer than `limit` although there is a `next`. Rejects with `invalid-request` for a foreign cursor.
 */
export async function queryAudit(
  store: Read,
  filter: AuditFilter,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<Page<FoundEntry>> {
  const items: FoundEntry[] = [];
  let lookedAt = 0;
  let last = after;
  for await (const found of merged(store, filter, after, Math.min(chunk, limit + 1))) {
    if (items.length === limit || lookedAt === mostLookedAt) {
      return last === undefined ? { items } : { items, next: last };
    }
    lookedAt += 1;
    last = found.id;
    if (matches(filter, found.value)) items.push({ id: found.id, entry: found.value });
  }
  return { items };
}

/** The one entry of this id, if it matches. Rejects with `invalid-request` for an id that is none. */
export async function findEntry(
  store: Read,
  filter: AuditFilter,
  id: string,
): Promise<FoundEntry | undefined> {
  const [, head = '', number = ''] = /^(-?\d{1,16}-)(\d{1,16})$/.exec(id) ?? [];
  if (number === '') throw new GatewayError('invalid-request');
  // Pages end before their cursor: that of the entry itself would leave it out.
  const before = head + String(Number(number) + 1).padStart(number.length, '0');
  const { items } = await store.read<AuditEntry>('audit', { before, limit: 1 });
  const [found] = items;
  const isThere = found?.id === id && found.value.at >= (filter.from ?? 0) && matches(filter, found.value);
  return isThere ? { id, entry: found.value } : undefined;
}

/** Everything that matches, newest first, read as it is consumed. */
export async function* everyEntry(store: Read, filter: AuditFilter): AsyncGenerator<FoundEntry> {
  for await (const { id, value } of merged(store, filter, undefined, chunk)) {
    if (matches(filter, value)) yield { id, entry: value };
  }
}

/** What happens to the gateway itself, whose subscription is nobody's. */
const ofTheSite = /^(?:gateway|certificate|store|keys|clock|server|subscription|license|licence|directory)\./;

function matches({ subscription, types }: AuditFilter, entry: AuditEntry): boolean {
  if (types !== undefined && !types.includes(entry.type)) return false;
  if (subscription === undefined) return true;
  const own = entry.subscription;
  return own === undefined ? subscription === 'default' && !ofTheSite.test(entry.type) : own === subscription;
}

function tagsFor(filter: AuditFilter, type: AuditEventType | undefined): string[] {
  const { user, address, actor, application, session, subscription } = filter;
  const tag = (kind: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${kind}:${value.slice(0, 280)}`];
  return [
    ...tag('type', type),
    ...tag('user', user),
    ...tag('address', address),
    ...tag('actor', actor),
    ...tag('application', application),
    ...tag('session', session),
    ...tag('subscription', subscription === 'default' ? undefined : subscription),
  ];
}

/** The store finds entries that carry all of some tags; those of several kinds are one stream for each, put in order. */
async function* merged(
  store: Read,
  filter: AuditFilter,
  after: string | undefined,
  size: number,
): AsyncGenerator<Found> {
  const { types } = filter;
  if (types?.length === 0) throw new GatewayError('invalid-request');
  const apart = types !== undefined && types.length <= mostKindsAsked;
  const kinds: readonly (AuditEventType | undefined)[] = apart ? [...new Set(types)] : [undefined];
  const streams = kinds.map((type) => entriesOf(store, filter, tagsFor(filter, type), after, size));
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  for (;;) {
    let newest: number | undefined;
    for (const [index, head] of heads.entries()) {
      const best = newest === undefined ? undefined : heads[newest];
      if (
        head.done !== true &&
        (best === undefined || best.done === true || isNewer(head.value, best.value))
      ) {
        newest = index;
      }
    }
    const head = newest === undefined ? undefined : heads[newest];
    const stream = newest === undefined ? undefined : streams[newest];
    if (newest === undefined || head === undefined || head.done === true || stream === undefined) return;
    yield head.value;
    heads[newest] = await stream.next();
  }
}

async function* entriesOf(
  store: Read,
  { from, to }: AuditFilter,
  tags: readonly string[],
  after: string | undefined,
  limit: number,
): AsyncGenerator<Found, undefined> {
  let before = after;
  do {
    const page: Page<Found> = await store.read<AuditEntry>('audit', {
      tags,
      limit,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(before === undefined ? {} : { before }),
    });
    yield* page.items;
    before = page.next;
  } while (before !== undefined);
  return undefined;
}

/** Ids are `time-number` in both stores, however many zeros stand before them. */
function isNewer(one: Found, other: Found): boolean {
  if (one.at !== other.at) return one.at > other.at;
  const numberOf = ({ id }: Found): number => Number(id.slice(id.lastIndexOf('-') + 1));
  return numberOf(one) > numberOf(other);
}
