import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { CookieNames } from '../access/index.ts';
import type { Catalogue, CatalogueKey } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import { apiHeaders, languageOf, prefix, type Reply, readCredential } from '../http/index.ts';
import type { PortalSessions } from './contracts.ts';
import { markOf, type Renewal } from './renewal.ts';
import type { Place, Site } from './site.ts';

/** What the script that applications include shows of a session; nothing of the person. */
type RenewalNotice = {
  /** Seconds that are left, by the gateway's clock; absent where nothing can be renewed. */
  readonly remaining?: number;
  /** Seconds before the end at which to begin to tell. */
  readonly notice?: number;
  /** The page at which a code is typed: the portal's own, never the application's. */
  readonly renew: string;
  readonly language: string;
  readonly texts: Readonly<Record<'ends' | 'ended' | 'act' | 'later' | 'renewed' | 'label', string>>;
};

type RenewalFilesOptions = {
  readonly site: Site;
  readonly names: CookieNames;
  readonly sessions: Pick<PortalSessions, 'find'>;
  readonly renewal: Pick<Renewal, 'remaining'>;
  readonly catalogue: Pick<Catalogue, 'text' | 'texts'>;
};

/** Plain JavaScript for the pages of applications: nothing is built, so that it is there before anything else. */
const source = new URL('../web/renewal/renewal.js', import.meta.url);

/**
 * `renewal.js`, which an application's page may include, and the `renewal.json` that it asks: on every host of the
 * site, since an application's page can ask nobody else. Undefined for every other path.
 */
export function createRenewalFiles({ site, names, sessions, renewal, catalogue }: RenewalFilesOptions) {
  const script = bare(readFileSync(source, 'utf8'));

  async function notice(
    request: IncomingMessage,
    place: Exclude<Place, { kind: 'elsewhere' }>,
  ): Promise<Reply> {
    const credential = readCredential(request, names, 'session');
    const session = credential && (await sessions.find(credential.token, place.origin));
    if (session === undefined) throw new GatewayError('sign-in-required');
    const language = languageOf(request);
    const left = renewal.remaining(session);
    const texts = catalogue.texts(language, ['pages', 'portal']);
    const of = (key: CatalogueKey): string => texts[key] ?? '';
    const body: RenewalNotice = {
      ...(left === undefined ? {} : { remaining: left.remaining, notice: left.notice }),
      renew: `${site.origin}${prefix}renew?session=${markOf(session)}`,
      language,
      texts: {
        ends: of(left?.closes === true ? 'pages.renewal.closes' : 'pages.renewal.ends'),
        ended: of('pages.renewal.over'),
        act: of('pages.renewal.act'),
        later: of('pages.renewal.later'),
        renewed: of('portal.renew.until'),
        label: catalogue.text(language, 'pages.renewal.label', { site: site.name }),
      },
    };
    return {
      status: 200,
      headers: { ...apiHeaders, 'Content-Type': 'application/json', Vary: 'Accept-Language, Cookie' },
      body: JSON.stringify(body),
    };
  }

  return async (request: IncomingMessage, path: string, place: Place): Promise<Reply | undefined> => {
    if (place.kind === 'elsewhere' || (path !== 'renewal.js' && path !== 'renewal.json')) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new GatewayError('method-not-allowed');
    if (path === 'renewal.json') return notice(request, place);
    return {
      status: 200,
      headers: {
        'Content-Type': 'text/javascript; charset=utf-8',
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'same-origin',
        // A new version of the gateway shall not talk to an old script for long.
        'Cache-Control': 'public, max-age=300',
      },
      body: script,
    };
  };
}

/** Without comments and indentation: it loads with every page of an application. */
const bare = (code: string): string =>
  code
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/^\s+/gm, '');
