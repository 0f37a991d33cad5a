import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CookieNames } from '../access/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import {
  isNavigation,
  languageOf,
  type ProblemFacts,
  prefix,
  problemReply,
  type Reply,
  readPlainCookie,
  redirectTo,
  sendReply,
  setCookie,
} from '../http/index.ts';
import type { SessionUser } from '../sessions/index.ts';
import type { PortalHandOffs } from './contracts.ts';
import { forgetDoubled } from './forget-doubled.ts';
import type { Pages } from './pages.ts';
import { plainPageKind } from './plain-page.ts';
import type { Site } from './site.ts';

/** Why a request is not carried on; the gate's Refusal and a GatewayError are such. */
export type RefusalFacts = ProblemFacts & {
  /** Send a navigation to sign-in. */
  readonly signIn?: boolean;
  readonly user?: SessionUser;
};

export type RefusalContext = {
  /** What was wanted; called by its title where it has one. */
  readonly application?: { readonly name: string; readonly title?: string } | undefined;
  /** Whoever asks is a program: a problem whatever it says, never a page or a redirect. */
  readonly upgrade?: boolean;
};

type RefuseOptions = {
  readonly catalogue: Catalogue;
  readonly pages: Pages;
  readonly site: Site;
  readonly handOffs: Pick<PortalHandOffs, 'begin'>;
  readonly names: CookieNames;
  readonly secure: boolean;
};

/** Seconds that a person has between being sent to the portal and coming back to the application's host. */
const handOffPatience = 600;
/** A longer target would not survive being carried in a query. */
const longestReturn = 2048;

/**
 * Makes the one answer to whatever isn't carried on (product, Refusals): a GET navigation without a session goes
 * to sign-in and comes back, or on an application's own host to the portal for a hand-off; another navigation
 * gets a page; anything else gets a problem.
 */
export function createRefuse({ catalogue, pages, site, handOffs, names, secure }: RefuseOptions) {
  function replyTo(
    request: IncomingMessage,
    refusal: RefusalFacts,
    context: RefusalContext = {},
    navigation = context.upgrade !== true && isNavigation(request),
  ): Reply {
    if (refusal.signIn === true && navigation && request.method === 'GET') return toSignIn(request, refusal);
    const named = {
      ...(context.application === undefined
        ? {}
        : { application: context.application.title ?? context.application.name }),
      ...(refusal.user === undefined ? {} : { user: refusal.user.name }),
    };
    const facts = { ...refusal, params: { ...refusal.params, ...named } };
    const language = languageOf(request);
    if (!navigation) return problemReply(catalogue, language, facts);
    const doubled =
      refusal.code === 'ambiguous-credentials'
        ? forgetDoubled(request, [names.session, names.pending], secure)
        : [];
    if (doubled.length > 0) {
      const page = pages.plain('doubled', language, wishFor(request));
      return { ...page, headers: { ...page.headers, 'Set-Cookie': doubled } };
    }
    return pages.plain(
      plainPageKind(refusal.code),
      language,
      {
        ...named,
        retryAfter: refusal.retryAfter,
        detail: catalogue.problem(language, facts),
        ...wishFor(request),
      },
      refusal.status,
    );
  }

  /** Where sign-in at the portal leads back to: an application's own host is named, an unknown one is not. */
  function wishFor(request: IncomingMessage): { returnTo?: string } {
    const place = site.placeOf(request);
    const { returnTo } = wish(request);
    if (returnTo === undefined || place.kind === 'elsewhere') return {};
    return { returnTo: place.kind === 'portal' ? returnTo : `${place.origin}${returnTo}` };
  }

  function toSignIn(request: IncomingMessage, refusal: RefusalFacts): Reply {
    const place = site.placeOf(request);
    if (place.kind === 'application') {
      const { nonce, challenge } = handOffs.begin(readPlainCookie(request, names.handOff));
      const query = new URLSearchParams({
        host: place.host,
        nonce: challenge,
        ...wish(request),
      });
      return redirectTo(`${site.origin}${prefix}hand-off?${query}`, [
        setCookie(names.handOff, nonce, secure, handOffPatience),
      ]);
    }
    const query = new URLSearchParams({
      ...wishFor(request),
      ...(refusal.code === 'sign-in-expired' ? { reason: 'expired' } : {}),
    });
    return redirectTo(`${site.origin}${prefix}sign-in${query.size === 0 ? '' : `?${query}`}`);
  }

  return {
    /** Answers `request`. Never throws; the response is over afterwards. */
    refuse(
      request: IncomingMessage,
      response: ServerResponse,
      refusal: RefusalFacts,
      context: RefusalContext = {},
    ): void {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const body = request.headers['content-length'] ?? request.headers['transfer-encoding'] ?? '0';
      // Nobody reads what is still coming, so the connection can't serve another request.
      if (body !== '0' && !request.complete) response.setHeader('Connection', 'close');
      sendReply(response, request.method, replyTo(request, refusal, context));
    },
    replyTo,
  };
}

/** The target as it came, if it is short enough to come back to. Our own addresses are no place to return to. */
function wish({ url = '/' }: IncomingMessage): { returnTo?: string } {
  const fits = url.startsWith('/') && !url.startsWith(prefix) && url.length <= longestReturn;
  return fits ? { returnTo: url } : {};
}
