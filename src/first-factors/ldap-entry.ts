import type { Entry } from 'ldapts';

/** The values of an attribute as texts, whatever the case of its name; none when it is absent or binary. */
function textsOf(entry: Entry, attribute: string): readonly string[] {
  const value = valuesOf(entry, attribute);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** The first value that isn't blank. */
export const textOf = (entry: Entry, attribute: string): string | undefined =>
  textsOf(entry, attribute).find((value) => value.trim() !== '');

/** The values of an attribute that was asked for as bytes. */
export function bytesOf(entry: Entry, attribute: string): readonly Buffer[] {
  const value = valuesOf(entry, attribute);
  if (Buffer.isBuffer(value)) return value.length === 0 ? [] : [value];
  return Array.isArray(value) ? value.filter((each): each is Buffer => Buffer.isBuffer(each)) : [];
}

/** A whole number; undefined for anything else. */
export function numberOf(entry: Entry, attribute: string): number | undefined {
  const text = textOf(entry, attribute);
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** Unix milliseconds of a GeneralizedTime in UTC (RFC 4517 section 3.3.13), as directories write it. */
export function timeOf(entry: Entry, attribute: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(textOf(entry, attribute) ?? '');
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

// RFC 4512 section 2.5: names of attributes are the same in any case.
function valuesOf(entry: Entry, attribute: string): Entry[string] | undefined {
  const wanted = attribute.toLowerCase();
  const found = Object.keys(entry).find((each) => each.toLowerCase() === wanted);
  return found === undefined ? undefined : entry[found];
}
