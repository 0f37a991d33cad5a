import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everyNth, marksUpTo } from '../../src/web/console/home/chart-scale.ts';

describe('the scale of a chart', () => {
  const table: readonly (readonly [number, readonly number[]])[] = [
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [4, [0, 1, 2, 3, 4]],
    [5, [0, 2, 4, 6]],
    [42, [0, 20, 40, 60]],
    [100, [0, 50, 100]],
    [1_234, [0, 500, 1_000, 1_500]],
    [99_999, [0, 50_000, 100_000]],
  ];
  for (const [highest, marks] of table) {
    it(`up to ${highest} is marked in round steps from zero`, () => {
      assert.deepEqual(marksUpTo(highest, 4), marks);
    });
  }

  it('names as many buckets as there is room for', () => {
    assert.equal(everyNth(24, 12), 2);
    assert.equal(everyNth(24, 24), 1);
    assert.equal(everyNth(168, 8), 24);
    assert.equal(everyNth(365, 4), 96);
  });
});
