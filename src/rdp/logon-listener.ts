import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiTokens } from '../access/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  type AddressOf,
  apiHeaders,
  type FailureLog,
  InvalidBody,
  languageOf,
  prefix,
  problemReply,
  type Reply,
  readJson,
  sendReply,
} from '../http/index.ts';
import { apiTokenBeginning } from '../sessions/index.ts';
import { logonCheckCall, logonQuestion } from './logon-call.ts';
import type { LogonChecks } from './logon-checks.ts';
import { foldServer } from './remote-desktop.ts';
import { TokenBudget } from './token-budget.ts';

export type LogonListenerOptions = {
  readonly checks: Pick<LogonChecks, 'check' | 'explain'>;
  readonly tokens: Pick<ApiTokens, 'verify'>;
  readonly catalogue: Catalogue;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly addressOf: AddressOf;
  readonly log: FailureLog;
};

export interface LogonListener {
  /** Whether a request target is for this listener. */
  isOwn(target: string): boolean;
  /** Answers it. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
}

const path = `${prefix}${logonCheckCall.path}`;

/**
 * Where the agents of application servers ask, by whatever name they reach the gateway: only an API token counts, no
 * cookie, so no page of another origin gains anything here.
 */
export function createLogonListener(options: LogonListenerOptions): LogonListener {
  const { checks, tokens, catalogue, clock, audit, addressOf, log } = options;
  const budget = new TokenBudget(clock);

  async function answer(request: IncomingMessage): Promise<Reply> {
    if (request.method !== 'POST') throw new GatewayError('method-not-allowed');
    const address = addressOf(request);
    const token = await tokens.verify(bearerOf(request), address);
    if (token?.role !== 'logon-check') throw new GatewayError('sign-in-required');
    // An agent is no browser.
    if (request.headers.origin !== undefined) throw new GatewayError('cross-origin');
    budget.spend(token.id);
    const parsed = logonQuestion.safeParse(await readJson(request));
    if (!parsed.success) throw new InvalidBody(parsed.error);
    const { dryRun, ...question } = parsed.data;
    const server = foldServer(question.server);
    if (!(token.servers ?? []).some((bound) => foldServer(bound) === server)) {
      audit.record({
        type: 'api-access.refused',
        reason: 'foreign-server',
        id: token.id,
        origin: { address },
      });
      throw new GatewayError('not-allowed');
    }
    const decision =
      dryRun === true
        ? await checks.explain(question, token.subscription)
        : await checks.check(question, {
            id: token.id,
            address,
            ...(token.subscription === undefined ? {} : { subscription: token.subscription }),
          });
    return {
      status: 200,
      headers: { ...apiHeaders, 'Content-Type': 'application/json' },
      // In this very form: agents compare it as it is.
      body: `{"decision":"${decision.decision}","reason":"${decision.reason}"}`,
    };
  }

  function refusal(request: IncomingMessage, thrown: unknown): Reply {
    const error = thrown instanceof GatewayError ? thrown : new GatewayError('internal', { cause: thrown });
    if (error.status >= 500) log.error({ error: error.cause ?? error, path }, 'a logon could not be checked');
    const { code, status, params, retryAfter, issues } = error;
    return problemReply(catalogue, languageOf(request), {
      code,
      status,
      params,
      retryAfter,
      ...(issues === undefined ? {} : { issues: [...issues] }),
    });
  }

  return {
    isOwn: (target) => target === path || target.startsWith(`${path}?`),
    handle(request, response) {
      answer(request)
        .catch((thrown: unknown) => refusal(request, thrown))
        .then((reply) => {
          // A body that nobody reads any more must not be taken for the next request.
          if (!request.complete) response.setHeader('Connection', 'close');
          if (reply.status === 405) response.setHeader('Allow', 'POST');
          sendReply(response, request.method, reply);
        })
        .catch((error: unknown) => {
          log.error({ error }, 'an answer could not be sent');
          response.destroy();
        });
    },
  };
}

/** An API token, and nothing beside it. Throws `ambiguous-credentials`, `sign-in-required`. */
function bearerOf({ headersDistinct }: IncomingMessage): string {
  const given = headersDistinct.authorization ?? [];
  if (given.length > 1) throw new GatewayError('ambiguous-credentials');
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(given[0] ?? '') ?? [];
  if (!token.startsWith(apiTokenBeginning)) throw new GatewayError('sign-in-required');
  return token;
}
