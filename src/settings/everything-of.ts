import type { Json, Store } from '../storage/index.ts';

/** Where keys of what belongs to the whole site begin. */
export const site = 'default/';

/** Every document of the site in a collection, page by page, ordered by key. */
export async function* everythingOf<Value extends Json>(store: Pick<Store, 'list'>, collection: string) {
  let after: string | undefined;
  do {
    const query = { prefix: site, limit: 200 };
    const page = await store.list<Value>(collection, after === undefined ? query : { ...query, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
