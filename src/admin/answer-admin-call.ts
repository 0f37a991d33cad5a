import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { defaultSubscription } from '../accounts/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  type AddressOf,
  InvalidBody,
  languageOf,
  readJson,
  rejectCrossOrigin,
  requestOrigin,
} from '../http/index.ts';
import type { AdminCall, AdminResult } from './admin-call.ts';
import { type Caller, isAllowedTo, type Place, roleAt } from './authorise.ts';
import type { Visit, Visits } from './visits.ts';

/** Milliseconds that a second factor is fresh enough to change something. */
export const freshFor = 15 * 60_000;

const longestBody = 64 * 1024;

type AnswerOptions = {
  readonly origin: string;
  readonly visits: Visits;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<Audit, 'flush'>;
  readonly addressOf: AddressOf;
  /** Whether there is a subscription of this id. */
  readonly isSubscription: (id: string) => boolean;
};

/**
 * Lets one request through to one call: origin, credential, role, freshness, query, body, in this order, so that
 * nothing of a request is read that its sender may not make. Rejects with the GatewayError to answer. What a change
 * recorded is written before this resolves.
 */
export function createAnswerAdminCall(options: AnswerOptions) {
  const { origin, visits, clock, audit, addressOf, isSubscription } = options;
  return async (
    call: AdminCall,
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
  ): Promise<AdminResult> => {
    const changes = call.method !== 'get';
    const url = new URL(request.url ?? '/', origin);
    const visit = await visits.of(request);
    rejectCrossOrigin(request.headers, origin, changes && visit?.session !== undefined);
    if (visit === undefined) throw new GatewayError('sign-in-required');
    const place = placeOf(call, url.searchParams, visit);
    const caller = callerAt(visit, place, call);
    if (place.scope === 'subscription' && !isSubscription(place.subscription)) {
      throw new GatewayError('unknown-subscription', { params: { name: place.subscription.slice(0, 64) } });
    }
    if (changes && call.fresh !== false) requireFresh(visit, clock.now());
    const query = parseQuery(call, url.searchParams);
    const ifMatch = call.conditional === true ? versionIn(request.headers['if-match']) : '';
    const result = await call.handle({
      caller,
      subscription: place.scope === 'site' ? defaultSubscription : place.subscription,
      params,
      query,
      body: await parseBody(call, request),
      ifMatch,
      origin: requestOrigin(request, addressOf),
      language: languageOf(request),
    });
    if (changes) await audit.flush();
    return result;
  };
}

/** A caller of one subscription only needn't name it. */
function placeOf(call: AdminCall, query: URLSearchParams, { grants }: Visit): Place {
  const named = query.getAll('subscription');
  if (named.length > 1) throw new GatewayError('invalid-request');
  if (call.scope === 'site') {
    if (named.length > 0) throw new GatewayError('invalid-request');
    return { scope: 'site' };
  }
  const everywhere = grants.some(({ subscription }) => subscription === undefined);
  const own = everywhere ? undefined : grants[0]?.subscription;
  return { scope: 'subscription', subscription: named[0] ?? own ?? defaultSubscription };
}

/** Rejects with `not-administrator` where they have no role, `not-allowed` where it isn't enough. */
export function callerAt(visit: Visit, place: Place, call: Pick<AdminCall, 'may'>): Caller {
  const { actor, name, grants, session } = visit;
  const role = roleAt(grants, place);
  if (role === undefined) throw new GatewayError(grants.length === 0 ? 'not-administrator' : 'not-allowed');
  if (!isAllowedTo(role, call.may)) throw new GatewayError('not-allowed');
  return { actor, name, role, grants, ...(session === undefined ? { token: true as const } : {}) };
}

/** A program can't type a code: its token was made by somebody who did. */
function requireFresh({ session }: Visit, now: number): void {
  if (session !== undefined && now - session.verifiedAt > freshFor)
    throw new GatewayError('fresh-code-required');
}

function parseQuery(call: AdminCall, query: URLSearchParams): unknown {
  const given = [...query].filter(([name]) => name !== 'subscription');
  const names = new Set(given.map(([name]) => name));
  if (names.size < given.length) throw new GatewayError('invalid-request');
  if (call.query === undefined) {
    if (given.length > 0) throw new GatewayError('invalid-request');
    return {};
  }
  requireKnown(call.query, names);
  const parsed = call.query.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw new InvalidBody(parsed.error);
  return parsed.data;
}

async function parseBody(call: AdminCall, request: IncomingMessage): Promise<unknown> {
  if (call.body === undefined) return undefined;
  const body = await readJson(request, call.longestBody ?? longestBody);
  if (typeof body === 'object' && body !== null) requireKnown(call.body, Object.keys(body));
  const parsed = call.body.safeParse(body);
  if (!parsed.success) throw new InvalidBody(parsed.error);
  return parsed.data;
}

/** A name that the call doesn't know is a mistake of its sender, who would wait for its effect. */
function requireKnown(schema: z.ZodType, names: Iterable<string>): void {
  if (!(schema instanceof z.ZodObject) || schema.def.catchall !== undefined) return;
  for (const name of names) if (!Object.hasOwn(schema.shape, name)) throw new GatewayError('invalid-request');
}

/** One strong entity tag (RFC 9110 section 8.8.3): whoever changes something says what they have seen. */
function versionIn(header: string | undefined): string {
  if (header === undefined) throw new GatewayError('if-match-required');
  const version = /^"([\x21\x23-\x7e]{1,256})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw new GatewayError('invalid-request');
  return version;
}
