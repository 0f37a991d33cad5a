import { z } from 'zod';
import type { ConfigIssue } from './config-error.ts';
import { nearest } from './nearest.ts';
import { fileSchema } from './schema.ts';
import { itemOf, shapeOf } from './schema-walk.ts';
import { unwrap } from './setting.ts';

/** A setting that an environment variable can set; a list of texts is written with commas. */
export type Variable = {
  readonly name: string;
  readonly path: readonly string[];
  readonly schema: z.ZodType;
};

/** Variables that are no settings of the file. */
export const ownVariables = {
  config: 'SALLYPORT_CONFIG',
  masterKey: 'SALLYPORT_MASTER_KEY',
} as const;

/** `['listen', 'tls', 'cert']` as `SALLYPORT_LISTEN_TLS_CERT`. */
export const variableName = (path: readonly string[]): string =>
  ['sallyport', ...path].map((key) => key.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()).join('_');

/** Every variable, in the order of the file; what holds maps in a list can only stand in the file. */
export const variables: readonly Variable[] = [...variablesBelow(fileSchema, [])];

function* variablesBelow(schema: z.ZodType, path: readonly string[]): Generator<Variable> {
  for (const [key, child] of Object.entries(shapeOf(schema))) {
    const at = [...path, key];
    const item = itemOf(child);
    if (item !== undefined) {
      if (unwrap(item) instanceof z.ZodString) yield { name: variableName(at), path: at, schema: child };
    } else if (unwrap(child) instanceof z.ZodObject) yield* variablesBelow(child, at);
    else yield { name: variableName(at), path: at, schema: child };
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says: values by setting, the two variables of our own, and the ones that mean nothing. */
export type EnvironmentSettings = {
  readonly values: readonly { readonly variable: Variable; readonly value: unknown }[];
  readonly config?: string;
  readonly masterKey?: string;
  readonly issues: readonly ConfigIssue[];
};

/** Reads every `SALLYPORT_…` variable; empty ones count as absent, names in any case (Windows has no case). */
export function readEnvironment(environment: Environment): EnvironmentSettings {
  const ours = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (/^sallyport_/i.test(name) && value !== undefined && value !== '') ours.set(name.toUpperCase(), value);
  }
  const values = variables.flatMap((variable) => {
    const text = ours.get(variable.name);
    return text === undefined ? [] : [{ variable, value: convert(variable.schema, text) }];
  });
  const known = [...variables.map((variable) => variable.name), ...Object.values(ownVariables)];
  const config = ours.get(ownVariables.config);
  const masterKey = ours.get(ownVariables.masterKey);
  return {
    values,
    ...(config === undefined ? {} : { config }),
    ...(masterKey === undefined ? {} : { masterKey }),
    issues: [...ours.keys()]
      .filter((name) => !known.includes(name))
      .map((name) => unknownVariable(name, known)),
  };
}

/** A text as the kind of value that its setting takes; what doesn't fit stays text, for the schema to refuse. */
function convert(schema: z.ZodType, text: string): unknown {
  const plain = unwrap(schema);
  if (plain instanceof z.ZodNumber)
    return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text.trim()) ? Number(text) : text;
  if (plain instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (plain instanceof z.ZodArray) return text.split(',').map((part) => part.trim());
  return text;
}

function unknownVariable(name: string, known: readonly string[]): ConfigIssue {
  const near = nearest(name, known);
  const inFile = /^SALLYPORT_(APPLICATIONS|DIRECTORIES)/.exec(name)?.[1]?.toLowerCase();
  return {
    path: '',
    place: { variable: name.slice(0, 100) },
    mistake: 'No setting has this variable.',
    remedy:
      inFile !== undefined
        ? `Only the file can set ${inFile}.`
        : near !== undefined
          ? `Did you mean ${near}?`
          : 'Unset it. docs/configuration.md names every variable.',
  };
}
