import type { IncomingMessage } from 'node:http';
import type { CookieNames } from '../access/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  dropCookie,
  isNavigation,
  isOwnNavigation,
  prefix,
  type Reply,
  readCredential,
  readPlainCookie,
  redirectTo,
  setCookie,
} from '../http/index.ts';
import type { PortalHandOffs, PortalSessions } from './contracts.ts';
import { localPath, type Place, type Site } from './site.ts';

type ApplicationHostOptions = {
  readonly site: Site;
  readonly handOffs: Pick<PortalHandOffs, 'redeem'>;
  readonly sessions: Pick<PortalSessions, 'find' | 'revoke'>;
  readonly names: CookieNames;
  readonly secure: boolean;
  readonly clock: Clock;
};

type ApplicationPlace = Extract<Place, { kind: 'application' }>;

/**
 * Answers below our prefix on an application's own host: the arriving side of the hand-off and sign-out. Pages are
 * on the portal, so navigations go there; the API does not exist here, where the application's scripts run.
 */
export function createApplicationHost(options: ApplicationHostOptions) {
  const { site, handOffs, sessions, names, secure, clock } = options;

  async function arrive(request: IncomingMessage, query: URLSearchParams, place: ApplicationPlace) {
    const wanted = localPath(query.get('returnTo'), place.origin);
    const arrival = await redeem(request, query.get('code'), place);
    // Another window has arrived before, or this is the way back to an address used long ago.
    if (arrival === undefined && (await ownSession(request, place)) !== undefined) return redirectTo(wanted);
    if (arrival === undefined) throw new GatewayError('invalid-hand-off');
    const maxAge = arrival.shared ? undefined : (arrival.expiresAt - clock.now()) / 1000;
    return redirectTo(wanted, [
      setCookie(names.session, arrival.token, secure, maxAge),
      dropCookie(names.handOff, secure),
    ]);
  }

  /** What the code stands for; undefined when it stands for nothing, here and in this browser. */
  async function redeem(request: IncomingMessage, code: string | null, place: ApplicationPlace) {
    const nonce = readPlainCookie(request, names.handOff);
    if (code === null || code.length > 128) return undefined;
    try {
      return await handOffs.redeem(code, place.origin, nonce ?? '');
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'invalid-hand-off') return undefined;
      throw error;
    }
  }

  async function ownSession(request: IncomingMessage, place: ApplicationPlace) {
    const credential = readCredential(request, names, 'session');
    return credential && sessions.find(credential.token, place.origin);
  }

  /** Ends the session right here for the person's own click; from elsewhere the portal asks first. */
  async function signOut(request: IncomingMessage, place: ApplicationPlace): Promise<Reply> {
    if (!isOwnNavigation(request)) return redirectTo(`${site.origin}${prefix}sign-out`);
    const session = await ownSession(request, place);
    if (session === undefined) return redirectTo(`${site.origin}${prefix}sign-out`);
    await sessions.revoke(session, 'sign-out');
    return redirectTo(`${site.origin}${prefix}signed-out`, [dropCookie(names.session, secure)]);
  }

  /** `path` is the part below the prefix. */
  return async (request: IncomingMessage, path: string, query: URLSearchParams, place: ApplicationPlace) => {
    if (request.method === 'GET' && path === 'hand-off') return arrive(request, query, place);
    if (request.method === 'GET' && path === 'sign-out') return signOut(request, place);
    return toPortal(request, path, site);
  };
}

/** A navigation that came to the wrong host goes to the same page of the portal; anything else finds nothing. */
export function toPortal(request: IncomingMessage, path: string, site: Site): Reply {
  const page = [
    '',
    'sign-in',
    'account',
    'owner',
    'recover',
    'invitation',
    'renew',
    'sign-out',
    'signed-out',
  ].includes(path);
  if (!page || !isNavigation(request)) throw new GatewayError('not-found');
  return redirectTo(`${site.origin}${prefix}${path}`);
}
