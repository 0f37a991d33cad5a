import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import type { Audit } from '../audit/index.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import { isNavigation } from './navigation.ts';
import { prefix } from './prefix.ts';
import type { ProblemFacts } from './problem.ts';
import { giveReply, type Reply } from './reply.ts';
import { type AddressOf, requestOrigin } from './visitor-of.ts';

/** Where unexpected failures go; never what a client sent. */
export interface FailureLog {
  error(fields: { readonly error: unknown; readonly path?: string }, message: string): void;
}

type RenderErrorsOptions = {
  /** The one answer; a page where it is a `navigation`. */
  readonly replyTo: (request: IncomingMessage, facts: ProblemFacts, navigation: boolean) => Reply;
  readonly log: FailureLog;
  readonly audit: Pick<Audit, 'record'>;
  readonly addressOf: AddressOf;
};

/** What no browser of an honest user sends; the audit log bounds how often it tells of them. */
const suspicious: readonly ProblemCode[] = [
  'ambiguous-credentials',
  'bad-target',
  'cross-origin',
  'invalid-hand-off',
  'service-worker-refused',
];

/** Renders whatever was thrown, once: a page to a navigation, a problem to anything else. */
export function createRenderErrors({ replyTo, log, audit, addressOf }: RenderErrorsOptions): Middleware {
  return async (context, next) => {
    try {
      await next();
    } catch (thrown) {
      const error = thrown instanceof GatewayError ? thrown : new GatewayError('internal', { cause: thrown });
      if (error.status >= 500) {
        log.error(
          { error: error.cause ?? error, path: context.path },
          'a request to the gateway itself failed',
        );
      }
      if (suspicious.includes(error.code)) {
        const origin = requestOrigin(context.req, addressOf);
        audit.record({ type: 'request.suspicious', reason: error.code, origin });
      }
      // A body that nobody reads any more must not be taken for the next request.
      if (!context.req.complete) context.set('Connection', 'close');
      const page = !context.path.startsWith(`${prefix}api/`) && isNavigation(context.req);
      giveReply(context, replyTo(context.req, factsOf(error), page));
    }
  };
}

const factsOf = (error: GatewayError): ProblemFacts => ({
  code: error.code,
  status: error.status,
  params: error.params,
  retryAfter: error.retryAfter,
  ...(error.issues === undefined ? {} : { issues: [...error.issues] }),
});
