import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { type BuildEnvironmentOptions, build } from 'vite';

/**
 * Builds the browser apps into `dist/web/`: hashed files, the manifest that the pages' rooms read, and beside each
 * file its compressed forms, so that the gateway compresses nothing while it runs.
 */
const root = resolve(import.meta.dirname, '..');
const outDir = join(root, 'dist', 'web');
const entries = {
  portal: join(root, 'src/web/portal/main.tsx'),
  console: join(root, 'src/web/console/main.tsx'),
};

function appsOf(input: Partial<typeof entries>, rolldownOptions: BuildEnvironmentOptions['rolldownOptions']) {
  return {
    configFile: false as const,
    root,
    base: './',
    publicDir: false as const,
    logLevel: 'warn' as const,
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
      rolldownOptions: { ...rolldownOptions, input },
    },
  };
}

/** What the portal alone is made of: only its build can tell, since every module hangs on a library's index. */
async function modulesOfPortal(): Promise<ReadonlySet<string>> {
  const apps = appsOf({ portal: entries.portal }, {});
  const built = await build({ ...apps, build: { ...apps.build, write: false } });
  const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : [];
  return new Set(
    outputs.flatMap(({ output }) =>
      output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : [])),
    ),
  );
}

const ofPortal = await modulesOfPortal();
const ground =
  /node_modules|vite\/preload|portal\/parts\/(?!app-setup|desktop-card|save-file|load-recovery|recovery|sent-code|use-sending|phone-form|tidy-phone|method-choice|failure)/;

await build(
  appsOf(entries, {
    output: {
      codeSplitting: {
        groups: [
          // What every page needs travels as one file: it compresses better than ten, and stays cached.
          { name: 'ground', test: (id) => ofPortal.has(id) && ground.test(id), priority: 2 },
          // The console stands on the same ground; what it needs beyond that never weighs on a sign-in.
          {
            name: 'console-ground',
            test: (id) => !ofPortal.has(id) && id.includes('node_modules'),
            priority: 1,
          },
        ],
      },
    },
  }),
);

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
