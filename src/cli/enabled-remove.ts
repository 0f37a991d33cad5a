import type { Command } from 'commander';
import {
  previewEntries,
  subjectOfUser,
  takeOffList,
  undoTakeOff,
  usersLeavingWith,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { peopleOf, type Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { confirmCount } from './confirm.ts';
import { actor, type Context, withRooms } from './context.ts';
import { intentOfRemoval, tellEffect } from './enabled-effect.ts';
import {
  inPlaceOf,
  type ListSubject,
  labelOf,
  readSubject,
  subjectOfEntry,
  wordsOf,
} from './list-subject.ts';
import { tellPreview } from './tell-preview.ts';

/** More names than this are not read by anybody. */
const namesShown = 10;

type Options = { confirm?: string; yes?: true; dryRun?: true };

/** `enabled remove`: says who loses what, and asks, before anything goes. */
export function addEnabledRemove(enabled: Command, context: Context): void {
  const { terminal, text } = context;
  enabled
    .command('remove')
    .description(text('cli.enabled.remove.help'))
    .argument('<who>', text('cli.enabled.who'))
    .argument('[name]', text('cli.enabled.name'))
    .option('--confirm <number>', text('cli.option.confirm'))
    .option('--yes', text('cli.enabled.remove.yes'))
    .option('--dry-run', text('cli.user.dry-run'))
    .action((kind: string, name: string | undefined, options: Options) =>
      withRooms(context, async (all) => {
        const leaver = await readSubject(all, [kind, name], { gone: true });
        const rooms = inPlaceOf(all, leaver);
        const { administration } = rooms;
        const subject = labelOf(context, leaver);
        const entry = await administration.list.get(administration.subscription, leaver.subject);
        if (entry === undefined) throw new CommandFailure('cli.enabled.remove.not-listed', { subject });
        if (options.dryRun) {
          const people = peopleOf(rooms, administration.subscription);
          const preview = await previewEntries(people, 'remove', [leaver.subject], async () => true);
          return tellPreview(context, preview);
        }
        const confirm = await confirmLoss(context, rooms, leaver, options);
        const left = await takeOffList(
          administration,
          leaver.subject,
          actor,
          confirm === undefined ? {} : { confirm },
        );
        terminal.say(text('cli.enabled.remove.done', { subject }));
        if (left.length > 0) terminal.tell(text('cli.enabled.remove.undo', { words: wordsOf(leaver) }));
        await tellEffect(context, rooms, leaver, intentOfRemoval(entry));
      }),
    );
}

/** `enabled undo`: within seven days of a removal. */
export function addEnabledUndo(enabled: Command, context: Context): void {
  const { terminal, text } = context;
  enabled
    .command('undo')
    .description(text('cli.enabled.undo.help'))
    .argument('<who>', text('cli.enabled.who'))
    .argument('[name]', text('cli.enabled.name'))
    .action((kind: string, name: string | undefined) =>
      withRooms(context, async (all) => {
        const returned = await readSubject(all, [kind, name], { gone: true });
        const rooms = inPlaceOf(all, returned);
        const subject = labelOf(context, returned);
        const undone = undoTakeOff(rooms.administration, returned.subject, actor);
        const restored = await undone.catch((error: unknown) => {
          if (!(error instanceof GatewayError) || error.code !== 'not-found') throw error;
          throw new CommandFailure('cli.enabled.undo.nothing', { subject });
        });
        terminal.say(text('cli.enabled.undo.done', { subject, count: restored.length }));
        await tellEffect(context, rooms, returned, 'either');
      }),
    );
}

/** The number to hand on where many lose something; rejects when whoever is asked does not want that. */
async function confirmLoss(
  context: Context,
  rooms: Rooms,
  { subject }: ListSubject,
  { confirm, yes }: Options,
): Promise<number | undefined> {
  const { terminal, text } = context;
  const leaving = await usersLeavingWith(rooms.administration, subject);
  const count = leaving.length;
  if (count === 0) return undefined;
  const shown = leaving.slice(0, namesShown).map((key) => subjectOfEntry(rooms, subjectOfUser(key)));
  const names = (await Promise.all(shown)).map(({ name }) => name);
  if (count > namesShown) names.push('…');
  terminal.tell(text('cli.enabled.remove.loss', { count, names: names.join(', ') }));
  const typed = await confirmCount(context, count, confirm);
  if (typed !== undefined || yes === true || !terminal.interactive) return typed;
  const word = text('cli.restore.word');
  const answer = await terminal.ask(`${text('cli.enabled.remove.confirm', { word })} `);
  if (answer.trim().toLowerCase() !== word) throw new CommandFailure('cli.restore.not-confirmed');
  return undefined;
}
