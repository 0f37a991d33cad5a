import { z } from 'zod';
import type { Path } from './config-error.ts';
import { unwrap } from './setting.ts';

const options = (schema: z.ZodUnion | z.ZodDiscriminatedUnion): z.ZodType[] => schema.options as z.ZodType[];

/** The schemas that may stand in a place: the members of a union, or the schema itself, without wrappers. */
function alternatives(schema: z.ZodType): z.ZodType[] {
  const plain = unwrap(schema);
  return plain instanceof z.ZodUnion ? options(plain).flatMap(alternatives) : [plain];
}

/** The keys of a map and their schemas; empty for anything else. Keys of several alternatives are joined. */
export function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  const shapes = alternatives(schema).map((each) => (each instanceof z.ZodObject ? each.shape : {}));
  return Object.assign({}, ...shapes.reverse());
}

/** The schema of the items of a list; undefined for anything else. */
export function itemOf(schema: z.ZodType): z.ZodType | undefined {
  const list = alternatives(schema).find((each) => each instanceof z.ZodArray);
  return list === undefined ? undefined : (list.element as z.ZodType);
}

/** The schema of the setting at `path`, as `input` means it where it could be several; undefined where there is none. */
export function schemaAt(schema: z.ZodType, path: Path, input?: unknown): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((parent, part, depth) => {
    if (parent === undefined) return undefined;
    if (typeof part === 'number') return itemOf(parent);
    const shape = shapeOf(meantBy(parent, valueAt(input, path.slice(0, depth))));
    return Object.hasOwn(shape, part) ? shape[part] : undefined;
  }, schema);
}

/** Of several kinds that a key tells apart, the one that `value` says it is. */
export function meantBy(schema: z.ZodType, value: unknown): z.ZodType {
  const plain = unwrap(schema);
  if (!(plain instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator } = plain.def;
  const said = valueAt(value, [discriminator]);
  const meant = options(plain).find((each) => shapeOf(each)[discriminator]?.safeParse(said).success === true);
  return meant ?? schema;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((parent, part) => {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, part)) return undefined;
    return (parent as Record<string | number, unknown>)[part];
  }, value);
}

export type SettingEntry = {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly list: boolean;
};

/**
 * Every key of a schema in the order of the file, maps before what they hold. Items of a list have the path of
 * the list with `[]` at its end.
 */
export function* entriesOf(schema: z.ZodType, path: readonly string[] = []): Generator<SettingEntry> {
  for (const [key, child] of Object.entries(shapeOf(schema))) {
    const at = [...path, key];
    const item = itemOf(child);
    yield { path: at, schema: child, list: item !== undefined };
    if (item === undefined) yield* entriesOf(child, at);
    else yield* entriesOf(item, [...path, `${key}[]`]);
  }
}

/** `input` without the keys that say nothing (`tls:` with every line below it commented), where a schema knows them. */
export function withoutBlanks(schema: z.ZodType, input: unknown): unknown {
  if (Array.isArray(input)) {
    const item = itemOf(schema);
    return item === undefined ? input : input.map((each) => withoutBlanks(item, each));
  }
  if (typeof input !== 'object' || input === null) return input;
  const shape = shapeOf(schema);
  const kept = Object.entries(input)
    .filter(([key, value]) => value !== null || !Object.hasOwn(shape, key))
    .map(([key, value]) => {
      const child = Object.hasOwn(shape, key) ? shape[key] : undefined;
      return [key, child === undefined ? value : withoutBlanks(child, value)];
    });
  return Object.fromEntries(kept);
}
