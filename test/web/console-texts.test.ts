import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { consoleAreas, createCatalogue } from '../../src/catalogue/index.ts';

const root = resolve(import.meta.dirname, '../..');
const source = [
  ...globSync('src/web/console/**/*.{ts,tsx}', { cwd: root }),
  ...globSync('src/{admin,server}/*.ts', { cwd: root }),
]
  .map((file) => readFileSync(resolve(root, file), 'utf8'))
  .join('\n');

/** What was written out, and what is put together of parts: `console.role.${role}` stands for one key a role. */
const written = new Set([...source.matchAll(/'(console\.[\w.-]+)'/g)].map(([, key = '']) => key));
const made = [...source.matchAll(/`(console\.[^`]*)`/g)].map(
  ([, text = '']) =>
    new RegExp(`^${text.replaceAll(/[.-]/g, '\\$&').replaceAll(/\$\{[^}]*\}/g, '[\\w.-]+')}$`),
);
const isUsed = (key: string): boolean => written.has(key) || made.some((pattern) => pattern.test(key));

describe('texts of the console', () => {
  const texts = createCatalogue().texts('en', consoleAreas());
  const known = new Set(Object.keys(texts).map((key) => key.replace(/_(?:one|other|many)$/, '')));

  it('are all used', () => {
    assert.deepEqual([...known].filter((key) => !isUsed(key)).sort(), []);
  });

  it('are all there, in one area for each page', () => {
    assert.ok(consoleAreas().length > 10, consoleAreas().join(' '));
    assert.deepEqual([...written].filter((key) => !known.has(key)).sort(), []);
  });
});
