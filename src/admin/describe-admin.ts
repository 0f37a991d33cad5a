import { z } from 'zod';
import { describeApi } from '../http/index.ts';
import type { AdminCall } from './admin-call.ts';

/** The OpenAPI 3.1 document of the administrators' calls; what a call asks of its caller stands in `x-sallyport-may` and `-scope`. */
export const describeAdmin = (calls: readonly AdminCall[], version: string): Record<string, unknown> =>
  describeApi({
    title: 'Sallyport administration API',
    version,
    calls: calls.map(({ may, scope, fresh, query, problems, ...call }) => ({
      ...call,
      query: withSubscription(scope, query),
      problems: [
        ...problems,
        'not-administrator',
        'not-allowed',
        'network-not-allowed',
        'invalid-request',
        'too-many-requests',
        ...(call.method === 'get' || fresh === false ? [] : (['fresh-code-required'] as const)),
        ...(call.conditional === true ? (['if-match-required', 'changed-meanwhile'] as const) : []),
      ],
      security: ['console', 'token'],
      extensions: { 'x-sallyport-may': may, 'x-sallyport-scope': scope },
    })),
    securitySchemes: {
      console: {
        type: 'apiKey',
        in: 'cookie',
        name: '__Host-sallyport-console-session',
        description: "An administrator's session of the console; without HTTPS the name lacks `__Host-`.",
      },
      token: {
        type: 'http',
        scheme: 'bearer',
        description: 'An API token; it needs no fresh second factor.',
      },
    },
  });

function withSubscription(scope: AdminCall['scope'], query: AdminCall['query']): z.ZodType {
  const named = z.object({
    subscription: z
      .string()
      .optional()
      .describe('Which one it is about; `default`, or your own, unless said'),
  });
  if (scope === 'site') return query ?? z.object({});
  return query instanceof z.ZodObject ? named.extend(query.shape) : named;
}
