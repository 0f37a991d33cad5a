import { createCatalogue } from '../../src/catalogue/index.ts';
import type { ShellInput } from '../../src/portal/page-shell.ts';

export const catalogue = createCatalogue();

/** A sign-in page as the portal would ask for it. */
export const shellInput = (changes: Partial<ShellInput<'sign-in'>> = {}): ShellInput<'sign-in'> => ({
  page: 'sign-in',
  language: 'en',
  nonce: 'AAECAwQFBgcICQoLDA0ODw==',
  texts: catalogue.texts('en', ['portal', 'problems']),
  state: {},
  assets: {
    script: '/.sallyport/assets/portal-1.js',
    styles: ['/.sallyport/assets/portal-2.css'],
    preloads: ['/.sallyport/assets/ground-3.js'],
  },
  branding: { name: 'Northwind Remote' },
  ...changes,
});
