import type { CatalogueKey } from '../catalogue/index.ts';
import { DeliveryFailure, type SenderKind } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import type { Rooms } from '../server/index.ts';
import { CommandFailure } from './command-failure.ts';
import { actor, type Context, withRooms } from './context.ts';
import { usageMistake } from './explain-failure.ts';
import { formatTable } from './format-table.ts';

/** An auth token or password: from standard input up to its first line break, or typed without being shown. */
export async function askSecret(
  { terminal, text }: Context,
  question: CatalogueKey,
  input: { readonly fromInput: boolean; readonly option: string },
): Promise<string> {
  if (input.fromInput) return (await terminal.readAll()).split(/\r?\n/, 1)[0] ?? '';
  if (!terminal.interactive) {
    throw new CommandFailure('senders.no-secret', { option: input.option }, usageMistake);
  }
  return (await terminal.askHidden(`${text(question)} `)).trim();
}

/** A sender as a table, its secret left out; or what there is to say where there is none. */
export async function showSender(
  { terminal, text }: Context,
  { delivery, administration: { subscription } }: Rooms,
  kind: SenderKind,
  json: boolean,
): Promise<void> {
  const settings = delivery.describe(subscription)[kind];
  const used = await delivery.used(subscription, kind);
  if (json)
    return terminal.say(JSON.stringify(settings === undefined ? null : { ...settings, used }, undefined, 2));
  if (settings === undefined) return terminal.say(text('senders.nothing'));
  const shown = { ...settings, hourlyBudget: text('senders.used', { used, budget: settings.hourlyBudget }) };
  const rows = Object.entries(shown).flatMap(([field, value]): string[][] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return [[field, value.length === 0 ? text('senders.all') : value.join(', ')]];
    // Of certificates, as many lines as a table has room for.
    return [[field, String(value).split('\n')[0] ?? '']];
  });
  if (kind === 'sms') rows.push(['authToken', text('senders.kept')]);
  else if ('user' in settings && settings.user !== undefined) rows.push(['password', text('senders.kept')]);
  for (const line of formatTable([[text('senders.field'), text('senders.value')], ...rows]))
    terminal.say(line);
}

/** Throws `CommandFailure` for the first of these options that was not given: a new sender needs them all. */
export function requireOptions(options: Readonly<Record<string, string | undefined>>): void {
  const missing = Object.keys(options).find((name) => options[name] === undefined);
  if (missing === undefined) return;
  throw new CommandFailure('cli.usage.missing-option', { word: `--${missing}` }, usageMistake);
}

/** Runs a test, and explains its failure in plain words. Rejects with `CommandFailure`. */
export async function trySending({ terminal, text }: Context, sending: () => Promise<void>): Promise<void> {
  try {
    await sending();
  } catch (error) {
    const failure = error instanceof GatewayError ? error.cause : undefined;
    if (error instanceof GatewayError && error.code === 'budget-exhausted') {
      throw new CommandFailure('senders.refused.budget');
    }
    // Without a provider's answer it was our own list.
    if (error instanceof GatewayError && error.code === 'country-not-allowed' && failure === undefined) {
      throw new CommandFailure('senders.refused.country');
    }
    if (!(failure instanceof DeliveryFailure)) throw error;
    const { kind, message: words, providerError } = failure;
    if (words !== '') {
      terminal.tell(
        providerError === undefined
          ? text('senders.provider', { words })
          : text('senders.provider-error', { words, error: providerError }),
      );
    }
    throw new CommandFailure(`senders.failure.${kind}`);
  }
}

/** `remove` of either kind. */
export function removeSender(context: Context, kind: SenderKind): Promise<void> {
  return withRooms(context, async ({ delivery, administration: { subscription } }) => {
    const removed = await delivery.remove(subscription, kind, actor);
    context.terminal.say(context.text(removed ? 'senders.removed' : 'senders.nothing'));
  });
}

/** A whole number as typed; anything else is not one. */
export const wholeNumber = (typed: string): number => (/^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN);
