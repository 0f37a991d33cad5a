/** A process to be killed: writes without end into the store named on its command line and prints what was acknowledged. */
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/clock.ts';
import { SqliteStore } from '../../src/storage/index.ts';

const [path = '', writer = ''] = process.argv.slice(2);
const store = await SqliteStore.open({ path, clock: systemClock, busyLimit: 30_000 });
for (let count = 0; ; count += 1) {
  const key = `default/${writer}/${count}`;
  await store.put(
    'written',
    key,
    { count, padding: 'x'.repeat(count % 3000) },
    {
      ifVersion: 'absent',
      terms: [writer],
      announce: { topic: 'written', message: key },
    },
  );
  await store.append('written', key, { tags: [writer] });
  writeSync(1, `${key}\n`);
}
