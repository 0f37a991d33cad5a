import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createConsolePages } from '../../src/admin/index.ts';
import { languages } from '../../src/catalogue/index.ts';
import { type Build, createPageAssets } from '../../src/http/index.ts';
import { portalAssets } from '../../src/portal/page-assets.ts';
import { renderShell } from '../../src/portal/page-shell.ts';
import type { PortalPage } from '../../src/portal/page-state.ts';
import { systemRandom } from '../../src/random.ts';
import { catalogue, shellInput } from './shell-input.ts';

const dist = resolve(import.meta.dirname, '../../dist/web');
const manifestFile = join(dist, '.vite/manifest.json');
const readManifest = (): unknown => {
  assert.ok(existsSync(manifestFile), 'dist/web is missing: run "npm run build:web"');
  return JSON.parse(readFileSync(manifestFile, 'utf8'));
};
const weightOf = (content: string | Buffer): number => gzipSync(content, { level: 9 }).length;
const fileWeight = (file: string): number => weightOf(readFileSync(join(dist, file)));

/** All that travels before a page can be used: its HTML with texts, its style and its scripts. Bytes, gzip level 9. */
function pageWeight(page: PortalPage): number {
  const assets = portalAssets(readManifest(), '')[page];
  const html = Math.max(
    ...languages.map((language) =>
      weightOf(
        renderShell({
          ...shellInput(),
          page,
          state: {},
          assets,
          language,
          texts: catalogue.texts(language, ['portal']),
        }).html,
      ),
    ),
  );
  const files = new Set([assets.script, ...assets.preloads, ...assets.styles]);
  return html + [...files].map(fileWeight).reduce((sum, weight) => sum + weight, 0);
}

type Chunk = { readonly file: string; readonly imports?: string[]; readonly dynamicImports?: string[] };

/** Every script that the app which begins with `entry` can come to load. */
function scriptsFrom(entry: string): string[] {
  const manifest = readManifest() as Record<string, Chunk>;
  const seen = new Set([entry]);
  for (const key of seen) {
    const { imports = [], dynamicImports = [] } = manifest[key] ?? {};
    for (const next of [...imports, ...dynamicImports]) seen.add(next);
  }
  return [...new Set([...seen].map((key) => manifest[key]?.file ?? ''))].filter((file) =>
    file.endsWith('.js'),
  );
}

/** What the console needs before its first page is there: its HTML with all texts, style, script, and that page. */
function consoleWeight(module: string): number {
  const assets = createPageAssets(readManifest(), '')('src/web/console/main.tsx', module);
  const build: Build = { files: new Map(), manifest: readManifest() };
  const pages = createConsolePages({
    catalogue,
    random: systemRandom,
    siteName: 'Northwind Remote',
    build,
    portalUrl: 'https://remote.northwind.example/',
  });
  const visit = { actor: 'local:1', name: 'alice', grants: [{ role: 'owner' as const }] };
  const html = Math.max(...languages.map((language) => weightOf(pages.page(language, visit).body)));
  const files = new Set([assets.script, ...assets.preloads, ...assets.styles]);
  return html + [...files].map(fileWeight).reduce((sum, weight) => sum + weight, 0);
}

/** Besides, links that a person follows: to the provider of SMS. */
const notFetched = [
  ...['www.w3.org', 'react.dev', 'help.mantine.dev', 'mantine.dev'],
  ...['console.twilio.com', 'status.twilio.com', 'help.twilio.com'],
];

describe('the weight of our pages', () => {
  const folders = globSync('src/web/console/*/', { cwd: resolve(dist, '../..') }).map((path) =>
    basename(path),
  );
  const modules = folders
    .map((page) => `src/web/console/${page}/${page}-page.tsx`)
    .filter((file) => existsSync(resolve(dist, '../..', file)));
  for (const module of modules) {
    it(`is at most 400 KB for the console's first load of ${module}`, () => {
      const weight = consoleWeight(module);
      assert.ok(weight <= 400_000, `${weight} bytes`);
      assert.ok(weight > 100_000, `${weight} bytes: something isn't counted`);
    });
  }

  it('is at most 110 KB for sign-in', () => {
    const weight = pageWeight('sign-in');
    assert.ok(weight <= 110_000, `${weight} bytes`);
  });

  for (const page of [
    'owner',
    'recover',
    'invitation',
    'account',
    'launcher',
    'renew',
    'sign-out',
  ] as const) {
    it(`is at most 150 KB for ${page}, with every step it can lead to`, () => {
      const assets = portalAssets(readManifest(), '')[page];
      const own = new Set([assets.script, ...assets.preloads]);
      const later = scriptsFrom('src/web/portal/main.tsx').filter((file) => !own.has(file));
      const weight = pageWeight(page) + later.map(fileWeight).reduce((sum, each) => sum + each, 0);
      assert.ok(weight <= 150_000, `${weight} bytes`);
    });
  }

  it('is sent as it was compressed by the build', () => {
    for (const file of globSync('*.{js,css}', { cwd: dist })) {
      assert.ok(existsSync(join(dist, `${file}.gz`)), `${file}.gz`);
      assert.ok(existsSync(join(dist, `${file}.br`)), `${file}.br`);
    }
  });

  it('holds no address of another host but those of specifications', () => {
    for (const file of globSync('*.{js,css}', { cwd: dist })) {
      const hosts = [...readFileSync(join(dist, file), 'utf8').matchAll(/https?:\/\/([\w.-]+)/g)].map(
        ([, host]) => host,
      );
      // Namespaces (w3.org), and where React's and Mantine's error messages point a developer to: never fetched.
      assert.deepEqual(
        [...new Set(hosts)].filter((host) => !notFetched.includes(host ?? '')),
        [],
      );
    }
  });
});
