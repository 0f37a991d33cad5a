import type { Command } from 'commander';
import {
  type Assignment,
  type AssignmentKind,
  assignmentKinds,
  contentsOf,
  deleteSubscription,
  isEmpty,
  type Subscription,
  type SubscriptionContents,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';
import { formatTime } from './format-time.ts';

/** `subscription`: the customers of a site that has several; in effect on a running gateway within a second. */
export function addSubscription(program: Command, context: Context): void {
  const { text } = context;
  // Named as an argument here: the option of the same name is for the other commands.
  const subscription = program
    .command('subscription')
    .description(text('cli.subscription.help'))
    .helpCommand(false);
  addList(subscription, context);
  addShow(subscription, context);
  addCreate(subscription, context);
  addRename(subscription, context);
  addAssign(subscription, context);
  addShare(subscription, context);
  addDelete(subscription, context);
}

function addList(subscription: Command, context: Context): void {
  const { terminal, text } = context;
  subscription
    .command('list')
    .description(text('cli.subscription.list.help'))
    .option('--json', text('cli.option.json'))
    .action(({ json }: { json?: true }) =>
      withRooms(context, async ({ subscriptions }) => {
        const all = [...subscriptions.all(), ...subscriptions.removed()];
        if (json) return terminal.say(JSON.stringify(all, undefined, 2));
        const head = [
          text('cli.subscription.id'),
          text('cli.subscription.name'),
          text('cli.subscription.assignments'),
        ];
        const rows = all.map((each) => [
          each.id,
          each.removedAt === undefined ? each.name : text('cli.subscription.deleted', { name: each.name }),
          each.assignments.map(wordsOf).join(', '),
        ]);
        for (const line of formatTable([head, ...rows])) terminal.say(line);
      }),
    );
}

function addShow(subscription: Command, context: Context): void {
  const { terminal, text } = context;
  subscription
    .command('show')
    .description(text('cli.subscription.show.help'))
    .argument('<name>', text('cli.subscription.which'))
    .option('--json', text('cli.option.json'))
    .action((named: string, { json }: { json?: true }) =>
      withRooms(context, async (rooms) => {
        const found = find(rooms, named);
        const contents = await contentsOf(rooms, found.id);
        if (json) return terminal.say(JSON.stringify({ ...found, contents }, undefined, 2));
        const rows = [
          [text('cli.subscription.id'), found.id],
          [text('cli.subscription.name'), found.name],
          ...(found.createdAt === 0 ? [] : [[text('cli.subscription.created'), formatTime(found.createdAt)]]),
          [text('cli.subscription.assignments'), found.assignments.map(wordsOf).join(', ')],
          [text('cli.subscription.shares'), found.shares.join(', ')],
          [text('cli.subscription.contents'), contentsIn(context, contents)],
        ];
        for (const line of formatTable(rows)) terminal.say(line);
      }),
    );
}

function addCreate(subscription: Command, context: Context): void {
  const { terminal, text } = context;
  subscription
    .command('create')
    .description(text('cli.subscription.create.help'))
    .argument('<name>', text('cli.subscription.called'))
    .option('--id <id>', text('cli.subscription.create.id'))
    .action((name: string, { id }: { id?: string }) =>
      withRooms(context, async (rooms, config) => {
        const first = !rooms.subscriptions.several;
        const made = await rooms.subscriptions.create({ name, ...(id === undefined ? {} : { id }) }, actor);
        terminal.say(text('cli.subscription.create.done', { name: made.name, id: made.id }));
        if (!first) return;
        const open = config.applications.filter(({ allow }) => allow?.subscriptions === undefined);
        if (open.length === 0) return;
        const names = open.map((application) => application.name).join(', ');
        terminal.tell(text('cli.subscription.create.applications', { names }));
      }),
    );
}

function addRename(subscription: Command, context: Context): void {
  const { terminal, text } = context;
  subscription
    .command('rename')
    .description(text('cli.subscription.rename.help'))
    .argument('<name>', text('cli.subscription.which'))
    .argument('<new-name>', text('cli.subscription.called'))
    .action((named: string, name: string) =>
      withRooms(context, async (rooms) => {
        const renamed = await rooms.subscriptions.rename(find(rooms, named).id, name, actor);
        terminal.say(text('cli.subscription.rename.done', { name: renamed.name, id: renamed.id }));
      }),
    );
}

type AssignOptions = { readonly [Kind in AssignmentKind]?: string } & {
  readonly from?: string;
  readonly remove?: true;
};

function addAssign(subscription: Command, context: Context): void {
  const { terminal, text } = context;
  subscription
    .command('assign')
    .description(text('cli.subscription.assign.help'))
    .argument('<name>', text('cli.subscription.which'))
    .option('--directory <name>', text('cli.subscription.assign.directory'))
    .option('--domain <name>', text('cli.subscription.assign.domain'))
    .option('--group <directory:name>', text('cli.subscription.assign.group'))
    .option('--host <host>', text('cli.subscription.assign.host'))
    .option('--from <name>', text('cli.subscription.assign.from'))
    .option('--remove', text('cli.subscription.assign.remove'))
    .action((named: string, options: AssignOptions) => {
      const assignments = assignmentKinds.flatMap((kind): Assignment[] => {
        const value = options[kind];
        return value === undefined ? [] : [{ kind, value }];
      });
      const [assignment, ...more] = assignments;
      if (assignment === undefined || more.length > 0) {
        throw new CommandFailure('cli.subscription.assign.one', {}, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const { id, name } = find(rooms, named);
        const what = wordsOf(assignment);
        if (options.remove) {
          await rooms.subscriptions.unassign(id, assignment, actor);
          return terminal.say(text('cli.subscription.assign.removed', { what, name }));
        }
        const from = options.from === undefined ? {} : { from: find(rooms, options.from).id };
        await rooms.subscriptions.assign(id, assignment, actor, from);
        terminal.say(text('cli.subscription.assign.done', { what, name }));
        if (assignment.kind !== 'host') terminal.tell(text('cli.subscription.assign.moved'));
      });
    });
}

function addShare(subscription: Command, context: Context): void {
  const { terminal, text } = context;
  subscription
    .command('share')
    .description(text('cli.subscription.share.help'))
    .argument('<name>', text('cli.subscription.which'))
    .argument('[senders...]', text('cli.subscription.share.senders'))
    .action((named: string, typed: string[]) => {
      const shares = (['sms', 'email'] as const).filter((kind) => typed.includes(kind));
      const known = typed.every((each) => ['sms', 'email', 'none'].includes(each)) && typed.length > 0;
      if (!known || (typed.includes('none') && typed.length > 1)) {
        throw new CommandFailure('cli.subscription.share.which', {}, usageMistake);
      }
      return withRooms(context, async (rooms) => {
        const { name } = await rooms.subscriptions.share(find(rooms, named).id, shares, actor);
        const what = shares.join(', ');
        terminal.say(
          text(what === '' ? 'cli.subscription.share.none' : 'cli.subscription.share.done', { name, what }),
        );
      });
    });
}

function addDelete(subscription: Command, context: Context): void {
  const { terminal, text } = context;
  subscription
    .command('delete')
    .description(text('cli.subscription.delete.help'))
    .argument('<name>', text('cli.subscription.which'))
    .option('--confirm <name>', text('cli.subscription.delete.confirm'))
    .action((named: string, options: { confirm?: string }) =>
      withRooms(context, async (rooms) => {
        const found = find(rooms, named);
        const contents = await contentsOf(rooms, found.id);
        let { confirm } = options;
        if (!isEmpty(contents)) {
          terminal.tell(
            text('cli.subscription.delete.loss', { name: found.name, what: contentsIn(context, contents) }),
          );
          if (confirm === undefined && terminal.interactive) {
            confirm = await terminal.ask(`${text('cli.subscription.delete.ask', { name: found.name })} `);
          }
        }
        await deleteSubscription(rooms, found.id, actor, { confirm });
        terminal.say(text('cli.subscription.delete.done', { name: found.name }));
        if (contents.assignments > 0) terminal.tell(text('cli.subscription.delete.assignments'));
      }),
    );
}

/** By id or name; deleted ones by their id. */
function find({ subscriptions }: Rooms, named: string): Subscription {
  const found = subscriptions.named(named) ?? subscriptions.removed().find(({ id }) => id === named);
  if (found === undefined) throw new GatewayError('unknown-subscription', { params: { name: named } });
  return found;
}

const wordsOf = ({ kind, value }: Assignment): string => `${kind} ${value}`;

function contentsIn({ text }: Context, contents: SubscriptionContents): string {
  const parts = (Object.keys(contents) as (keyof SubscriptionContents)[])
    .filter((kind) => contents[kind] > 0)
    .map((kind) => text(`cli.subscription.contents.${kind}`, { count: contents[kind] }));
  return parts.length === 0 ? text('cli.subscription.contents.nothing') : parts.join(', ');
}
