import { join } from 'node:path';
import { SqliteStore } from '../../src/storage/index.ts';
import { storeContract } from '../contracts/store.contract.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

storeContract('SQLite in a file', async (clock) => {
  const folder = scratchFolder();
  const path = join(folder.path, 'store.db');
  const store = await SqliteStore.open({ path, clock });
  const opened = [store];
  return {
    store,
    async peer() {
      const peer = await SqliteStore.open({ path, clock });
      opened.push(peer);
      return peer;
    },
    async close() {
      for (const each of opened) await each.close();
      folder.remove();
    },
  };
});
