import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { CookieNames } from '../access/index.ts';
import { GatewayError } from '../errors.ts';
import {
  type AddressOf,
  InvalidBody,
  readCredential,
  readJson,
  rejectCrossOrigin,
  visitorOf,
} from '../http/index.ts';
import type { ApiCall, CallResult } from './api-call.ts';
import type { PortalSessions } from './contracts.ts';
import type { Site } from './site.ts';

type AnswerOptions = {
  readonly site: Site;
  readonly names: CookieNames;
  readonly sessions: Pick<PortalSessions, 'find'>;
  readonly addressOf: AddressOf;
};

const asksForCookies = z.looseObject({ deliver: z.enum(['cookie', 'bearer']).default('cookie') });

/**
 * Lets one request through to one call: origin, credential, body, in this order, so that nothing of a request is
 * read that another site may have sent. Rejects with the GatewayError to answer.
 */
export function createAnswerCall({ site, names, sessions, addressOf }: AnswerOptions) {
  return async (
    call: ApiCall,
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
  ): Promise<CallResult> => {
    const { headers } = request;
    const changes = call.method !== 'get';
    const credential =
      call.credential === 'none' ? undefined : readCredential(request, names, call.credential);
    rejectCrossOrigin(headers, site.origin, changes && credential?.deliver === 'cookie');
    if (call.credential !== 'none' && credential === undefined) throw new GatewayError('sign-in-required');

    const body = await parseBody(call, request);
    const visitor = visitorOf(request, addressOf, names.device);
    if (call.credential === 'none') {
      // A client without an Origin could be a browser that hides it; it gets no cookies to be signed in with.
      const deliver = asksForCookies.safeParse(body).data?.deliver ?? 'cookie';
      rejectCrossOrigin(headers, site.origin, changes && deliver === 'cookie');
      return call.handle({ body, params, visitor, deliver });
    }
    if (credential === undefined) throw new GatewayError('sign-in-required');
    const { token, deliver } = credential;
    if (call.credential === 'pending') return call.handle({ body, params, visitor, deliver, pending: token });
    const session = await sessions.find(token, site.origin);
    if (session === undefined) throw new GatewayError('sign-in-required');
    return call.handle({ body, params, visitor, deliver, session });
  };
}

async function parseBody(call: ApiCall, request: IncomingMessage): Promise<unknown> {
  if (call.body === undefined) return undefined;
  const parsed = call.body.safeParse(await readJson(request));
  if (!parsed.success) throw new InvalidBody(parsed.error);
  return parsed.data;
}
