import type { Refusal } from '../access/index.ts';
import { type ProblemCode, problems } from '../errors.ts';

/** What the gateway itself finds wrong with an application server. */
export class UpstreamFailure extends Error {
  readonly code: 'CONNECT_TIMEOUT' | 'RESPONSE_TIMEOUT' | 'IDLE_TIMEOUT' | 'INVALID_ANSWER' | 'CLOSED_EARLY';

  constructor(code: UpstreamFailure['code'], message: string) {
    super(message);
    this.name = 'UpstreamFailure';
    this.code = code;
  }
}

/** Failures that happened before a byte was sent: the server can't have acted on the request. */
const connecting: Readonly<Record<string, ProblemCode>> = {
  ECONNREFUSED: 'upstream-unreachable',
  EHOSTUNREACH: 'upstream-unreachable',
  EHOSTDOWN: 'upstream-unreachable',
  ENETUNREACH: 'upstream-unreachable',
  ENETDOWN: 'upstream-unreachable',
  EADDRNOTAVAIL: 'upstream-unreachable',
  ENOTFOUND: 'upstream-unreachable',
  EAI_AGAIN: 'upstream-unreachable',
  EAI_FAIL: 'upstream-unreachable',
  ETIMEDOUT: 'upstream-timeout',
  CONNECT_TIMEOUT: 'upstream-timeout',
};

/** Every failure of an application server that has a name, and the answer it gets. */
const failureTable: Readonly<Record<string, ProblemCode>> = {
  ...connecting,
  ECONNRESET: 'upstream-unreachable',
  ECONNABORTED: 'upstream-unreachable',
  EPIPE: 'upstream-unreachable',
  CLOSED_EARLY: 'upstream-unreachable',
  RESPONSE_TIMEOUT: 'upstream-timeout',
  IDLE_TIMEOUT: 'upstream-timeout',
  INVALID_ANSWER: 'upstream-invalid',
  ERR_INVALID_CHAR: 'upstream-invalid',
  ERR_HTTP_INVALID_STATUS_CODE: 'upstream-invalid',
  ERR_INVALID_HTTP_TOKEN: 'upstream-invalid',
};

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The problem that a failure of an application server becomes; what has no name is an unreachable server. */
export const problemOf = (error: unknown): ProblemCode =>
  failureTable[codeOf(error)] ?? 'upstream-unreachable';

/** Whether a connection that stood broke without an answer, as one that was kept alive too long does. */
export const isBrokenConnection = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'CLOSED_EARLY'].includes(codeOf(error));

/** A refusal for a problem that has nothing to do with who asks. */
export const refusalFor = (code: ProblemCode, retryAfter?: number): Refusal => ({
  kind: 'refusal',
  code,
  status: problems[code],
  signIn: false,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});
