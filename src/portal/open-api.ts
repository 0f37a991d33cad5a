import { z } from 'zod';
import { type ProblemCode, problems } from '../errors.ts';
import { problemAnswer } from './answers.ts';
import type { ApiCall } from './api-call.ts';

/** What any call may answer besides its own problems. */
const everywhere: readonly ProblemCode[] = [
  'ambiguous-credentials',
  'cross-origin',
  'internal',
  'service-worker-refused',
  'store-unavailable',
];
const withBody: readonly ProblemCode[] = ['invalid-request', 'request-too-large', 'unsupported-media-type'];

/** The OpenAPI 3.1 document of these calls, generated from the very schemas that judge them. */
export function describeApi(calls: readonly ApiCall[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const call of calls) {
    const path = `/.sallyport/${call.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [call.method]: describeCall(call) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sallyport portal API', version },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemAnswer, 'output') },
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          description: 'The session token; browsers send a cookie.',
        },
        pending: {
          type: 'http',
          scheme: 'bearer',
          description: 'The pending token of this sign-in; browsers send a cookie.',
        },
      },
    },
  };
}

function describeCall(call: ApiCall): Record<string, unknown> {
  const codes = [
    ...call.problems,
    ...everywhere,
    ...(call.body === undefined ? [] : withBody),
    ...(call.credential === 'none' ? [] : (['sign-in-required', 'sign-in-expired'] as const)),
  ];
  return {
    summary: call.summary,
    security: call.credential === 'none' ? [] : [{ [call.credential]: [] }],
    parameters: [...call.path.matchAll(/:(\w+)/g)].map((match) => ({
      name: match[1],
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
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
          : { content: { 'application/json': { schema: schemaOf(call.answer.schema, 'output') } } }),
      },
      ...describeProblems(codes),
    },
  };
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
