import type { Command } from 'commander';
import { describeApplication, sumUp } from '../admin/index.ts';
import { readStoredFile, resolveStoredApplication } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { type Rooms, testApplication } from '../server/index.ts';
import { askGateways } from './ask-gateways.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';

/** `application`: those of the file and of the store; drains and tests both. */
export function addApplication(program: Command, context: Context): void {
  const { terminal, text } = context;
  const application = program
    .command('application')
    .description(text('cli.application.help'))
    .helpCommand(false);
  addList(application, context);
  addAdd(application, context);
  application
    .command('remove')
    .description(text('cli.application.remove.help'))
    .argument('<name>', text('cli.application.name'))
    .action((name: string) =>
      withRooms(context, async (rooms) => {
        requireStored(rooms, name);
        await rooms.storedApplications.remove(name, undefined, actor);
        terminal.say(text('cli.application.remove.done', { name }));
      }),
    );
  for (const verb of ['drain', 'resume'] as const) addDrain(application, context, verb);
  addTest(application, context);
}

function addList(application: Command, context: Context): void {
  const { terminal, text } = context;
  application
    .command('list')
    .description(text('cli.application.list.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const live = await askGateways(context, rooms, ({ servers }) => servers.list());
        const health = live.map(sumUp);
        const rows = rooms.storedApplications.views().map((view) => {
          const shape = describeApplication(view);
          const servers = shape.servers.map((server) => {
            const now = health.find((each) => each.application === shape.name && each.server === server.url);
            return { ...server, ...(now === undefined ? {} : { state: now.state, tunnels: now.tunnels }) };
          });
          return { ...shape, servers };
        });
        if (json) return terminal.say(JSON.stringify(rows, undefined, 2));
        if (rows.length === 0) return terminal.tell(text('cli.application.list.none'));
        const head = ['name', 'address', 'server', 'state', 'tunnels', 'source'] as const;
        const lines = rows.flatMap(({ name, url, source, inForce, servers }) =>
          servers.map((server, index) => [
            index === 0 ? name : '',
            index === 0 ? url : '',
            server.url,
            text(
              `cli.application.state.${server.draining ? 'draining' : ('state' in server && server.state) || 'unknown'}`,
            ),
            'tunnels' in server ? String(server.tunnels) : '',
            index === 0
              ? text(inForce ? `cli.application.source.${source}` : 'cli.application.not-in-force')
              : '',
          ]),
        );
        const titles = head.map((each) => text(`cli.application.column.${each}`));
        for (const line of formatTable([titles, ...lines])) terminal.say(line);
      }),
    );
}

type AddOptions = { replace?: true; acceptOwnListeners?: true };

function addAdd(application: Command, context: Context): void {
  const { terminal, text } = context;
  application
    .command('add')
    .description(text('cli.application.add.help'))
    .argument('<file>', text('cli.application.file'))
    .option('--replace', text('cli.application.add.replace'))
    .option('--accept-own-listeners', text('cli.application.add.accept'))
    .action((file: string, { replace, acceptOwnListeners }: AddOptions) =>
      withRooms(context, async ({ storedApplications }) => {
        const input = await readInput(context, file);
        const change = { actor, acceptOwnListeners: acceptOwnListeners === true };
        const name = nameIn(input);
        const { application: added } =
          replace === true && name !== undefined
            ? await storedApplications.replace(name, input, undefined, change)
            : await storedApplications.add(input, change);
        terminal.say(text('cli.application.add.done', { name: added.name }));
      }),
    );
}

function addDrain(application: Command, context: Context, verb: 'drain' | 'resume'): void {
  const { terminal, text } = context;
  application
    .command(verb)
    .description(text(`cli.application.${verb}.help`))
    .argument('<name>', text('cli.application.name'))
    .argument('[server]', text('cli.application.server'))
    .action((name: string, server: string | undefined) =>
      withRooms(context, async ({ storedApplications }) => {
        const view = storedApplications
          .views()
          .find((each) => each.application.name === name && each.inForce);
        const [only, ...others] = view?.servers ?? [];
        if (view === undefined || only === undefined) throw new GatewayError('unknown-application');
        if (server === undefined && others.length > 0) {
          const servers = view.servers.map(({ url }) => url).join(', ');
          throw new CommandFailure('cli.application.which-server', { servers }, usageMistake);
        }
        const url = server ?? only.url;
        if (!view.servers.some((each) => each.url === url)) {
          throw new CommandFailure('cli.application.no-server', { name, server: url });
        }
        await storedApplications.drain(name, url, verb === 'drain', actor);
        terminal.say(text(`cli.application.${verb}.done`, { server: url }));
      }),
    );
}

function addTest(application: Command, context: Context): void {
  const { terminal, text } = context;
  application
    .command('test')
    .description(text('cli.application.test.help'))
    .argument('[name]', text('cli.application.name'))
    .option('--file <file>', text('cli.application.file'))
    .option('--json', text('cli.option.json'))
    .action((name: string | undefined, { file, json }: { file?: string; json?: true }) =>
      withRooms(context, async ({ storedApplications }, config) => {
        if ((name === undefined) === (file === undefined)) {
          throw new CommandFailure('cli.application.test.which', {}, usageMistake);
        }
        const view = storedApplications.views().find(({ application: each }) => each.name === name);
        if (file === undefined && view === undefined) throw new GatewayError('unknown-application');
        const input = file === undefined ? undefined : await readInput(context, file);
        const meant =
          view?.application ??
          resolveStoredApplication(
            storedApplications.judge(input, { acceptOwnListeners: true }, nameIn(input)),
            config.publicUrl,
          );
        const findings = await testApplication(meant);
        if (json) terminal.say(JSON.stringify(findings, undefined, 2));
        else {
          for (const { server, ok, status = 0, milliseconds = 0, reason = '', certificate } of findings) {
            const line =
              ok || reason === ''
                ? text('cli.application.test.answered', { server, status, milliseconds })
                : text('cli.application.test.failed', { server, reason });
            if (ok) terminal.say(line);
            else terminal.tell(line);
            if (certificate !== undefined)
              terminal.say(`  ${text(`cli.application.test.certificate-${certificate}`)}`);
          }
        }
        const failed = findings.filter(({ ok }) => !ok).length;
        if (failed > 0) throw new CommandFailure('cli.application.test.some-failed', { count: failed });
      }),
    );
}

/** What a file holds; `-` is standard input. */
export async function readInput({ terminal }: Context, file: string): Promise<unknown> {
  return file === '-' ? readStoredFile('-', await terminal.readAll()) : readStoredFile(file);
}

export const nameIn = (input: unknown): string | undefined => {
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : undefined;
  return typeof name === 'string' ? name : undefined;
};

/** Throws `unknown-application`, and `set-by-file` for one of the configuration. */
function requireStored({ storedApplications }: Rooms, name: string): void {
  const views = storedApplications.views().filter(({ application }) => application.name === name);
  if (views.length === 0) throw new GatewayError('unknown-application');
  if (views.every(({ stored }) => stored === undefined)) throw new GatewayError('set-by-file');
}
