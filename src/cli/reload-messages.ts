import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Random } from '../random.ts';
import { randomName } from '../random.ts';
import type { Store, Subscription } from '../storage/index.ts';

/** What a gateway says of a reload: taken over, and which settings wait for a restart; or why not. */
export type ReloadResult =
  | { readonly ok: true; readonly needRestart: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const question = z.object({ id: z.string() });
const answer = z.union([
  z.object({ id: z.string(), ok: z.literal(true), needRestart: z.array(z.string()) }),
  z.object({ id: z.string(), ok: z.literal(false), reason: z.string() }),
]);

/** Milliseconds to wait for the first gateway, and for more of them after it. */
const patience = 5000;
const afterthought = 300;

/** Lets a gateway reload whenever `askForReload` is called anywhere on the same store. */
export function listenForReload(store: Store, reload: () => ReloadResult): Subscription {
  return store.subscribe('reload', {
    message(message) {
      const asked = question.safeParse(message);
      if (!asked.success) return;
      // A gateway whose store is gone has answered nobody; whoever asked sees that.
      store.publish('reload-answers', { ...reload(), id: asked.data.id }).catch(() => {});
    },
  });
}

/** Has every gateway on this store reload; resolves to their answers, none when no gateway runs. */
export async function askForReload(store: Store, random: Random): Promise<ReloadResult[]> {
  const id = randomName(random);
  const results: ReloadResult[] = [];
  const first = Promise.withResolvers<void>();
  const subscription = store.subscribe('reload-answers', {
    message(message) {
      const given = answer.safeParse(message);
      if (!given.success || given.data.id !== id) return;
      results.push(given.data);
      first.resolve();
    },
  });
  const waiting = new AbortController();
  try {
    await store.publish('reload', { id });
    // Ended with the first answer, or the timer would keep the process.
    const late = setTimeout(patience, undefined, { signal: waiting.signal }).catch(() => {});
    await Promise.race([first.promise, late]);
    if (results.length > 0) await setTimeout(afterthought);
    return results;
  } finally {
    waiting.abort();
    subscription.close();
  }
}
