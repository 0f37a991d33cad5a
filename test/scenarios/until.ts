import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resolves when `happened` says so: what the other end of a socket does is seen some turns later. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await nextTurn();
}
