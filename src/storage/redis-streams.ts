import { GatewayError } from '../errors.ts';
import { encodeName } from './redis-keys.ts';
import type { Json, StreamEntry, StreamQuery } from './store.ts';

/** Digits of a number in an id: with them, the order of texts is the order of numbers. */
const digits = 16;
const latest = 10 ** digits - 1;

/** A time as it stands in ids; what lies outside of all ids becomes their bound. */
export const padTime = (time: number): string =>
  String(Math.ceil(Math.min(Math.max(time, 0), latest))).padStart(digits, '0');

/** The arguments of the script `read` after the common ones. Throws `invalid-request` for a foreign cursor. */
export function readArguments(stream: string, query: StreamQuery, wanted: number): string[] {
  const { to, before } = query;
  if (before !== undefined) checkCursor(before);
  const end = to === undefined ? undefined : padTime(to);
  const bound = before !== undefined && (end === undefined || before < end) ? before : end;
  return [
    encodeName(stream),
    bound === undefined ? '+' : `(${bound}`,
    query.from === undefined ? '-' : `[${padTime(query.from)}`,
    String(wanted),
    ...new Set(query.tags ?? []),
  ];
}

/** The arguments of the script `endEntries` up to how many. Throws `invalid-request` for a foreign cursor. */
export function endArguments(stream: string, moment: number, after: string | undefined): string[] {
  if (after !== undefined) checkCursor(after);
  return [encodeName(stream), after === undefined ? '-' : `(${after}`, `(${padTime(moment)}`];
}

function checkCursor(cursor: string): void {
  if (/^\d{16}-\d{16}$/.test(cursor)) return;
  throw new GatewayError('invalid-request', { cause: new Error('the cursor is not one of ours') });
}

/** `packed`: `1 <expiry or -> LF <value> LF <tags, with NUL between>`. */
export function unpackEntry<Value extends Json>(id: string, packed: string): StreamEntry<Value> {
  const head = packed.indexOf('\n');
  const value: Value = JSON.parse(packed.slice(head + 1, packed.indexOf('\n', head + 1)));
  return { id, at: placeOf(id).at, value };
}

/** When an entry was made, and its number among all. */
export const placeOf = (id: string): { at: number; number: number } => ({
  at: Number(id.slice(0, digits)),
  number: Number(id.slice(digits + 1)),
});

export const idOf = (at: number, number: number): string =>
  `${padTime(at)}-${String(number).padStart(digits, '0')}`;
