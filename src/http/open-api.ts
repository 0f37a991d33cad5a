import { z } from 'zod';
import { type ProblemCode, problems } from '../errors.ts';
import { prefix } from './prefix.ts';
import { problemAnswer } from './problem-answer.ts';

/** What any call may answer besides its own problems. */
const everywhere: readonly ProblemCode[] = [
  'ambiguous-credentials',
  'cross-origin',
  'internal',
  'service-worker-refused',
  'store-unavailable',
];
const withBody: readonly ProblemCode[] = ['invalid-request', 'request-too-large', 'unsupported-media-type'];

/** What the document says of one call. */
export type DescribedCall = {
  readonly method: string;
  /** Below `/.sallyport/`, parameters as `:name`. */
  readonly path: string;
  /** One sentence. */
  readonly summary: string;
  /** An object schema. */
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer: { readonly status: number; readonly schema?: z.ZodType; readonly type?: string };
  readonly problems: readonly ProblemCode[];
  /** Names of security schemes, any of which will do; empty: none needed. */
  readonly security: readonly string[];
  /** Whether the change must name, with `If-Match`, what it is a change of. */
  readonly conditional?: boolean;
  /** Further members of the operation, which begin with `x-`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
};

export type ApiDocument = {
  readonly title: string;
  readonly version: string;
  readonly calls: readonly DescribedCall[];
  readonly securitySchemes: Readonly<Record<string, unknown>>;
};

/** The OpenAPI 3.1 document of these calls, generated from the very schemas that judge them. */
export function describeApi({
  title,
  version,
  calls,
  securitySchemes,
}: ApiDocument): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const call of calls) {
    const path = `${prefix}${call.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [call.method]: describeCall(call) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemAnswer, 'output') },
      securitySchemes,
    },
  };
}

function describeCall(call: DescribedCall): Record<string, unknown> {
  const codes = [
    ...call.problems,
    ...everywhere,
    ...(call.body === undefined ? [] : withBody),
    ...(call.security.length === 0 ? [] : (['sign-in-required', 'sign-in-expired'] as const)),
  ];
  return {
    summary: call.summary,
    ...call.extensions,
    security: call.security.map((name) => ({ [name]: [] })),
    parameters: parametersOf(call),
    ...(call.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(call.body, 'input') } },
          },
        }),
    responses: {
      [call.answer.status]: {
        description: 'Done',
        ...(call.answer.schema === undefined
          ? {}
          : {
              content: {
                [call.answer.type ?? 'application/json']: { schema: schemaOf(call.answer.schema, 'output') },
              },
            }),
      },
      ...describeProblems(codes),
    },
  };
}

function parametersOf({ path, query, conditional }: DescribedCall): Record<string, unknown>[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const described = query === undefined ? {} : schemaOf(query, 'input');
  const required = Array.isArray(described.required) ? described.required : [];
  const inQuery = Object.entries((described.properties ?? {}) as Record<string, unknown>).map(
    ([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }),
  );
  const ifMatch = { name: 'If-Match', in: 'header', required: true, schema: { type: 'string' } };
  return [...inPath, ...inQuery, ...(conditional === true ? [ifMatch] : [])];
}

function describeProblems(codes: readonly ProblemCode[]): Record<string, unknown> {
  const byStatus = new Map<number, Set<string>>();
  for (const code of codes) {
    const status = problems[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  return Object.fromEntries(
    [...byStatus].map(([status, each]) => [
      status,
      {
        description: [...each].sort().join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io });
  return described;
}
