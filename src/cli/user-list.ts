import type { Command } from 'commander';
import { type DirectoryUser, subscriptionOf } from '../accounts/index.ts';
import type { Rooms } from '../server/index.ts';
import { type Context, withRooms } from './context.ts';
import { formatTable } from './format-table.ts';

const pageSize = 200;

type Row = {
  readonly name: string;
  readonly displayName: string;
  readonly key: string;
  readonly groups: readonly string[];
  readonly owner: boolean;
  readonly disabled: boolean;
  readonly locked: boolean;
  /** Whether two factors are asked for, and what is enrolled. */
  readonly twoFactors: boolean;
  readonly apps: number;
  readonly sms: boolean;
  readonly email: boolean;
};

export function addUserList(user: Command, context: Context): void {
  const { terminal, text } = context;
  user
    .command('list')
    .description(text('cli.user.list.help'))
    .argument('[beginning]', text('cli.user.list.beginning'))
    .option('--json', text('cli.option.json'))
    .action((term: string | undefined, { json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const named = context.subscription?.() && rooms.administration.subscription;
        const rows: Row[] = [];
        for await (const each of usersOf(rooms, term, named)) rows.push(await describe(rooms, each));
        if (json) return terminal.say(JSON.stringify(rows, undefined, 2));
        if (rows.length === 0) return terminal.tell(text('cli.user.list.none'));
        const head = [
          text('cli.user.list.name'),
          text('cli.user.list.display-name'),
          text('cli.user.list.groups'),
          text('cli.user.list.two-factors'),
          text('cli.user.list.state'),
        ];
        const lines = rows.map((row) => [
          row.name,
          row.displayName,
          row.groups.join(', '),
          twoFactorsOf(context, row),
          stateOf(context, row),
        ]);
        for (const line of formatTable([head, ...lines])) terminal.say(line);
      }),
    );
}

async function* usersOf(
  { administration, place }: Rooms,
  term: string | undefined,
  named: string | undefined,
): AsyncGenerator<DirectoryUser> {
  let after: string | undefined;
  do {
    const page = await administration.users.list({
      limit: pageSize,
      ...(term === undefined ? {} : { term }),
      ...(after === undefined ? {} : { after }),
    });
    for (const listed of page.items) {
      const user = await place(listed, []);
      if (named === undefined || subscriptionOf(user) === named) yield user;
    }
    after = page.next;
  } while (after !== undefined);
}

async function describe(
  { administration, questions, roles, throttle }: Rooms,
  user: DirectoryUser,
): Promise<Row> {
  const { name, displayName, key, groups, disabled } = user;
  const subscription = subscriptionOf(user);
  const { factors } = await administration.factors.read(subscription, key);
  const locks = await throttle.locks(subscription, key);
  return {
    name,
    displayName,
    key,
    groups,
    owner: await roles.isAdministrator(key),
    disabled,
    locked: locks.codes !== undefined || locks.password !== undefined,
    twoFactors: (await questions.obligationOf(user)).required,
    apps: factors.apps.length,
    sms: factors.phone !== undefined,
    email: factors.email !== undefined,
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

function stateOf({ text }: Context, { owner, disabled, locked }: Row): string {
  const states = [
    owner ? text('cli.user.list.owner') : '',
    disabled ? text('cli.user.list.disabled') : '',
    locked ? text('cli.user.list.locked') : '',
  ];
  return states.filter((state) => state !== '').join(', ');
}
