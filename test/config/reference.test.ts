import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { generatedFiles } from '../../src/cli/generate-docs.ts';
import { fileSchema } from '../../src/config/schema.ts';
import { entriesOf } from '../../src/config/schema-walk.ts';
import { noteOf } from '../../src/config/setting.ts';
import { accepted, mistakes } from './read-text.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');

describe('generated documents', () => {
  for (const [path, text] of generatedFiles()) {
    it(`${path} is current (else: npm run docs)`, () => {
      assert.ok(read(path) === text, `${path} differs from what the code says; run: npm run docs`);
    });
  }

  it('describe every setting', () => {
    const reference = read('docs/configuration.md');
    for (const { path, schema } of entriesOf(fileSchema)) {
      const name = path.join('.');
      assert.ok(noteOf(schema)?.description, `${name} has no description`);
      const asHeading = path.length === 1 && reference.includes(`### \`${name}\``);
      assert.ok(asHeading || reference.includes(`| \`${name}\` |`), `${name} is not in the reference`);
    }
  });

  it('hold a JSON Schema of the same keys, which allows no other', () => {
    const schema = JSON.parse(read('config/sallyport.schema.json'));
    assert.deepEqual(Object.keys(schema.properties), Object.keys(fileSchema.shape));
    assert.equal(schema.additionalProperties, false);
    assert.equal(schema.required, undefined);
  });
});

describe('the example file', () => {
  const example = read('config/sallyport.example.yaml');
  const uncommented = example.replaceAll(/^( *)#(?=[a-z-])/gm, '$1');

  it('is valid as it is, and sets nothing', () => {
    assert.deepEqual({ ...accepted(example), file: undefined }, { ...accepted(''), file: undefined });
  });

  it('is valid with every key switched on', () => {
    assert.deepEqual(mistakes(uncommented), []);
  });

  it('shows every key', () => {
    // A certificate is cert and key, or pfx, and Redis one server or sentinels: the example shows one of each.
    const reserved = ['store.redis.url', 'store.redis.password', 'listen.tls.pfx'];
    const shown = new Set<string>();
    const visit = (value: unknown, path: string): void => {
      if (Array.isArray(value)) for (const item of value) visit(item, `${path}[]`);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, child] of Object.entries(value)) {
          const at = path === '' ? key : `${path}.${key}`;
          shown.add(at);
          visit(child, at);
        }
      }
    };
    visit(parseYaml(uncommented), '');
    const missing = [...entriesOf(fileSchema)]
      // The console's certificates are named as the portal's are.
      .map(({ path }) => path.join('.').replace(/^console\.tls/, 'listen.tls'))
      .filter((path) => !shown.has(path) && !reserved.includes(path));
    assert.deepEqual(missing, []);
    assert.match(example, /redis: \{ url/);
  });

  it('shows the default where it names one', () => {
    const config = accepted(uncommented);
    const standard = accepted('');
    assert.equal(config.timeouts.shutdown, standard.timeouts.shutdown);
    assert.deepEqual(config.log, standard.log);
    assert.equal(config.closeWhenStoreLostFor, standard.closeWhenStoreLostFor);
    assert.deepEqual(config.management, standard.management);
  });
});
