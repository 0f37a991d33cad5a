import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Origin } from '../audit/index.ts';
import type { Language } from '../catalogue/index.ts';
import type { ProblemCode } from '../errors.ts';
import type { Caller, Permission } from './authorise.ts';

/** What a handler is told; `Query` and `Body` have passed the call's schemas. */
export type AdminInput<Query, Body> = {
  readonly caller: Caller;
  /** The one that the call is about: the caller may act there. `default` for calls about the whole site. */
  readonly subscription: string;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Only of conditional calls: the version that the change is a change of. */
  readonly ifMatch: string;
  /** Where the caller is, for the audit log. */
  readonly origin: Origin;
  readonly language: Language;
};

/** `body: undefined` answers 204 unless `status` says otherwise; `stream` goes out as it comes. */
export type AdminResult = {
  readonly status?: number;
  readonly body?: unknown;
  /** The version of what `body` shows, for `If-Match` of a later change. Without quotes. */
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In the place of `body`; its type is that of the call's answer. */
  readonly stream?: Readable;
};

type Description<Query extends z.ZodType, Body extends z.ZodType> = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/.sallyport/`, parameters as `:name`; begins with `api/v1/admin/`. */
  readonly path: string;
  /** One sentence for the OpenAPI document. */
  readonly summary: string;
  readonly may: Permission;
  /** `subscription`: about one, named by `?subscription=`. `site`: only for those with a role for the whole site. */
  readonly scope: 'subscription' | 'site';
  /** An object of strings as they stand in the query; what it doesn't name is refused. */
  readonly query?: Query;
  /** Absent: the call takes no body. */
  readonly body?: Body;
  /** Bytes that a body may have; 64 KB unless said. */
  readonly longestBody?: number;
  /** Asks for `If-Match`. */
  readonly conditional?: true;
  /**
   * Absent: every call but GET needs a second factor proven within the last 15 minutes. `false` only for what changes
   * nothing, though it isn't GET.
   */
  readonly fresh?: false;
  /** `type`: of a stream; JSON otherwise. */
  readonly answer: { readonly status: number; readonly schema?: z.ZodType; readonly type?: string };
  /** Beyond those that every call can answer. */
  readonly problems: readonly ProblemCode[];
};

/** One call of the administrators' API: the router, the guards, the OpenAPI document and the matrix of rights are made from it. */
export type AdminCall = Description<z.ZodType, z.ZodType> & {
  handle(input: AdminInput<unknown, unknown>): Promise<AdminResult>;
};

/**
 * Ties a handler to the output of its own schemas and then forgets the types: the one place that calls handlers parses
 * with these very schemas first.
 */
export function adminCall<Query extends z.ZodType, Body extends z.ZodType>(
  call: Description<Query, Body> & {
    handle(input: AdminInput<z.output<Query>, z.output<Body>>): Promise<AdminResult>;
  },
): AdminCall {
  return {
    ...call,
    handle: (input) => call.handle(input as AdminInput<z.output<Query>, z.output<Body>>),
  };
}
