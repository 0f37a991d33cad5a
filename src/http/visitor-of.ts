import type { IncomingMessage } from 'node:http';
import type { Visitor } from '../access/index.ts';
import type { Origin } from '../audit/index.ts';
import { browserName } from './browser-name.ts';
import { readPlainCookie } from './credentials.ts';
import { languageOf } from './navigation.ts';

/** Tells the address a request comes from; the composition root knows which proxies to believe. */
export type AddressOf = (request: IncomingMessage) => string;

/** Where a request came from, short enough for a list and the audit log. */
export const requestOrigin = (request: IncomingMessage, addressOf: AddressOf): Origin => ({
  address: addressOf(request),
  browser: browserName(request.headers['user-agent']),
});

/** The same, with the cookie of a known device and the language that messages to this person are written in. */
export function visitorOf(request: IncomingMessage, addressOf: AddressOf, deviceCookie: string): Visitor {
  const device = readPlainCookie(request, deviceCookie);
  const origin = requestOrigin(request, addressOf);
  return { ...origin, language: languageOf(request), ...(device === undefined ? {} : { device }) };
}
