import { spawn, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Runs the whole suite: types and lint first, then every test below `test/`. With arguments, only the files
 * that match them. Files with browsers run beside each other as far as the machine has processors; those with killed
 * processes and whole gateways one after the other, since they look at the clock and would starve each other.
 */
const browsers = /^test[\\/]browser[\\/]/;
const heavy = /^test[\\/](scenarios|cli)[\\/]/;
const wanted = process.argv.slice(2);
const all = globSync('test/**/*.test.ts')
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

function check(what: string, args: string[]): void {
  const windows = process.platform === 'win32';
  const result = spawnSync(args[0] ?? '', args.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows,
  });
  if (result.status === 0) return;
  console.error(`${what} failed.`);
  process.exit(result.status ?? 1);
}

function run(files: string[], concurrency: number): Promise<number> {
  if (files.length === 0) return Promise.resolve(0);
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--test', `--test-concurrency=${concurrency}`, '--test-timeout=300000', '--test-force-exit', ...files],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

if (wanted.length === 0) {
  check('The type check', ['tsc', '-p', 'tsconfig.json']);
  check('The type check of the pages', ['tsc', '-p', 'src/web/tsconfig.json']);
  check('The lint', ['biome', 'check', '.']);
}
const light = await run(
  all.filter((file) => !heavy.test(file) && !browsers.test(file)),
  availableParallelism(),
);
const seen = await run(
  all.filter((file) => browsers.test(file)),
  Math.min(availableParallelism(), 4),
);
const slow = await run(
  all.filter((file) => heavy.test(file)),
  1,
);
process.exitCode = light || seen || slow;
