import { type DescribedCall, describeApi } from '../http/index.ts';
import type { ApiCall } from './api-call.ts';

/** The OpenAPI 3.1 document of the portal's calls. */
export const describePortal = (
  calls: readonly ApiCall[],
  version: string,
  more: readonly DescribedCall[] = [],
): Record<string, unknown> =>
  describeApi({
    title: 'Sallyport portal API',
    version,
    calls: [
      ...calls.map((call) => ({
        ...call,
        security: call.credential === 'none' ? [] : [call.credential],
      })),
      ...more,
    ],
    securitySchemes: {
      session: {
        type: 'http',
        scheme: 'bearer',
        description: 'The session token; browsers send a cookie.',
      },
      ...(more.length === 0
        ? {}
        : { apiToken: { type: 'http', scheme: 'bearer', description: 'An API token; no cookie counts.' } }),
      pending: {
        type: 'http',
        scheme: 'bearer',
        description: 'The pending token of this sign-in; browsers send a cookie.',
      },
    },
  });
