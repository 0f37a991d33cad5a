import type { z } from 'zod';
import type { Visitor } from '../access/index.ts';
import type { ProblemCode } from '../errors.ts';
import type { Delivery } from '../http/index.ts';
import type { SessionRecord } from '../sessions/index.ts';

/** What a handler is told of its caller; `Body` has passed the call's schema. */
export type CallInput<Body> = {
  readonly body: Body;
  readonly params: Readonly<Record<string, string>>;
  readonly visitor: Visitor;
  /** How the credential came, and so how the next one goes. */
  readonly deliver: Delivery;
};
export type PendingInput<Body> = CallInput<Body> & { readonly pending: string };
export type SessionInput<Body> = CallInput<Body> & { readonly session: SessionRecord };

/** `body: undefined` answers 204 unless `status` says otherwise. */
export type CallResult = {
  readonly status?: number;
  readonly body?: unknown;
  readonly cookies?: readonly string[];
};

type Description<Body extends z.ZodType> = {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/.sallyport/`, parameters as `:name`. */
  readonly path: string;
  /** One sentence for the OpenAPI document. */
  readonly summary: string;
  /** Absent: the call takes no body. */
  readonly body?: Body;
  readonly answer: { readonly status: number; readonly schema?: z.ZodType };
  /** Beyond those that every call can answer. */
  readonly problems: readonly ProblemCode[];
};

/** One call of the API: the router, the guards and the OpenAPI document are made from it. */
export type ApiCall = Description<z.ZodType> &
  (
    | { readonly credential: 'none'; handle(input: CallInput<unknown>): Promise<CallResult> }
    | { readonly credential: 'pending'; handle(input: PendingInput<unknown>): Promise<CallResult> }
    | { readonly credential: 'session'; handle(input: SessionInput<unknown>): Promise<CallResult> }
  );

/*
 * Each builder ties a handler to the output of its own schema and then forgets the type: the one place that calls
 * handlers parses with that very schema first.
 */

/** A call without a credential of ours. */
export function openCall<Body extends z.ZodType>(
  call: Description<Body> & { handle(input: CallInput<z.output<Body>>): Promise<CallResult> },
): ApiCall {
  return {
    ...call,
    credential: 'none',
    handle: (input) => call.handle(input as CallInput<z.output<Body>>),
  };
}

/** A step between password and session. */
export function pendingCall<Body extends z.ZodType>(
  call: Description<Body> & { handle(input: PendingInput<z.output<Body>>): Promise<CallResult> },
): ApiCall {
  return {
    ...call,
    credential: 'pending',
    handle: (input) => call.handle(input as PendingInput<z.output<Body>>),
  };
}

/** A call of somebody signed in. */
export function sessionCall<Body extends z.ZodType>(
  call: Description<Body> & { handle(input: SessionInput<z.output<Body>>): Promise<CallResult> },
): ApiCall {
  return {
    ...call,
    credential: 'session',
    handle: (input) => call.handle(input as SessionInput<z.output<Body>>),
  };
}
