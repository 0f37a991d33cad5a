import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { SqliteStore } from '../../src/storage/index.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

/** Starts a writer and kills it (SIGKILL) in the middle of its next writes once it has acknowledged `count` of them. */
async function writeUntilKilled(path: string, writer: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'endless-writer.ts'), path, writer], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close');
  const acknowledged: string[] = [];
  for await (const key of createInterface({ input: child.stdout })) {
    acknowledged.push(key);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  assert.deepEqual([code, signal], [null, 'SIGKILL'], 'the writer ended by itself');
  return acknowledged;
}

describe('a store whose processes are killed', () => {
  it('has every acknowledged write, whole, after each of many kills', async (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const path = join(folder.path, 'store.db');
    for (let round = 0; round < 25; round += 1) {
      const names = [`a${round}`, `b${round}`];
      const killed = names.map((name, index) =>
        writeUntilKilled(path, name, 5 + ((round * 7 + index * 13) % 40)),
      );
      const acknowledged = (await Promise.all(killed)).flat();
      assert.ok(acknowledged.length >= 10);

      const store = await SqliteStore.open({ path, clock: systemClock });
      t.after(() => store.close());
      const found = await store.getMany('written', acknowledged);
      assert.deepEqual(
        found.map((document) => document?.key),
        acknowledged,
      );
      for (const name of names) {
        const written = acknowledged.filter((key) => key.includes(`/${name}/`));
        const listed = await store.list('written', { term: name, limit: 1000 });
        const entries = await store.read('written', { tags: [name], limit: 1000 });
        // The very last write may have happened without being acknowledged: never half of it.
        assert.ok(listed.items.length - written.length <= 1);
        assert.ok(entries.items.length >= written.length);
      }
      await store.close();
    }
    const database = new DatabaseSync(path);
    assert.deepEqual(
      database
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => ({ ...row })),
      [{ integrity_check: 'ok' }],
    );
    const orphans = database.prepare(
      'SELECT count(*) AS found FROM terms t LEFT JOIN documents d USING (collection, key) WHERE d.id IS NULL',
    );
    assert.equal(orphans.get()?.found, 0);
    database.close();
  });
});
