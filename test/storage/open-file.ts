import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type SqliteOptions, SqliteStore } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

/** A store in a file of its own, and more connections to it; everything goes when the test is over. */
export async function openFile(t: TestContext, options: Partial<SqliteOptions> = {}) {
  const folder = scratchFolder();
  t.after(() => folder.remove());
  const clock = new ManualClock();
  const path = join(folder.path, 'store.db');
  const open = async (more: Partial<SqliteOptions> = {}): Promise<SqliteStore> => {
    const store = await SqliteStore.open({ path, clock, busyLimit: 50, ...options, ...more });
    t.after(() => store.close());
    return store;
  };
  return { folder: folder.path, path, clock, open, store: await open() };
}
