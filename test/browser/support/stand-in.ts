import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { createCatalogue, type Language, negotiate } from '../../../src/catalogue/index.ts';
import { assetHeaders, pageHeaders } from '../../../src/http/page-headers.ts';
import { portalAssets } from '../../../src/portal/page-assets.ts';
import { renderShell } from '../../../src/portal/page-shell.ts';
import type { PageStates, PortalPage } from '../../../src/portal/page-state.ts';
import { type PlainPageParams, renderPlainPage } from '../../../src/portal/plain-page.ts';
import { type PlainPageKind, plainPages } from '../../../src/portal/plain-pages.ts';

export type Answer = {
  readonly status: number;
  readonly body?: object;
  readonly retryAfter?: number;
  /** Answers only once this is settled. */
  readonly after?: Promise<void>;
};
export type Script = Answer | ((body: Record<string, unknown>) => Answer);

/**
 * The portal's own shell, plain pages and built files, with an API that answers what a test tells it to: for
 * moments that a real gateway can't be brought to at will (a lock, a clock that is off, a broken answer).
 */
export type StandIn = {
  readonly origin: string;
  /** Every call so far, in order. */
  readonly calls: { readonly call: string; readonly body: Record<string, unknown> }[];
  /** From now on `call` ("POST sign-in") gets this answer. */
  answer(call: string, script: Script): void;
  /** From now on `page` begins with this state. */
  begin<Page extends PortalPage>(page: Page, state: PageStates[Page]): void;
  readonly helpdesk: { contact: string };
  close(): Promise<void>;
};

const prefix = '/.sallyport/';
const dist = resolve(import.meta.dirname, '../../../dist/web');
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };
const addresses: Record<string, PortalPage> = {
  '': 'launcher',
  'sign-in': 'sign-in',
  owner: 'owner',
  recover: 'recover',
  account: 'account',
  renew: 'renew',
  'sign-out': 'sign-out',
};
/** Facts for the plain pages, so that each shows its fullest form. */
const plainParams: Partial<Record<PlainPageKind, PlainPageParams>> = {
  'not-assigned': { application: 'Payroll', user: 'alice' },
  locked: { retryAfter: 840 },
  unreachable: { application: 'Accounting', returnTo: '/accounting/' },
  expired: { application: 'Accounting', returnTo: '/accounting/' },
};

export async function startStandIn(site = 'Northwind Remote'): Promise<StandIn> {
  const catalogue = createCatalogue();
  const assets = portalAssets(
    JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')),
    `${prefix}assets/`,
  );
  const scripts = new Map<string, Script>();
  const states = new Map<PortalPage, object>();
  const calls: StandIn['calls'] = [];
  const helpdesk = { contact: 'helpdesk@northwind.example, ext. 4100' };

  const languageOf = ({ headers }: IncomingMessage): Language =>
    negotiate(headers['accept-language'], /sallyport-language=(\w+)/.exec(headers.cookie ?? '')?.[1]);

  function sendPage(response: ServerResponse, page: { html: string; csp: string }, status = 200): void {
    response.writeHead(status, {
      ...pageHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': page.csp,
    });
    response.end(page.html);
  }

  function sendShell(request: IncomingMessage, response: ServerResponse, page: PortalPage): void {
    const language = languageOf(request);
    const texts = catalogue.texts(language, ['portal']);
    const nonce = randomBytes(16).toString('base64');
    const state = (states.get(page) ?? {}) as PageStates[PortalPage];
    sendPage(
      response,
      renderShell({
        page,
        language,
        nonce,
        texts,
        state,
        assets: assets[page],
        branding: { name: site },
        helpdesk: helpdesk.contact,
      }),
    );
  }

  function sendPlain(request: IncomingMessage, response: ServerResponse, kind: PlainPageKind): void {
    const language = languageOf(request);
    const page = renderPlainPage({
      kind,
      language,
      text: (key, params) => catalogue.text(language, key, params),
      params: plainParams[kind] ?? {},
      helpdesk: helpdesk.contact,
      branding: { name: site },
    });
    sendPage(response, page, page.status);
  }

  async function sendAnswer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const call = `${request.method} ${path}`;
    calls.push({ call, body });
    const script = scripts.get(call);
    const answer = typeof script === 'function' ? script(body) : (script ?? { status: 404 });
    await answer.after;
    const code = (answer.body as { code?: string } | undefined)?.code;
    const detail =
      code === undefined
        ? {}
        : {
            detail: catalogue.problem(languageOf(request), {
              code: code as 'wrong-code',
              params: answer.body as Record<string, number>,
              retryAfter: answer.retryAfter,
            }),
            ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
          };
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(answer.status === 204 ? undefined : JSON.stringify({ ...answer.body, ...detail }));
  }

  function sendAsset(response: ServerResponse, name: string): void {
    const type = types[extname(name)];
    if (type === undefined || name.includes('..')) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...assetHeaders, 'Content-Type': type, 'Content-Encoding': 'gzip' });
    response.end(readFileSync(join(dist, `${name}.gz`)));
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const own = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
    const page = own === undefined ? undefined : addresses[own];
    if (page !== undefined) sendShell(request, response, page);
    else if (own?.startsWith('assets/')) sendAsset(response, own.slice('assets/'.length));
    else if (own?.startsWith('api/v1/')) sendAnswer(request, response, own.slice('api/v1/'.length));
    else if (own?.startsWith('plain/') && own.slice('plain/'.length) in plainPages) {
      sendPlain(request, response, own.slice('plain/'.length) as PlainPageKind);
    } else {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(`<!doctype html><title>An application</title><p>${path}`);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://localhost:${port}`,
    calls,
    helpdesk,
    answer: (call, script) => scripts.set(call, script),
    begin: (page, state) => states.set(page, state),
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
