import { isDeepStrictEqual } from 'node:util';

/** The names of the fields that differ, for the audit log. */
export function changedFields(before: object, after: object): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(Reflect.get(before, name), Reflect.get(after, name)))
    .sort();
}
