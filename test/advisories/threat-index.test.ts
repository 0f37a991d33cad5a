import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import {
  document,
  documentedTests,
  later,
  type NamedTest,
  namedTests,
  root,
  threats,
  whole,
} from './threat-index.ts';

const key = ({ file, threat, name }: NamedTest): string => `${file} ${threat} ${name}`;
const remedy = 'run: node test/advisories/write-threats.ts';

describe('docs/threats.md', () => {
  it('names every threat, and for each that can happen yet at least one test', () => {
    const text = readFileSync(document, 'utf8');
    const tests = namedTests();
    for (const [threat, title] of Object.entries(threats)) {
      assert.ok(text.includes(`## ${threat}. ${title}\n`), `threat ${threat} is missing; ${remedy}`);
      if (later.includes(threat)) continue;
      assert.ok(
        tests.some((test) => test.threat === threat),
        `threat ${threat} has no test`,
      );
    }
  });

  it('names only tests that exist, and all of test/advisories/', () => {
    const existing = new Set(namedTests().map(key));
    const documented = documentedTests();
    assert.ok(documented.length > 100, String(documented.length));
    const gone = documented.map(key).filter((each) => !existing.has(each));
    assert.deepEqual(gone, [], remedy);
    const told = new Set(documented.map(key));
    const missing = [...existing].filter((each) => each.startsWith('test/advisories/') && !told.has(each));
    assert.deepEqual(missing, [], remedy);
  });

  it('points to whole files that exist', () => {
    const text = readFileSync(document, 'utf8');
    for (const file of Object.values(whole).flat()) {
      assert.ok(existsSync(resolve(root, file)), file);
      assert.ok(text.includes(`- the whole of [${file}](`), `${file}; ${remedy}`);
    }
  });

  it('knows every threat that a test names', () => {
    const unknown = namedTests().filter(({ threat }) => !(threat in threats));
    assert.deepEqual(unknown, []);
  });
});
