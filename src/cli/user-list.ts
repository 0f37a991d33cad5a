import type { Command } from 'commander';
import {
  type ListedState,
  listedStates,
  listStates,
  localDirectory,
  type UserState,
} from '../accounts/index.ts';
import { peopleOf, type Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

const pageSize = 100;

type Row = {
  readonly name: string;
  readonly displayName: string;
  readonly key: string;
  readonly directory: string;
  /** Only where there are several. */
  readonly subscription?: string;
  readonly groups: readonly string[];
  readonly owner: boolean;
  readonly role?: string;
  readonly disabled: boolean;
  readonly locked: boolean;
  /** Whether two factors are asked for, by which rule, and what is enrolled. */
  readonly twoFactors: boolean;
  readonly rule: string;
  readonly apps: number;
  readonly sms: boolean;
  readonly email: boolean;
  /** Unix milliseconds. */
  readonly enrolledSince?: number;
  readonly lastSignInAt?: number;
};

type Options = { json?: true; directory?: string; state?: string };

/** `user list`: local accounts, and those of other directories whom the gateway has met. */
export function addUserList(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('list')
    .description(text('cli.user.list.all'))
    .argument('[beginning]', text('cli.user.list.beginning'))
    .option('--directory <name>', text('cli.user.list.directory'))
    .option('--state <state>', text('cli.user.list.which', { states: listedStates.join(', ') }))
    .option('--json', text('cli.option.json'))
    .action((q: string | undefined, { json, directory, state: typed }: Options) => {
      const state = listedStates.find((each) => each === typed);
      if (typed !== undefined && state === undefined) {
        const states = listedStates.join(', ');
        throw new CommandFailure('cli.user.list.no-state', { state: typed, states }, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const rows: Row[] = [];
        for await (const row of rowsOf(context, rooms, { q, directory, state })) rows.push(row);
        if (json) return terminal.say(JSON.stringify(rows, undefined, 2));
        if (rows.length === 0) return terminal.tell(text('cli.user.list.none'));
        const head = [
          text('cli.user.list.name'),
          text('cli.user.list.display-name'),
          text('cli.user.list.groups'),
          text('cli.user.list.two-factors'),
          text('cli.user.list.state'),
          text('cli.user.list.last-sign-in'),
        ];
        const lines = rows.map((row) => [
          row.directory === localDirectory ? row.name : `${row.directory}:${row.name}`,
          row.displayName,
          row.groups.join(', '),
          twoFactorsOf(context, row),
          stateOf(context, row),
          row.lastSignInAt === undefined ? '' : formatTime(row.lastSignInAt),
        ]);
        for (const line of formatTable([head, ...lines])) terminal.say(line);
      });
    });
}

type Wanted = { q: string | undefined; directory: string | undefined; state: ListedState | undefined };

/** Of the subscription that was named, or of all of them. */
async function* rowsOf(context: Context, rooms: Rooms, wanted: Wanted): AsyncGenerator<Row> {
  const { subscriptions, administration } = rooms;
  const named = context.subscription?.() === undefined ? undefined : administration.subscription;
  for (const { id } of subscriptions.all()) {
    if (named !== undefined && id !== named) continue;
    const pages = listStates(peopleOf(rooms, id), wanted);
    let after: string | undefined;
    do {
      const page = await pages({ limit: pageSize, after });
      for (const state of page.items) {
        yield {
          ...(await describe(rooms, state, id)),
          ...(subscriptions.several ? { subscription: id } : {}),
        };
      }
      after = page.next;
    } while (after !== undefined);
  }
}

async function describe({ administration }: Rooms, state: UserState, subscription: string): Promise<Row> {
  const { user, role, obligation, methods, locks, enrolledSince, lastSignInAt } = state;
  const { name, displayName, key, directory, groups, disabled } = user;
  const { factors } = await administration.factors.read(subscription, key);
  return {
    ...{ name, displayName, key, directory, groups },
    owner: role !== undefined,
    ...(role === undefined ? {} : { role }),
    disabled,
    locked: locks.codes !== undefined || locks.password !== undefined,
    twoFactors: obligation.required,
    rule: obligation.rule,
    apps: factors.apps.length,
    sms: methods.includes('sms'),
    email: methods.includes('email'),
    ...(enrolledSince === undefined ? {} : { enrolledSince }),
    ...(lastSignInAt === undefined ? {} : { lastSignInAt }),
  };
}

function twoFactorsOf({ text }: Context, { twoFactors, apps, sms, email }: Row): string {
  if (!twoFactors) return text('cli.user.list.not-required');
  const enrolled = [
    apps === 0 ? '' : text('cli.user.list.apps', { count: apps }),
    sms ? text('cli.user.list.sms') : '',
    email ? text('cli.user.list.email') : '',
  ].filter((each) => each !== '');
  if (enrolled.length === 0) return text('cli.user.list.not-enrolled');
  return text('cli.user.list.enrolled', { enrolled: enrolled.join(', ') });
}

function stateOf({ text }: Context, { role, disabled, locked }: Row): string {
  const states = [
    role === undefined ? '' : role === 'owner' ? text('cli.user.list.owner') : role,
    disabled ? text('cli.user.list.disabled') : '',
    locked ? text('cli.user.list.locked') : '',
  ];
  return states.filter((state) => state !== '').join(', ');
}
