import type { Command } from 'commander';
import { subscriptionOf } from '../accounts/index.ts';
import { describeSession, describeTunnel, type SessionShape } from '../admin/index.ts';
import type { SessionSearch } from '../sessions/index.ts';
import { askGateways } from './ask-gateways.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { findUser } from './find-users.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

const pageSize = 200;
const states = ['live', 'granted', 'active', 'ended'] as const;
const reason = 'ended-by-administrator';

type ListOptions = { user?: string; name?: string; state?: string; remote?: true; json?: true };

/** `session`: who is signed in, and what they have open. */
export function addSession(program: Command, context: Context): void {
  const session = program.command('session').description(context.text('cli.session.help')).helpCommand(false);
  addList(session, context);
  addEnd(session, context);
  addClose(session, context);
}

function addList(session: Command, context: Context): void {
  const { text } = context;
  session
    .command('list')
    .description(text('cli.session.list.help'))
    .option('--user <name>', text('cli.session.list.user'))
    .option('--name <beginning>', text('cli.session.list.name'))
    .option('--state <state>', text('cli.session.list.state', { states: states.join(', ') }))
    .option('--remote', text('cli.session.list.remote'))
    .option('--json', text('cli.option.json'))
    .action((options: ListOptions) =>
      options.remote ? listTunnels(context, options) : listSessions(context, options),
    );
}

function listSessions(context: Context, { user, name, state = 'live', json }: ListOptions): Promise<void> {
  const { terminal, text } = context;
  const wanted = states.find((each) => each === state);
  if (wanted === undefined && state !== 'all') {
    const params = { states: [...states, 'all'].join(', ') };
    throw new CommandFailure('cli.session.list.no-state', params, usageMistake);
  }
  return withRooms(context, async (rooms) => {
    const named = user === undefined ? undefined : await findUser(rooms, user);
    const search: Omit<SessionSearch, 'limit'> = {
      subscription: named === undefined ? rooms.administration.subscription : subscriptionOf(named),
      ...(named === undefined ? {} : { user: named.key }),
      ...(name === undefined ? {} : { name }),
      ...(wanted === undefined ? {} : { state: wanted }),
    };
    const found: SessionShape[] = [];
    let after: string | undefined;
    do {
      const rest = after === undefined ? {} : { after };
      const page = await rooms.sessions.search({ ...search, ...rest, limit: pageSize });
      found.push(...page.items.map((each) => describeSession(each, rooms.sessions)));
      after = page.next;
    } while (after !== undefined);
    if (json) return terminal.say(JSON.stringify(found, undefined, 2));
    if (found.length === 0) return terminal.tell(text('cli.session.list.none'));
    const head = ['user', 'state', 'verified', 'ends', 'address', 'id'] as const;
    const lines = found.map(({ name: who, state: now, verifiedAt, endsAt, address, id }) => [
      who,
      text(`cli.session.state.${now}`),
      formatTime(Date.parse(verifiedAt)),
      formatTime(Date.parse(endsAt)),
      address,
      id,
    ]);
    const titles = head.map((each) => text(`cli.session.column.${each}`));
    for (const line of formatTable([titles, ...lines])) terminal.say(line);
  });
}

function listTunnels(context: Context, { user, json }: ListOptions): Promise<void> {
  const { terminal, text } = context;
  return withRooms(context, async (rooms) => {
    const named = user === undefined ? undefined : await findUser(rooms, user);
    const query = {
      subscription: named === undefined ? rooms.administration.subscription : subscriptionOf(named),
      ...(named === undefined ? {} : { user: named.key }),
    };
    const { tunnels, more, replicas } = await askGateways(context, rooms, (gateways) =>
      gateways.tunnels.list(query),
    );
    // This process has answered too.
    if (replicas <= 1) throw new CommandFailure('cli.session.no-gateway');
    const shown = [...tunnels].sort((one, other) => one.openedAt - other.openedAt).map(describeTunnel);
    if (json) return terminal.say(JSON.stringify(shown, undefined, 2));
    if (shown.length === 0) return terminal.tell(text('cli.session.list.no-tunnels'));
    const head = ['user', 'application', 'server', 'since', 'address', 'id'] as const;
    const lines = shown.map((each) => [
      each.name,
      each.application,
      each.server,
      formatTime(Date.parse(each.openedAt)),
      each.address,
      each.id,
    ]);
    const titles = head.map((each) => text(`cli.session.column.${each}`));
    for (const line of formatTable([titles, ...lines])) terminal.say(line);
    if (more) terminal.tell(text('cli.session.list.more'));
  });
}

function addEnd(session: Command, context: Context): void {
  const { terminal, text } = context;
  session
    .command('end')
    .description(text('cli.session.end.help'))
    .argument('<user>', text('cli.session.end.user'))
    .option('--session <id>', text('cli.session.end.session'))
    .requiredOption('--reason <text>', text('cli.session.reason'))
    .action((name: string, { session: id, reason: note }: { session?: string; reason: string }) => {
      requireReason(note);
      return withRooms(context, async (rooms) => {
        const user = await findUser(rooms, name);
        const reference = { subscription: subscriptionOf(user), user: user.key };
        const revocation = { reason, actor, note: note.trim() };
        const ended =
          id === undefined
            ? await rooms.sessions.revokeAll(reference, revocation)
            : Number(await rooms.sessions.revoke({ ...reference, id }, revocation));
        if (id !== undefined && ended === 0) throw new CommandFailure('cli.session.end.none');
        terminal.say(text('cli.session.end.done', { count: ended, name: user.name }));
      });
    });
}

function addClose(session: Command, context: Context): void {
  const { terminal, text } = context;
  session
    .command('close')
    .description(text('cli.session.close.help'))
    .argument('<id>', text('cli.session.close.id'))
    .requiredOption('--reason <text>', text('cli.session.reason'))
    .action((tunnel: string, { reason: note }: { reason: string }) => {
      requireReason(note);
      return withRooms(context, async (rooms) => {
        const order = { tunnel, note: note.trim(), actor };
        const closed = await askGateways(context, rooms, (gateways) => gateways.tunnels.close(order));
        if (!closed) throw new CommandFailure('cli.session.close.none', { id: tunnel });
        terminal.say(text('cli.session.close.done'));
      });
    });
}

function requireReason(reason: string): void {
  const length = reason.trim().length;
  if (length === 0 || length > 200) throw new CommandFailure('cli.session.bad-reason', {}, usageMistake);
}
