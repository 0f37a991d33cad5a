import type { IncomingMessage } from 'node:http';
import Router, { type RouterContext } from '@koa/router';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import { GatewayError } from '../errors.ts';
import { apiHeaders, giveReply, languageOf, prefix, redirectTo } from '../http/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import type { ApiCall, CallResult } from './api-call.ts';
import type { PageRoute } from './page-routes.ts';

/** A JSON document that anybody may read. `maxAge` in seconds; absent: not kept. */
export type PublicDocument = {
  /** Below `/.sallyport/`. */
  readonly path: string;
  readonly type: string;
  readonly maxAge?: number;
  readonly body: () => string;
};

type Routes = {
  readonly calls: readonly ApiCall[];
  readonly answerCall: (
    call: ApiCall,
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
  ) => Promise<CallResult>;
  readonly pages: readonly PageRoute[];
  /** The live session of the portal's cookie. */
  readonly findSession: (request: IncomingMessage) => Promise<SessionRecord | undefined>;
  readonly documents: readonly PublicDocument[];
};

/** Lets `app` answer everything that the portal's own host has below our prefix. */
export function addRoutes(app: Koa, { calls, answerCall, pages, findSession, documents }: Routes): void {
  const router = new Router({ sensitive: true, strict: true });
  for (const call of calls) {
    router.register(`${prefix}${call.path}`, [call.method], async (context: RouterContext) => {
      const {
        status = call.answer.status,
        body,
        cookies = [],
      } = await answerCall(call, context.req, context.params);
      giveReply(context, {
        status,
        headers: {
          ...apiHeaders,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(cookies.length === 0 ? {} : { 'Set-Cookie': cookies }),
        },
        body: body === undefined ? '' : JSON.stringify(body),
      });
    });
  }
  for (const { path, type, maxAge, body } of documents) {
    router.get(`${prefix}${path}`, (context) => {
      const kept = maxAge === undefined ? {} : { 'Cache-Control': `public, max-age=${maxAge}` };
      giveReply(context, {
        status: 200,
        headers: { ...apiHeaders, 'Content-Type': type, ...kept },
        body: body(),
      });
    });
  }
  for (const page of pages) {
    router.get(`${prefix}${page.path}`, async (context) => {
      const reply = await page.answer({
        request: context.req,
        query: new URLSearchParams(context.querystring),
        language: languageOf(context.req),
        session: () => findSession(context.req),
      });
      giveReply(context, reply);
    });
  }
  router.get(prefix.slice(0, -1), (context) => giveReply(context, redirectTo(prefix)));
  app.use(router.routes());
  app.use(nothingHere);
}

/** After every route: 405 with `Allow` where the path exists, `OPTIONS` answered without any CORS, else 404. */
const nothingHere: Middleware = (context) => {
  const layers = (context as RouterContext).matched ?? [];
  const allowed = [...new Set(layers.flatMap((layer) => layer.methods))];
  if (allowed.length === 0) throw new GatewayError('not-found');
  context.set('Allow', [...allowed, 'OPTIONS'].join(', '));
  if (context.method !== 'OPTIONS') throw new GatewayError('method-not-allowed');
  context.status = 204;
  context.set('Cache-Control', 'no-store');
};
