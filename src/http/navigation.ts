import type { IncomingMessage } from 'node:http';
import { type Language, negotiate } from '../catalogue/index.ts';
import { readPlainCookie } from './credentials.ts';

/**
 * Whether a person looks at the answer: the browser says so (Fetch Metadata), or, where it says nothing, asks
 * for HTML. A script's `fetch` and a subresource are no navigation.
 */
export function isNavigation({ headers }: IncomingMessage): boolean {
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

/**
 * Whether a navigation is the person's own doing: from a page of this origin or the address bar, in the top
 * window, not fetched ahead of time. Browsers say nothing over plain HTTP to other machines; then it isn't known.
 */
export function isOwnNavigation({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return (
    (site === 'same-origin' || site === 'none') &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    headers['sec-purpose'] === undefined &&
    headers.purpose === undefined
  );
}

const languageCookie = 'sallyport-language';

/** The reader's language: what they chose with the switch, else what their browser prefers. Never throws. */
export const languageOf = (request: IncomingMessage): Language =>
  negotiate(request.headers['accept-language'], readPlainCookie(request, languageCookie));
