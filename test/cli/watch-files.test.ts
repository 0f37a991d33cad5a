import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { watchFiles } from '../../src/cli/watch-files.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

describe('watched files', () => {
  it('are reported once after each change, of whatever kind, and no more once nobody cares', (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const [cert, key] = [join(folder.path, 'cert'), join(folder.path, 'key')];
    writeFileSync(cert, '1');
    writeFileSync(key, '1');
    const clock = new ManualClock();
    let changes = 0;
    const watch = watchFiles([cert, key], clock, () => {
      changes += 1;
    });
    const afterAWhile = (): number => {
      clock.advance(60_000);
      return changes;
    };
    assert.equal(afterAWhile(), 0);
    writeFileSync(key, 'longer');
    assert.equal(afterAWhile(), 1);
    writeFileSync(`${cert}.new`, '2');
    renameSync(`${cert}.new`, cert);
    assert.equal(afterAWhile(), 2);
    rmSync(cert);
    assert.equal(afterAWhile(), 3);
    assert.equal(afterAWhile(), 3);
    watch.cancel();
    rmSync(key);
    assert.equal(afterAWhile(), 3);
  });
});
