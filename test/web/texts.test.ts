import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { type CatalogueKey, languages } from '../../src/catalogue/index.ts';
import type { PortalTextKey } from '../../src/portal/page-state.ts';
import { createTranslate } from '../../src/web/portal/translate.ts';
import { catalogue } from './shell-input.ts';

const root = resolve(import.meta.dirname, '../..');
const withoutForm = (key: string): string => key.replace(/_(?:one|other|many)$/, '');

describe('texts in the browser', () => {
  for (const language of languages) {
    it(`read as on the server (${language})`, () => {
      const texts = catalogue.texts(language, ['portal']);
      const t = createTranslate(language, texts);
      const keys = new Set(Object.keys(texts).map(withoutForm));
      for (const key of keys) {
        for (const count of [0, 1, 2, 6, 1_000_000]) {
          const params = Object.fromEntries(
            [...(texts[`${key}_other`] ?? texts[key] ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(
              ([, name = '']) => [name, name === 'count' ? count : `<${name}>`],
            ),
          );
          assert.equal(
            t(key as PortalTextKey, params),
            catalogue.text(language, key as CatalogueKey, params),
            `${key} with count ${count}`,
          );
        }
      }
    });
  }

  it('leave a placeholder standing that nobody filled, rather than inventing a value', () => {
    const t = createTranslate('en', { 'portal.back': 'Back to {{where}}' });
    assert.equal(t('portal.back'), 'Back to {{where}}');
  });

  it('are all used, and all there', () => {
    const sources = [
      ...globSync('src/web/**/*.{ts,tsx}', { cwd: root }),
      ...globSync('src/portal/{page-shell,plain-page,plain-pages,renewal-files}.ts', { cwd: root }),
    ].map((file) => readFileSync(resolve(root, file), 'utf8'));
    const used = new Set(
      sources.flatMap((source) => [
        ...[...source.matchAll(/'((?:portal|pages)\.[a-z0-9.-]*[a-z0-9])'/g)].map(([, key]) => key),
        // `pages.${page}.ask` stands for one key a page.
        ...[...source.matchAll(/`pages\.\$\{page\}\.([a-z-]+)`/g)].flatMap(([, end]) =>
          ['not-assigned', 'locked'].map((page) => `pages.${page}.${end}`),
        ),
      ]),
    );
    const known = new Set(Object.keys(catalogue.texts('en', ['portal', 'pages'])).map(withoutForm));
    assert.deepEqual([...known].filter((key) => !used.has(key)).sort(), []);
    assert.deepEqual([...used].filter((key) => key !== undefined && !known.has(key)).sort(), []);
  });
});
