/** A process to be killed: rotates the master key of the folder named on its command line, a line for each step. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock as clock } from '../../src/clock.ts';
import { systemRandom as random } from '../../src/random.ts';
import { openInstallation, rotateMasterKey, SqliteStore } from '../../src/storage/index.ts';

const [folder = '', settle = '1'] = process.argv.slice(2);
const masterKey = { kind: 'file', path: join(folder, 'master.key') } as const;
const store = await SqliteStore.open({ path: join(folder, 'store.db'), clock, busyLimit: 30_000 });
await openInstallation({ store, masterKey, clock, random });
const observed = new Proxy(store, {
  get(target, name) {
    const member: unknown = Reflect.get(target, name, target);
    if (typeof member !== 'function') return member;
    return (...args: unknown[]) => {
      writeSync(1, `${String(name)}\n`);
      return Reflect.apply(member, target, args);
    };
  },
});
await rotateMasterKey({ store: observed, masterKey, clock, random, settle: Number(settle) });
writeSync(1, 'done\n');
await store.close();
