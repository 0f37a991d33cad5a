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

/** The terms of a packed document. */
export function termsOf(packed: string): string[] {
  const head = packed.indexOf('\n');
  const terms = packed.slice(packed.indexOf('\n', head + 1) + 1);
  return terms === '' ? [] : terms.split('\0');
}

/** `-` stands for ever. */
export const packExpiry = (expiresAt: number | undefined): string =>
  expiresAt === undefined ? '-' : String(Math.ceil(expiresAt));

/** Whether a packed document or entry, which both begin so, is no longer there for readers. */
export function hasExpired(packed: string, now: number): boolean {
  const start = packed.indexOf(' ') + 1;
  const expiry = packed.slice(start, packed.indexOf('\n'));
  return expiry !== '-' && Number(expiry) <= now;
}
