import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portalAssets } from '../../src/portal/page-assets.ts';

const pages = ['sign-in', 'owner', 'recover', 'invitation', 'account', 'launcher', 'renew', 'sign-out'];
const entry = 'src/web/portal/main.tsx';
const pageFile = (page: string): string => `src/web/portal/pages/${page}-page.tsx`;
const manifest: Record<string, object> = {
  [entry]: {
    file: 'main-1.js',
    imports: ['_ground.js'],
    css: ['main-2.css'],
    dynamicImports: pages.map(pageFile),
  },
  '_ground.js': { file: 'ground-3.js' },
  ...Object.fromEntries(
    pages.map((page) => [pageFile(page), { file: `${page}-4.js`, imports: ['_ground.js', entry] }]),
  ),
};

describe('the built files of a page', () => {
  it('are its script, its styles, and all that it imports, each once', () => {
    assert.deepEqual(portalAssets(manifest, '/.sallyport/assets/')['sign-in'], {
      script: '/.sallyport/assets/main-1.js',
      styles: ['/.sallyport/assets/main-2.css'],
      preloads: ['/.sallyport/assets/ground-3.js', '/.sallyport/assets/sign-in-4.js'],
    });
  });

  it('are missed with the remedy when the build lacks a page', () => {
    const { [pageFile('owner')]: _, ...rest } = manifest;
    assert.throws(() => portalAssets(rest, '/'), /lacks src\/web\/portal\/pages\/owner-page\.tsx.*build:web/);
  });

  it('are refused when the manifest is none', () => {
    assert.throws(() => portalAssets({ [entry]: { file: 7 } }, '/'));
    assert.throws(() => portalAssets('…', '/'));
  });
});
