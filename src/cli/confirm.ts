import { GatewayError } from '../errors.ts';
import type { Context } from './context.ts';

/** More than this many at once have to be confirmed (product section 4). */
const unconfirmed = 10;

/**
 * The number of users as typed now, or as given with `--confirm`; undefined for few of them. Rejects with
 * `confirmation-required` when it is another number, or nobody is there to be asked.
 */
export async function confirmCount(
  { terminal, text }: Context,
  count: number,
  given: string | undefined,
): Promise<number | undefined> {
  if (count <= unconfirmed) return undefined;
  const asked = given === undefined && terminal.interactive;
  const typed = asked ? await terminal.ask(`${text('cli.confirm-count', { count })} `) : given;
  if (typed?.trim() !== String(count)) throw new GatewayError('confirmation-required', { params: { count } });
  return count;
}
