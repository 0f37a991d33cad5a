import { needsConfirmation } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { Context } from './context.ts';

/**
 * The number of users as typed now, or as given with `--confirm`; undefined for few of them. Rejects with
 * `confirmation-required` when it is another number, or nobody is there to be asked.
 */
export async function confirmCount(
  { terminal, text }: Context,
  count: number,
  given: string | undefined,
): Promise<number | undefined> {
  if (!needsConfirmation(count)) return undefined;
  const asked = given === undefined && terminal.interactive;
  const typed = asked ? await terminal.ask(`${text('cli.confirm-count', { count })} `) : given;
  if (typed?.trim() !== String(count)) throw new GatewayError('confirmation-required', { params: { count } });
  return count;
}
