import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { it } from 'node:test';

/** The numbered attacks that the main job has to withstand. */
const threats = [
  ...Array.from({ length: 16 }, (_, index) => String(index + 1)),
  ...['16a', '16b', '16c', '16d', '19', '20', '21', '22'],
];

it('has a test named after every threat', () => {
  const root = resolve(import.meta.dirname, '../..');
  const tests = globSync('test/**/*.test.ts', { cwd: root })
    .map((file) => readFileSync(resolve(root, file), 'utf8'))
    .join('\n');
  const without = threats.filter(
    (threat) => !new RegExp(`(?:it|describe)\\(\\s*['"\`]threat ${threat}:`).test(tests),
  );
  assert.deepEqual(without, []);
});
