import type { ServerResponse } from 'node:http';
import type { ParameterizedContext } from 'koa';

/** A whole answer, before it is known whether Koa or a bare response sends it. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
};

/** Sends `reply`; for HEAD without its body. */
export function sendReply(response: ServerResponse, method: string | undefined, reply: Reply): void {
  for (const [name, value] of Object.entries(reply.headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.setHeader('Content-Length', Buffer.byteLength(reply.body));
  response.statusCode = reply.status;
  response.end(method === 'HEAD' ? undefined : reply.body);
}

/** The same through Koa. Cookies already set on the context are kept. */
export function giveReply(context: ParameterizedContext, reply: Reply): void {
  context.status = reply.status;
  // A body sets a type of its own, so the reply's headers come last.
  context.body = reply.body;
  for (const [name, value] of Object.entries(reply.headers)) {
    context.set(name, typeof value === 'string' ? value : [...value]);
  }
}

/** A temporary redirect that nobody caches. `location` is ours or has been checked. */
export function redirectTo(location: string, cookies: readonly string[] = []): Reply {
  return {
    status: 302,
    headers: {
      Location: location,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'same-origin',
      ...(cookies.length === 0 ? {} : { 'Set-Cookie': cookies }),
    },
    body: '',
  };
}
