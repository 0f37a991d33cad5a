import { GatewayError } from '../errors.ts';
import type { Page } from '../storage/index.ts';

/** One page of something that comes in pages. */
export type PageQuery = { readonly after?: string | undefined; readonly limit: number };
export type Pages<Item> = (query: PageQuery) => Promise<Page<Item>>;

/** Several lists one behind the other as one; a cursor says in which of them to go on. Rejects with `invalid-request`. */
export function joinPages<Item>(lists: readonly Pages<Item>[]): Pages<Item> {
  return async ({ after, limit }) => {
    const cursor = after === undefined ? { index: 0, from: undefined } : readCursor(after);
    const items: Item[] = [];
    let { index } = cursor;
    let from = cursor.from;
    while (items.length < limit) {
      const list = lists[index];
      if (list === undefined) return { items };
      const page = await list({ limit: limit - items.length, after: from });
      items.push(...page.items);
      from = page.next;
      if (page.next === undefined) index += 1;
    }
    const rest = from !== undefined || index < lists.length;
    return rest ? { items, next: `${index}~${from ?? ''}` } : { items };
  };
}

/**
 * Those of a list that `keep` wants. It looks at `most` of them at once at most, so a page may be short, or empty,
 * and still have a next one.
 */
export function filterPages<Item, Kept>(
  list: Pages<Item>,
  keep: (items: readonly Item[]) => Promise<readonly Kept[]>,
  most: number,
): Pages<Kept> {
  return async ({ after, limit }) => {
    const items: Kept[] = [];
    let looked = 0;
    let from = after;
    do {
      const page = await list({ limit: limit - items.length, after: from });
      items.push(...(await keep(page.items)));
      looked += Math.max(1, page.items.length);
      from = page.next;
    } while (from !== undefined && items.length < limit && looked < most);
    return from === undefined ? { items } : { items, next: from };
  };
}

function readCursor(text: string): { index: number; from: string | undefined } {
  const match = /^(\d{1,4})~(.*)$/s.exec(text);
  if (match === null) throw new GatewayError('invalid-request');
  return { index: Number(match[1]), from: match[2] === '' ? undefined : match[2] };
}
