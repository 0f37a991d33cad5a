import { z } from 'zod';
import { ownVariables, variables } from './environment.ts';
import { usualFile } from './load-config.ts';
import { fileSchema } from './schema.ts';
import { entriesOf, type SettingEntry, shapeOf } from './schema-walk.ts';
import { allowedOf, defaultOf, noteOf } from './setting.ts';

/** The JSON Schema (draft 2020-12) of the file, for editors that complete and check YAML. */
export function configurationJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(fileSchema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: 'Configuration of Sallyport', ...rest }, null, 2)}\n`;
}

/** The reference of every setting of the file and every variable, as Markdown. */
export function describeConfiguration(): string {
  const entries = [...entriesOf(fileSchema)].filter((entry) => noteOf(entry.schema) !== undefined);
  const keyOf = (entry: SettingEntry): string => (entry.path[0] ?? '').replace('[]', '');
  const inside = (key: string): SettingEntry[] =>
    entries.filter((entry) => keyOf(entry) === key && entry.path.length > 1);
  const top = entries.filter((entry) => entry.path.length === 1);
  const groups = top
    .filter((entry) => inside(keyOf(entry)).length > 0)
    .flatMap((entry) => [
      '',
      `### \`${keyOf(entry)}\``,
      '',
      noteOf(entry.schema)?.description ?? '',
      '',
      ...table(inside(keyOf(entry))),
    ]);
  return [
    '## The file',
    '',
    `One YAML (or JSON) file, named with \`--config\` or \`${ownVariables.config}\`; without either, \`${usualFile}\` in the working directory, if it is there. No file at all is valid. Relative paths start from the folder of the file. Unknown keys are mistakes. All mistakes are reported at once.`,
    '',
    '### At the top',
    '',
    ...table(top.filter((entry) => inside(keyOf(entry)).length === 0)),
    ...groups,
    '',
    '## Environment variables',
    '',
    'A variable overrides its setting in the file; an empty one counts as absent, and a `SALLYPORT_…` variable that means nothing is a mistake. Lists are written with commas. Relative paths start from the working directory. What holds a list of maps, such as applications, stands in the file alone.',
    '',
    '| variable | setting |',
    '| --- | --- |',
    `| \`${ownVariables.config}\` | the file itself, where \`--config\` doesn't name it |`,
    `| \`${ownVariables.masterKey}\` | the content of \`masterKeyFile\`: 32 random bytes in base64; never in the file |`,
    ...variables.map(({ name, path }) => `| \`${name}\` | \`${path.join('.')}\` |`),
    '',
  ].join('\n');
}

function table(entries: readonly SettingEntry[]): string[] {
  return [
    '| setting | meaning | allowed | default |',
    '| --- | --- | --- | --- |',
    ...entries.map(({ path, schema }) => {
      const isMap = Object.keys(shapeOf(schema)).length > 0 && noteOf(schema)?.allowed === undefined;
      const cells = [
        `\`${path.join('.')}\``,
        noteOf(schema)?.description ?? '',
        isMap ? '' : allowedOf(schema),
        isMap ? '' : standard(schema),
      ];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    }),
  ];
}

function standard(schema: z.ZodType): string {
  const note = noteOf(schema);
  if (note?.defaultsTo !== undefined) return note.defaultsTo;
  const value = defaultOf(schema);
  if (value === undefined) return schema instanceof z.ZodExactOptional ? 'none' : 'needed';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `\`${JSON.stringify(value)}\``;
  return `\`${String(value)}\``;
}
