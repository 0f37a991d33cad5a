import { GatewayError } from '../errors.ts';
import { storeUnavailable } from './store-unavailable.ts';

/** What a script answers when the installation record is not the one that was opened. */
export const vanished = 'VANISHED';

/** The server has not got this script: nothing of it was executed, so sending it whole is no repetition. */
export const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT');

/** The server is no master any more. It stays connected and goes on refusing: another one has to be found. */
export const hasLostItsRole = (error: unknown): boolean =>
  error instanceof Error && /READONLY|MASTERDOWN/.test(error.message);

/** No answer in time: the command may have run, and may yet. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Command timed out';

/**
 * What callers see of a failure: `store-unavailable` with a cause of its own. The driver's errors carry the command's
 * arguments, among them passwords, and older servers repeat arguments in the text: neither is passed on.
 */
export function asRedisFailure(error: unknown, place: string): GatewayError {
  if (error instanceof GatewayError) return error;
  return storeUnavailable(new Error(`${place}: ${wordsOf(error)}`));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const words = error.message.replace(/,? with args beginning with:.*$/s, '').trim();
  if (words !== '') return words;
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
