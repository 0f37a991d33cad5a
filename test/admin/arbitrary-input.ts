import fc from 'fast-check';
import type { Call, Schema } from './open-api.ts';

/** What no field wants: wrong types, empty and enormous things, texts that break parsers. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '../..',
    '%00',
    "' OR 1=1 --",
    '{{7*7}}',
    '=cmd()',
    'constructor',
    '__proto__',
    [],
    {},
    [[[[]]]],
    'local:',
    'user:',
    'group:local:x',
    'everyone',
    '9999-99-99T99:99:99Z',
    '0001-01-01T00:00:00Z',
    '999999999999999999999',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 300, max: 20_000 }).map((length) => 'x'.repeat(length)),
  fc.array(fc.constantFrom('local:x', '', null, 1), { maxLength: 300 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'date-time': fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  email: fc.constant('somebody@example.org'),
};

/** Values that a schema might take: right in their shape, if not in what they mean. */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(arbitraryOf));
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  if (type === 'object') return objectOf(schema);
  if (type === 'array') {
    return fc.array(arbitraryOf(schema.items ?? {}), { maxLength: Math.min(3, schema.maxItems ?? 3) });
  }
  if (type === 'integer' || type === 'number') {
    const min = Math.max(schema.minimum ?? -1_000, -1_000_000);
    return fc.integer({ min, max: Math.max(min, Math.min(schema.maximum ?? 100_000, 1_000_000)) });
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'string') {
    return (
      formats[schema.format ?? ''] ??
      fc.oneof(
        fc.string({
          minLength: Math.min(schema.minLength ?? 0, 50),
          maxLength: Math.min(schema.maxLength ?? 20, 20),
        }),
        fc.constantFrom(
          'local:nobody',
          'user:local:nobody',
          'group:local:nobody',
          'everyone',
          'default',
          '1',
        ),
      )
    );
  }
  return fc.jsonValue({ maxDepth: 2 });
}

function objectOf({ properties = {}, required = [], additionalProperties, propertyNames }: Schema) {
  if (Object.keys(properties).length === 0) {
    const value =
      typeof additionalProperties === 'object' ? arbitraryOf(additionalProperties) : fc.jsonValue();
    const key =
      propertyNames === undefined ? fc.string({ maxLength: 12 }) : arbitraryOf(propertyNames).map(String);
    return fc.dictionary(key, value, { maxKeys: 4 });
  }
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema)]),
  );
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}

/** A body as the schema says, mostly with something wrong in it: a field of junk, one too many, one missing, or junk alone. */
function bodyOf(schema: Schema): fc.Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {});
  const right = arbitraryOf(schema);
  if (names.length === 0) return fc.oneof(right, junk);
  const spoiled = fc.tuple(right, fc.constantFrom(...names), junk).map(([body, name, value]) => ({
    ...(typeof body === 'object' ? body : {}),
    [name]: value,
  }));
  const more = fc
    .tuple(right, fc.string({ minLength: 1, maxLength: 12 }), junk)
    .map(([body, name, value]) => ({
      ...(typeof body === 'object' ? body : {}),
      [`x${name}`]: value,
    }));
  return fc.oneof({ weight: 3, arbitrary: spoiled }, { weight: 2, arbitrary: right }, more, junk);
}

export type Input = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  /** As it is sent; undefined: none. */
  readonly body: string | undefined;
  readonly type: string | undefined;
  readonly ifMatch: string | undefined;
};

const text = fc.oneof(
  fc.constantFrom(
    '0',
    'local:nobody',
    'everyone',
    'user:local:x',
    'default',
    'constructor',
    '..',
    '%',
    '\u0000',
    ' ',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((value) => value.isWellFormed()),
  fc.constant('x'.repeat(2_000)),
);

/** Everything that can be wrong with one call. */
export function inputOf({ parameters, body, conditional }: Call): fc.Arbitrary<Input> {
  const params = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
  const queries = parameters.filter((each) => each.in === 'query');
  const pairs = queries.map(({ name, schema }) =>
    fc.tuple(fc.constant(name), fc.oneof(text, arbitraryOf(schema).map(String))),
  );
  const strange = fc.tuple(text, text);
  const sent =
    body === undefined
      ? fc.constantFrom(undefined, '{}', 'x'.repeat(100))
      : fc.oneof(
          { weight: 12, arbitrary: bodyOf(body).map((value) => JSON.stringify(value)) },
          fc.constantFrom(
            undefined,
            '',
            '{',
            'null',
            '"',
            '[]',
            '{"a":1}{"b":2}',
            '[['.repeat(5_000),
            `{"a":"${'x'.repeat(9_000_000)}"}`,
            '\ufeff{}',
          ),
        );
  return fc.record({
    params: fc.record(Object.fromEntries(params.map((name) => [name, text]))),
    query:
      pairs.length === 0
        ? fc.array(strange, { maxLength: 1 })
        : fc.array(fc.oneof(...pairs, strange), { maxLength: 3 }),
    body: sent,
    type: fc.oneof(
      { weight: 9, arbitrary: fc.constant('application/json') },
      fc.constantFrom(
        'text/plain',
        '',
        'application/json; charset=latin1',
        'multipart/form-data; boundary=x',
        undefined,
      ),
    ),
    ifMatch: conditional
      ? fc.constantFrom('"0"', '"absent"', '*', 'x', '""', undefined, '"1", "2"')
      : fc.constantFrom(undefined, '"0"'),
  });
}
