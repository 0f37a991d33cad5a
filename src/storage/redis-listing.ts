import { type KeyRange, keyRange } from './key-range.ts';
import { encodeName } from './redis-keys.ts';
import type { ListQuery } from './store.ts';

/** The arguments of the scripts `list` and `search` after the common ones. */
export function listArguments(collection: string, query: ListQuery, wanted: number): string[] {
  const keys = keyRange(query.prefix ?? '', query.after);
  return [encodeName(collection), `[${keys.from}`, endOf(keys), String(wanted)];
}

/** What `search` wants to know besides of the beginning of a term. */
export function termArguments(term: string): string[] {
  const characters = [...term];
  return [term, endOf(keyRange(term)), String(characters.length), characters.slice(0, 3).join('')];
}

/** The end of a range as ZRANGEBYLEX takes it. */
const endOf = ({ to }: KeyRange): string => (typeof to === 'string' ? `(${to}` : '+');
