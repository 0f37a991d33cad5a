import { createHash } from 'node:crypto';
import type { CatalogueKey, TextParams } from '../catalogue/index.ts';
import type { ProblemCode } from '../errors.ts';
import { escapeHtml, pageHead, pageStyle, safeLink } from '../http/index.ts';
import { type Branding, type Page, pageHeader } from './page-shell.ts';
import { type PlainPageKind, plainPages } from './plain-pages.ts';

export type PlainPageParams = {
  /** Name of the application that was wanted. */
  readonly application?: string | undefined;
  /** Name of the signed-in user. */
  readonly user?: string | undefined;
  /** Seconds until another try can succeed. */
  readonly retryAfter?: number | undefined;
  /** The page that was wanted: where "Sign in" and "Try again" lead. A path of this origin, or a URL already checked. */
  readonly returnTo?: string | undefined;
  /** What the catalogue says of the problem; shown instead of the page's own sentence. */
  readonly detail?: string | undefined;
};

export type PlainPageInput = {
  readonly kind: PlainPageKind;
  readonly language: string;
  /** The catalogue bound to `language`. */
  readonly text: (key: CatalogueKey, params?: TextParams) => string;
  readonly params?: PlainPageParams;
  /** Setting *Helpdesk contact*; empty: no line. */
  readonly helpdesk?: string;
  readonly branding: Branding;
  /** Origin of the portal when the page is shown on another host, without a last slash. */
  readonly portal?: string;
  /** The exact status when one kind serves several (502, 503, 504). */
  readonly status?: number;
};

export type PlainPage = Page & {
  readonly status: number;
  /** Beyond `pageHeaders`: `Refresh`, `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
};

/** The style holds nothing of one visitor, so its hash stands where the shell needs a nonce. */
const policyFor = (style: string): string =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
const ownPolicy = policyFor(pageStyle);

/** Seconds between two tries of a page that waits for something to come back. */
const refreshAfter = 5;

/** Which page tells of a problem. */
export function plainPageKind(code: ProblemCode): PlainPageKind {
  for (const [kind, { codes }] of Object.entries(plainPages)) {
    if (codes.includes(code)) return kind as PlainPageKind;
  }
  return 'failed';
}

/** A whole page without script: complete, safe to send with `pageHeaders` and its own `headers`. */
export function renderPlainPage(input: PlainPageInput): PlainPage {
  const { kind, language, text, params = {}, helpdesk = '', branding, portal = '' } = input;
  const definition = plainPages[kind];
  const {
    title,
    sentences,
    actions,
    saysHelpdesk = false,
  } = definition.content({
    text,
    helpdesk,
    ...params,
  });
  const ownAddress = (path: string): string => `${portal}/.sallyport/${path}`;
  const wanted = safeLink(params.returnTo, '');
  const links = {
    'sign-in': `${ownAddress('sign-in')}${wanted === '' ? '' : `?returnTo=${encodeURIComponent(wanted)}`}`,
    'sign-out': ownAddress('sign-out'),
    applications: ownAddress(''),
    // Without an address of its own this loads the very page again.
    again: wanted,
  };
  const [first, ...others] = actions;
  const buttons = [
    first && `<a class="button" href="${escapeHtml(links[first.to])}">${escapeHtml(first.text)}</a>`,
    ...others.map(
      ({ to, text: label }) => `<a class="link" href="${escapeHtml(links[to])}">${escapeHtml(label)}</a>`,
    ),
  ].join('');
  const html = `${pageHead({ language, title: `${title} · ${branding.name}`, styleAttributes: '', ...(branding.style === undefined ? {} : { style: branding.style }) })}${pageHeader(
    branding,
  )}<main class="card"><h1>${escapeHtml(title)}</h1>${sentences
    .map((sentence) => `<p>${escapeHtml(sentence)}</p>`)
    .join('')}${buttons === '' ? '' : `<div class="actions">${buttons}</div>`}</main>${
    helpdesk === '' || saysHelpdesk
      ? ''
      : `<footer class="below"><p>${escapeHtml(text('pages.helpdesk', { contact: helpdesk }))}</p></footer>`
  }</body></html>`;
  const headers: Record<string, string> = {};
  if (definition.refreshes) headers.Refresh = String(refreshAfter);
  if (params.retryAfter !== undefined) headers['Retry-After'] = String(Math.ceil(params.retryAfter));
  const csp = branding.style === undefined ? ownPolicy : policyFor(branding.style);
  return { html, csp, status: input.status ?? definition.status, headers };
}
