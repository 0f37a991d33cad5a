import { type EnabledEntry, everyone, type Obligation } from '../accounts/index.ts';
import type { Rooms } from '../server/index.ts';
import type { Context } from './context.ts';
import { describeObligation } from './describe-obligation.ts';
import { type ListSubject, labelOf } from './list-subject.ts';

/** What a change of the list was meant to bring about: two factors, or one. */
export type Intent = 'required' | 'not-required' | 'either';

/** Says where a change of the list that has been made does not bring about what it was meant for. */
export async function tellEffect(
  context: Context,
  rooms: Rooms,
  changed: ListSubject,
  intent: Intent,
): Promise<void> {
  const { terminal, text } = context;
  if (changed.user !== undefined) {
    const obligation = await rooms.questions.obligationOf(changed.user);
    if (meets(obligation, intent)) return;
    const state = describeObligation(context, changed.name, obligation);
    terminal.tell(intent === 'either' ? state : text('cli.enabled.no-effect', { state }));
    return;
  }
  if (!rooms.settings.current(rooms.administration.subscription).enabled)
    terminal.tell(text('cli.enabled.switched-off'));
  else if (intent === 'not-required' && changed.kind === 'group' && (await isEveryoneListed(rooms))) {
    terminal.tell(text('cli.enabled.everyone-stays', { subject: labelOf(context, changed) }));
  }
}

/** What leaving the list is meant for: to ask for one factor, or, of an exemption, whatever else applies. */
export const intentOfRemoval = (entry: EnabledEntry): Intent =>
  entry.mode === 'enabled' ? 'not-required' : 'either';

const meets = ({ required }: Obligation, intent: Intent): boolean =>
  intent !== 'either' && required === (intent === 'required');

const isEveryoneListed = async ({ administration }: Rooms): Promise<boolean> =>
  (await administration.list.get(administration.subscription, everyone)) !== undefined;
