import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filterPages, joinPages, type Pages } from '../../src/accounts/index.ts';

/** A list in pages whose cursors are positions. */
const pagesOf =
  <Item>(items: readonly Item[]): Pages<Item> =>
  async ({ after, limit }) => {
    const from = after === undefined ? 0 : Number(after);
    const rest = from + limit < items.length;
    return { items: items.slice(from, from + limit), ...(rest ? { next: String(from + limit) } : {}) };
  };

async function all<Item>(pages: Pages<Item>, limit: number): Promise<{ items: Item[]; longest: number }> {
  const items: Item[] = [];
  let [after, longest]: [string | undefined, number] = [undefined, 0];
  do {
    const page: Awaited<ReturnType<Pages<Item>>> = await pages({ limit, after });
    items.push(...page.items);
    longest = Math.max(longest, page.items.length);
    after = page.next;
  } while (after !== undefined);
  return { items, longest };
}

describe('pages', () => {
  const lists = fc.array(fc.array(fc.integer(), { maxLength: 12 }), { maxLength: 5 });
  const limit = fc.integer({ min: 1, max: 7 });

  it('of several lists are those of one behind the other', async () => {
    await fc.assert(
      fc.asyncProperty(lists, limit, async (some, most) => {
        const { items, longest } = await all(joinPages(some.map(pagesOf)), most);
        assert.deepEqual(items, some.flat());
        assert.ok(longest <= most);
      }),
    );
  });

  it('of what a condition keeps leave nothing out, however little they look at for one of them', async () => {
    const even = async (items: readonly number[]) => items.filter((item) => item % 2 === 0);
    await fc.assert(
      fc.asyncProperty(lists, limit, fc.integer({ min: 1, max: 5 }), async (some, most, looked) => {
        const pages = filterPages(joinPages(some.map(pagesOf)), even, looked);
        const { items, longest } = await all(pages, most);
        assert.deepEqual(items, await even(some.flat()));
        assert.ok(longest <= most);
      }),
    );
  });

  it('refuse a cursor that is none of theirs', async () => {
    await assert.rejects(joinPages([pagesOf([1])])({ limit: 1, after: 'x' }), { code: 'invalid-request' });
    assert.deepEqual(await joinPages([pagesOf([1])])({ limit: 1, after: '9~' }), { items: [] });
  });
});
