import type { Catalogue, Language } from '../catalogue/index.ts';
import type { ProblemCode } from '../errors.ts';
import { apiHeaders } from './page-headers.ts';
import type { ProblemAnswer } from './problem-answer.ts';
import type { Reply } from './reply.ts';

/** What a problem answer is made from; a GatewayError is one. */
export type ProblemFacts = {
  readonly code: ProblemCode;
  readonly status: number;
  readonly params?: Readonly<Record<string, string | number>>;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  readonly issues?: ProblemAnswer['issues'];
};

/** RFC 9457. `detail` is for the person, `code` for the program; the parameters are public by contract. */
export function problemReply(catalogue: Catalogue, language: Language, facts: ProblemFacts): Reply {
  const retryAfter = facts.retryAfter === undefined ? undefined : Math.max(1, Math.ceil(facts.retryAfter));
  const problem: ProblemAnswer = {
    // First, so that no parameter can pose as a member of RFC 9457.
    ...facts.params,
    type: `urn:sallyport:problem:${facts.code}`,
    title: catalogue.problem(language, { code: facts.code }),
    status: facts.status,
    detail: catalogue.problem(language, facts),
    code: facts.code,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(facts.issues === undefined ? {} : { issues: facts.issues }),
  };
  return {
    status: facts.status,
    headers: {
      ...apiHeaders,
      'Content-Type': 'application/problem+json',
      'Content-Language': language,
      // RFC 9110 section 11.6.1 asks a 401 to name a scheme; `Bearer` is the one a client can act on.
      ...(facts.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="sallyport"' } : {}),
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    },
    body: JSON.stringify(problem),
  };
}
