import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { ConfigError } from '../../src/config/index.ts';
import { fileSchema } from '../../src/config/schema.ts';
import { entriesOf } from '../../src/config/schema-walk.ts';
import { judge } from './read-text.ts';

const keys = [
  ...new Set([...entriesOf(fileSchema)].map(({ path }) => (path.at(-1) ?? '').replace('[]', ''))),
];
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...keys) },
  { weight: 1, arbitrary: fc.string() },
);
const leaf = fc.oneof(
  fc.constantFrom('a', '/', 'http://b', 'https://c:1', '10.0.0.0/8', 'local', 'ldap', '/x*', '[::1]', 'info'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double(),
  fc.string({ unit: 'binary' }),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 6, noNullPrototype: false }),
  ),
}));
const file = fc.dictionary(key, tree, { maxKeys: 8, noNullPrototype: false });

/** Either a whole, frozen configuration, or a report in which each mistake has a remedy. */
function holds(text: string, environment?: Record<string, string>): void {
  const result = judge(text, environment);
  if (!Array.isArray(result)) {
    assert.ok(Object.isFrozen(result));
    return;
  }
  assert.ok(result.length > 0);
  for (const issue of result) {
    assert.ok(issue.mistake.length > 0);
    assert.ok(issue.remedy.length > 0);
    assert.ok((issue.value ?? '').length < 500);
  }
  // The report itself never carries what a terminal would obey.
  assert.doesNotMatch(new ConfigError(result).message, /[^\P{Cc}\n]/u);
}

describe('whatever the file holds', () => {
  it('it is a configuration or a list of mistakes: random trees of known and unknown keys as YAML', () => {
    fc.assert(
      fc.property(file, (tree) => holds(stringify(tree))),
      { numRuns: 400 },
    );
  });

  it('it is a configuration or a list of mistakes: the same as JSON', () => {
    fc.assert(
      fc.property(file, (tree) => holds(JSON.stringify(tree))),
      { numRuns: 200 },
    );
  });

  it('it is a configuration or a list of mistakes: any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => holds(text)),
      { numRuns: 300 },
    );
    const yaml = fc.stringMatching(/^[\n :{}[\],&*!|>'"#%@`?a-c0-9.~<-]{0,60}$/);
    fc.assert(
      fc.property(yaml, (text) => holds(text)),
      { numRuns: 300 },
    );
  });

  it('it is a configuration or a list of mistakes: any environment', () => {
    const names = fc.constantFrom(
      'LISTEN_PORT',
      'MASTER_KEY',
      'TRUSTED_PROXIES',
      'DEMO',
      'STORE_REDIS_URL',
      'X',
    );
    const environment = fc.dictionary(
      names.map((name) => `SALLYPORT_${name}`),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(environment, (variables) => holds('', variables)),
      { numRuns: 200 },
    );
  });

  it('each unknown key is reported on its own', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^zz[a-z0-9]{1,12}$/), { maxLength: 10 });
    fc.assert(
      fc.property(names, (unknown) => {
        const result = judge(unknown.map((name) => `${name}: 1`).join('\n'));
        assert.deepEqual(Array.isArray(result) ? result.map(({ path }) => path) : [], unknown);
      }),
      { numRuns: 50 },
    );
  });
});

describe('hostile files', () => {
  it('with aliases that multiply are refused, not expanded', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let level = 0; level < 9; level += 1) {
      const [from, to] = [String.fromCharCode(97 + level), String.fromCharCode(98 + level)];
      lines.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`);
    }
    const result = judge(lines.join('\n'));
    assert.match(new ConfigError(Array.isArray(result) ? result : []).message, /repeats or nests too much/);
  });

  it('with endless nesting are refused, not followed', () => {
    holds('['.repeat(100_000));
    holds(`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    holds('{"a":'.repeat(20_000));
  });

  it('that contain themselves are refused, not followed', () => {
    holds('applications: &a [*a]');
    holds('&a { listen: *a }');
    holds('a: &a { b: *a }');
  });
});
