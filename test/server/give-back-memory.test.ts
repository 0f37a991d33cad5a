import assert from 'node:assert/strict';
import { it } from 'node:test';
import { giveBackMemory } from '../../src/server/index.ts';

it('gives back what was used and is not needed any more, and shows nobody how', () => {
  let garbage: unknown[] | undefined = Array.from({ length: 400_000 }, (_, index) => ({
    index,
    text: `item ${index}`,
  }));
  const before = process.memoryUsage().heapTotal;
  assert.equal(garbage.length, 400_000);
  garbage = undefined;
  giveBackMemory();
  assert.ok(process.memoryUsage().heapTotal < before - 10_000_000);
  assert.equal('gc' in globalThis, false);
});
