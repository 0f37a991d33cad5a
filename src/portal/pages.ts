import type { Catalogue, Language } from '../catalogue/index.ts';
import { pageHeaders, type Reply } from '../http/index.ts';
import type { Random } from '../random.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { PortalLook, PortalSubscriptions } from './contracts.ts';
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
  readonly subscriptions?: PortalSubscriptions | undefined;
  readonly look?: PortalLook | undefined;
};

/** Whose name and helpdesk contact pages show while nobody knows better. */
const unknown = 'default';

/** Makes whole pages: markup, policy and headers. */
export function createPages({
  catalogue,
  settings,
  site,
  random,
  assets,
  subscriptions,
  look,
}: PagesOptions) {
  const brandingOf = (subscription: string) => {
    const { name, logo, style } = look?.of(subscription) ?? {};
    return { name: name ?? subscriptions?.nameOf(subscription) ?? site.name, logo, style };
  };
  const helpdeskOf = (subscription: string): string => settings.current(subscription).helpdesk;
  const html = (language: Language) => ({
    ...pageHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': language,
  });

  return {
    /** A page that the browser app draws from `state`, for users of one subscription. */
    shell<Page extends PortalPage>(
      page: Page,
      language: Language,
      state: PageStates[Page],
      subscription = unknown,
    ): Reply {
      const rendered = renderShell({
        page,
        language,
        nonce: random.bytes(16).toString('base64'),
        texts: catalogue.texts(language, ['portal']),
        state,
        assets: assets[page],
        branding: brandingOf(subscription),
        helpdesk: helpdeskOf(subscription),
      });
      return {
        status: 200,
        headers: { ...html(language), 'Content-Security-Policy': rendered.csp },
        body: rendered.html,
      };
    },
    /** A page without script. `status` where one kind serves several. */
    plain(kind: PlainPageKind, language: Language, params: PlainPageParams = {}, status?: number): Reply {
      const subscription = subscriptions?.ofPlace(params.returnTo) ?? unknown;
      const rendered = renderPlainPage({
        kind,
        language,
        text: (key, values) => catalogue.text(language, key, values),
        params,
        helpdesk: helpdeskOf(subscription),
        branding: brandingOf(subscription),
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
