import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { runProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

export const program = resolve(import.meta.dirname, '../../bin/sallyport.mjs');

export type Outcome = { code: number | null; out: string; err: string };

/** A folder with a configuration file, and the command line as a process of its own. */
export type CommandSite = {
  readonly folder: string;
  readonly configFile: string;
  readonly dataDir: string;
  readonly url: string;
  /** Overwrites the configuration; what is not named stays as it was at first. */
  configure(more: Readonly<Record<string, unknown>>): void;
  /** Runs a command to its end. `input` is its standard input. */
  run(args: readonly string[], more?: { input?: string; locale?: string }): Promise<Outcome>;
  /** The same in this process, in English: for what needs no process of its own. */
  runHere(args: readonly string[], input?: string): Promise<Outcome>;
  /** Starts a command that goes on. Killed when the test is over. */
  start(args: readonly string[]): ReturnType<typeof spawn>;
};

export async function commandSite(t: TestContext): Promise<CommandSite> {
  const folder = scratchFolder();
  t.after(() => folder.remove());
  const [port, management] = [await freePort(), await freePort()];
  const configFile = join(folder.path, 'sallyport.yaml');
  const url = `http://localhost:${port}`;
  const standard = {
    listen: { host: '127.0.0.1', port },
    publicUrl: url,
    management: { host: '127.0.0.1', port: management },
    console: { port: 0 },
    dataDir: 'data',
  };
  // JSON is YAML.
  const configure = (more: Readonly<Record<string, unknown>>): void =>
    writeFileSync(configFile, JSON.stringify({ ...standard, ...more }));
  configure({});

  const environment = (locale = 'C'): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: locale });
  const launch = (args: readonly string[], locale?: string) =>
    spawn(process.execPath, [program, ...args, '--config', configFile], {
      cwd: folder.path,
      env: environment(locale),
      stdio: 'pipe',
    });
  return {
    folder: folder.path,
    configFile,
    dataDir: join(folder.path, 'data'),
    url,
    configure,
    async run(args, { input = '', locale } = {}) {
      const child = launch(args, locale);
      const outcome: Outcome = { code: null, out: '', err: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        outcome.out += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        outcome.err += text;
      });
      child.stdin.on('error', () => {
        // A command that refuses at once does not read its input.
      });
      child.stdin.end(input);
      [outcome.code] = await once(child, 'close');
      return outcome;
    },
    async runHere(args, input) {
      const outcome: Outcome = { code: null, out: '', err: '' };
      const unanswered = (): never => {
        throw new Error('nobody is there to be asked');
      };
      const terminal: Terminal = {
        interactive: false,
        say(text) {
          outcome.out += `${text}\n`;
        },
        tell(text) {
          outcome.err += `${text}\n`;
        },
        ask: unanswered,
        askHidden: unanswered,
        readAll: async () => input ?? unanswered(),
      };
      const options = { terminal, version: '0', locale: 'en' };
      outcome.code = await runProgram([...args, '--config', configFile], options);
      return outcome;
    },
    start(args) {
      const child = launch(args);
      t.after(() => {
        if (child.exitCode === null) child.kill('SIGKILL');
      });
      return child;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
