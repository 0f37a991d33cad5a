// Brings a fresh clone to where `npm start` and `npm test` can run: installs what the lockfile names and builds
// the browser code, each only when it is out of date. Plain JavaScript, so that whatever Node.js is there runs it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const modules = join(root, 'node_modules');

function run(what, command, args) {
  process.stdout.write(`${what} …\n`);
  const windows = process.platform === 'win32';
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows,
  });
  if (result.status === 0) return;
  process.stderr.write(`${what} failed. The lines above say why.\n`);
  process.exit(result.status ?? 1);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function below(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? below(path) : [path];
    })
    .sort();
}

/** Does `work` unless the stamp says that exactly these inputs were done before. */
function unlessDone(stamp, hash, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  work();
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, hash);
}

const lockfiles = ['package.json', 'package-lock.json'];
unlessDone(join(modules, '.installed'), hashOf(lockfiles), () =>
  run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
);

if (process.argv.includes('--web')) {
  const sources = [...lockfiles, 'build/web.ts', ...below('src/web')];
  unlessDone(join(root, 'dist', '.built'), hashOf(sources), () =>
    run('Building the pages', join(modules, '.bin', 'node'), ['build/web.ts']),
  );
}
