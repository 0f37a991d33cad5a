import { GatewayError } from '../errors.ts';
import { storeUnavailable } from './store-unavailable.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that are told apart here. */
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const FULL = 13;

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** Another connection holds the lock: the same work can succeed a moment later. */
export const isBusy = (error: unknown): boolean => {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
};

/** The file is a database, and a damaged one. */
export const isCorrupt = (error: unknown): boolean => primaryCode(error) === CORRUPT;

/** The connection itself can't be trusted any more (corruption, I/O error, moved or read-only file). */
export const breaksConnection = (error: unknown): boolean => {
  const code = primaryCode(error);
  if (code === undefined)
    return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
  return code !== BUSY && code !== LOCKED && code !== FULL;
};

/** What callers see: anything of SQLite's becomes `store-unavailable`; our own errors and bugs stay what they are. */
export function asGatewayError(error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  if (primaryCode(error) === undefined && !breaksConnection(error) && !isSystemError(error)) return error;
  return storeUnavailable(error);
}

const isSystemError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && typeof error.syscall === 'string';
