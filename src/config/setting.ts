import { z } from 'zod';

/** What the reference and the error messages say of a setting. */
export type SettingNote = {
  /** One or two sentences, Markdown. */
  readonly description: string;
  /** What may stand there, as it follows "allowed: ". Derived from the schema where absent. */
  readonly allowed?: string;
  /** What to do about a wrong value; a general one where absent. */
  readonly remedy?: string;
  /** Shown in the reference, where the default isn't a constant. */
  readonly defaultsTo?: string;
  readonly example?: unknown;
};

const notes = z.registry<SettingNote>();

/** Describes a setting; the outermost call on a schema, since every further zod method makes a new schema. */
export function setting<Schema extends z.ZodType>(schema: Schema, note: SettingNote): Schema {
  const described = schema.meta({
    description: note.description,
    ...(note.example === undefined ? {} : { examples: [note.example] }),
  });
  notes.add(described, note);
  return described;
}

/** The note of a schema, looked for through its wrappers (optional, default, …) from outside in. */
export function noteOf(schema: z.ZodType): SettingNote | undefined {
  for (let layer: z.ZodType | undefined = schema; layer !== undefined; layer = innerOf(layer)) {
    const note = notes.get(layer);
    if (note !== undefined) return note;
  }
  return undefined;
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return schema.def.innerType as z.ZodType;
  }
  return schema instanceof z.ZodPipe ? (schema.def.in as z.ZodType) : undefined;
}

/** The schema inside optional, default and transforming wrappers. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema);
  return inner === undefined ? schema : unwrap(inner);
}

/** The value that stands in when the setting is absent; undefined when there is none. */
export function defaultOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodDefault) return schema.def.defaultValue;
  const inner = innerOf(schema);
  return inner === undefined ? undefined : defaultOf(inner);
}

/** What may stand in a setting, in words. */
export function allowedOf(schema: z.ZodType): string {
  const note = noteOf(schema);
  if (note?.allowed !== undefined) return note.allowed;
  const plain = unwrap(schema);
  if (plain instanceof z.ZodNumber) {
    const kind = plain.isInt ? 'a whole number' : 'a number';
    return `${kind} from ${plain.minValue ?? 0} to ${plain.maxValue ?? 'any'}`;
  }
  if (plain instanceof z.ZodBoolean) return 'true or false';
  if (plain instanceof z.ZodEnum) return plain.options.join(', ');
  if (plain instanceof z.ZodLiteral) return [...plain.values].join(', ');
  if (plain instanceof z.ZodArray) return 'a list';
  if (plain instanceof z.ZodObject) return `a map with ${Object.keys(plain.shape).join(', ')}`;
  return 'text';
}
