import type { Catalogue, Language } from '../catalogue/index.ts';
import { pageHeaders, type Reply } from '../http/index.ts';
import type { Random } from '../random.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { PortalAssets } from './page-assets.ts';
import { renderShell } from './page-shell.ts';
import type { PageStates, PortalPage } from './page-state.ts';
import { type PlainPageParams, renderPlainPage } from './plain-page.ts';
import type { PlainPageKind } from './plain-pages.ts';
import type { Site } from './site.ts';

type PagesOptions = {
  readonly catalogue: Catalogue;
  readonly settings: SettingsReader;
  readonly site: Site;
  readonly random: Random;
  readonly assets: PortalAssets;
};

/** The subscription whose helpdesk contact pages name before anybody has signed in. */
const subscription = 'default';

/** Makes whole pages: markup, policy and headers. */
export function createPages({ catalogue, settings, site, random, assets }: PagesOptions) {
  const branding = { name: site.name };
  const helpdesk = (): string => settings.current(subscription).helpdesk;
  const html = (language: Language) => ({
    ...pageHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': language,
  });

  return {
    /** A page that the browser app draws from `state`. */
    shell<Page extends PortalPage>(page: Page, language: Language, state: PageStates[Page]): Reply {
      const rendered = renderShell({
        page,
        language,
        nonce: random.bytes(16).toString('base64'),
        texts: catalogue.texts(language, ['portal']),
        state,
        assets: assets[page],
        branding,
        helpdesk: helpdesk(),
      });
      return {
        status: 200,
        headers: { ...html(language), 'Content-Security-Policy': rendered.csp },
        body: rendered.html,
      };
    },
    /** A page without script. `status` where one kind serves several. */
    plain(kind: PlainPageKind, language: Language, params: PlainPageParams = {}, status?: number): Reply {
      const rendered = renderPlainPage({
        kind,
        language,
        text: (key, values) => catalogue.text(language, key, values),
        params,
        helpdesk: helpdesk(),
        branding,
        portal: site.origin,
        ...(status === undefined ? {} : { status }),
      });
      return {
        status: rendered.status,
        headers: { ...html(language), ...rendered.headers, 'Content-Security-Policy': rendered.csp },
        body: rendered.html,
      };
    },
  };
}

export type Pages = ReturnType<typeof createPages>;
