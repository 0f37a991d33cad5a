import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

/**
 * Builds the browser apps into `dist/web/`: hashed files, the manifest that the portal reads, and beside each
 * file its compressed forms, so that the gateway compresses nothing while it runs.
 */
const root = resolve(import.meta.dirname, '..');
const outDir = join(root, 'dist', 'web');

await build({
  configFile: false,
  root,
  base: './',
  publicDir: false,
  logLevel: 'warn',
  plugins: [react()],
  build: {
    outDir,
    emptyOutDir: true,
    manifest: true,
    assetsDir: '',
    // Files only: inlined ones would need `data:` in the policy.
    assetsInlineLimit: 0,
    // Every browser that reads modules preloads them; the polyfill would be one more script.
    modulePreload: { polyfill: false },
    target: ['chrome111', 'edge111', 'firefox114', 'safari16.4'],
    reportCompressedSize: false,
    rolldownOptions: {
      input: { portal: join(root, 'src/web/portal/main.tsx') },
      // What every page needs travels as one file: it compresses better than ten, and stays cached.
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'ground',
              test: /node_modules|vite\/preload|parts\/(?!app-setup|load-recovery|recovery|sent-code|use-sending|phone-form|tidy-phone|method-choice|failure)/,
            },
          ],
        },
      },
    },
  },
});

for (const name of globSync('**/*.{js,css,svg}', { cwd: outDir })) {
  const file = join(outDir, name);
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
    }),
  );
}
