import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items between two breaths: a few milliseconds of work. */
const slice = 200;

/** The same items, with a turn of the event loop in between: whoever counts everybody must not hold up the tunnels. */
export async function* inSlices<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    taken += 1;
    if (taken % slice === 0) await nextTurn();
  }
}
