import type { Document, Json } from './store.ts';

/**
 * A document as one string: `<version> <expiry or -> LF <value> LF <terms, with NUL between>`. JSON has no raw line
 * feed, names have no NUL; so scripts take it apart without decoding it.
 */
export function unpackDocument<Value extends Json>(key: string, packed: string): Document<Value> {
  const head = packed.indexOf('\n');
  const [version, expiry] = packed.slice(0, head).split(' ');
  const value: Value = JSON.parse(packed.slice(head + 1, packed.indexOf('\n', head + 1)));
  const document = { key, value, version: Number(version) };
  return expiry === '-' ? document : { ...document, expiresAt: Number(expiry) };
}

/** The terms of a packed document, or the tags of an entry. */
export function termsOf(packed: string): string[] {
  const head = packed.indexOf('\n');
  const terms = packed.slice(packed.indexOf('\n', head + 1) + 1);
  return terms === '' ? [] : terms.split('\0');
}

/** `-` stands for ever. */
export const packExpiry = (expiresAt: number | undefined): string =>
  expiresAt === undefined ? '-' : String(Math.ceil(expiresAt));

/** Puts together what `unpackDocument` and the scripts take apart; `value` is JSON. */
export const packTexts = (head: string, value: string, words: readonly string[]): string =>
  `${head}\n${value}\n${words.join('\0')}`;

/** When a packed document or entry, which both begin so, expires. */
export function expiryOf(packed: string): number | undefined {
  const expiry = packed.slice(packed.indexOf(' ') + 1, packed.indexOf('\n'));
  return expiry === '-' ? undefined : Number(expiry);
}

/** Whether a packed document or entry is no longer there for readers. */
export function hasExpired(packed: string, now: number): boolean {
  const expiry = expiryOf(packed);
  return expiry !== undefined && expiry <= now;
}
