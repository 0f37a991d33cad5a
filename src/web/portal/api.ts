import type { ProblemAnswer } from '../../portal/index.ts';
import { addresses } from './addresses.ts';

/** A call that didn't work out. `unreachable`: no answer; `failed`: an answer that says nothing we know. */
export class Problem extends Error {
  readonly code: string;
  /** For people, in their language; absent when no answer came. */
  readonly detail: string | undefined;
  readonly triesLeft: number | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  /** All of it: what else there is depends on the code. */
  readonly answer: ProblemAnswer | undefined;

  constructor(code: string, answer?: ProblemAnswer) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.detail = answer?.detail;
    this.triesLeft = answer?.triesLeft;
    this.retryAfter = answer?.retryAfter;
    this.answer = answer;
  }
}

type Method = 'GET' | 'POST' | 'DELETE';

/** What an answer other than 2xx says. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    const answer = (await response.json()) as ProblemAnswer;
    return new Problem(typeof answer.code === 'string' ? answer.code : 'failed', answer);
  } catch {
    return new Problem('failed');
  }
}

/** Calls the portal's API; `path` follows `api/v1/`. Throws `Problem` and nothing else. */
export async function call<Answer = undefined>(method: Method, path: string, body?: object): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(addresses.api + path, {
      method,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    });
  } catch {
    throw new Problem('unreachable');
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as Answer;
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new Problem('failed');
  }
}
