import type { CatalogueKey } from '../catalogue/index.ts';
import { escapeHtml, escapeJson, markSvg, type PageAssets, pageHead, pagePolicy } from '../http/index.ts';
import type { BootData, PageStates, PortalPage } from './page-state.ts';

export type Branding = {
  /** The site's name, above the card and in titles. */
  readonly name: string;
  /** Address of a picture, in place of our mark. */
  readonly logo?: string | undefined;
  /** The style in other colours than ours. */
  readonly style?: string | undefined;
};

export type ShellInput<Page extends PortalPage = PortalPage> = {
  readonly page: Page;
  readonly language: string;
  /** Fresh for each answer, base64, at least 128 random bits. */
  readonly nonce: string;
  /** Texts of `language`: the area `portal` of the catalogue. Problems come with the API's answers. */
  readonly texts: Readonly<Record<string, string>>;
  readonly state: PageStates[Page];
  readonly assets: PageAssets;
  /** Of the tab and, until the script has run, of the card; absent: the page's own, from `texts`. */
  readonly title?: string;
  readonly branding: Branding;
  /** Setting *Helpdesk contact*. */
  readonly helpdesk?: string;
  readonly languages?: BootData['languages'];
};

export type Page = {
  readonly html: string;
  /** Value of `Content-Security-Policy`. */
  readonly csp: string;
};

/** What the card says until the script has run. */
const headings = {
  'sign-in': 'portal.sign-in.title',
  owner: 'portal.owner.title',
  recover: 'portal.recover.title',
  invitation: 'portal.invitation.title',
  account: 'portal.account.title',
  launcher: 'portal.launcher.title',
  renew: 'portal.renew.title',
  'sign-out': 'portal.sign-out.ask',
} as const satisfies Record<PortalPage, CatalogueKey>;

/** Every language of the catalogue in its own words, for the switch. */
const portalLanguages: BootData['languages'] = Object.freeze([
  { tag: 'en', name: 'English' },
  { tag: 'fr', name: 'Français' },
]);

/** Texts that only some pages show; everything else is everywhere. */
const textsOfPages: Readonly<Record<string, readonly PortalPage[]>> = {
  'portal.account.': ['account', 'launcher'],
  'portal.desktop.': ['launcher'],
  'portal.owner.': ['owner', 'recover', 'invitation'],
  'portal.invitation.': ['invitation'],
  'portal.recover.': ['owner', 'recover'],
  'portal.renew.': ['renew'],
  'portal.sign-out.': ['account', 'sign-out'],
};

/** The texts that `page` can show: the reader's wait is counted in kilobytes. */
function textsFor(page: PortalPage, texts: ShellInput['texts']): ShellInput['texts'] {
  const needless = Object.entries(textsOfPages)
    .filter(([, pages]) => !pages.includes(page))
    .map(([start]) => start);
  return Object.fromEntries(
    Object.entries(texts).filter(
      ([key]) => key.startsWith('portal.') && !needless.some((start) => key.startsWith(start)),
    ),
  );
}

/** The mark and the site's name, above every card. */
export const pageHeader = (branding: Branding): string =>
  `<header class="site">${
    branding.logo === undefined ? markSvg : `<img class="logo" src="${escapeHtml(branding.logo)}" alt="">`
  }<span>${escapeHtml(branding.name)}</span></header>`;

/**
 * The HTML around the browser app: complete, safe to send with `pageHeaders`. It paints the card with its heading
 * before any script has run; without script it says what is missing.
 */
export function renderShell<P extends PortalPage>(input: ShellInput<P>): Page {
  const { page, language, nonce, texts, state, assets, branding, helpdesk = '' } = input;
  if (!/^[A-Za-z0-9+/_-]{22,}={0,2}$/.test(nonce)) throw new TypeError('nonce is not 128 bits of base64');
  const heading = input.title ?? texts[headings[page]] ?? branding.name;
  const boot: BootData = {
    page,
    language,
    languages: input.languages ?? portalLanguages,
    texts: textsFor(page, texts),
    state,
    site: { name: branding.name, helpdesk },
  };
  const links = [
    ...assets.styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`),
    ...assets.preloads.map((href) => `<link rel="modulepreload" href="${escapeHtml(href)}">`),
    `<script type="module" src="${escapeHtml(assets.script)}"></script>`,
    `<noscript><style nonce="${nonce}">.waiting{display:none}</style></noscript>`,
  ].join('');
  const line = texts['portal.helpdesk']?.replace('{{contact}}', () => helpdesk) ?? '';
  const footer = helpdesk === '' ? '' : `<footer class="below"><p>${escapeHtml(line)}</p></footer>`;
  const html = `${pageHead({
    language,
    title: `${heading} · ${branding.name}`,
    styleAttributes: ` id="look" nonce="${nonce}"`,
    ...(branding.style === undefined ? {} : { style: branding.style }),
    more: links,
  })}${pageHeader(branding)}<div id="root"><main class="card"><h1>${escapeHtml(heading)}</h1><noscript><p>${escapeHtml(
    texts['portal.no-script'] ?? '',
  )}</p></noscript><div class="waiting" aria-hidden="true"><i></i><i></i><i></i></div></main>${footer}</div><script type="application/json" id="boot">${escapeJson(
    boot,
  )}</script></body></html>`;
  return { html, csp: pagePolicy(nonce) };
}
