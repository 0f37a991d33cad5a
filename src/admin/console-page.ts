import { type Catalogue, consoleAreas, type Language } from '../catalogue/index.ts';
import {
  assetBase,
  type Build,
  createPageAssets,
  escapeHtml,
  escapeJson,
  markSvg,
  type PageAssets,
  pageHead,
  pageHeaders,
  pagePolicy,
  type Reply,
} from '../http/index.ts';
import type { Random } from '../random.ts';
import type { ConsoleBoot } from './console-state.ts';
import type { Visit } from './visits.ts';

const entry = 'src/web/console/main.tsx';

/** Of other areas: the portal's words around codes, since the console asks for one too, and what settings mean. */
const sharedTexts =
  /^(?:portal\.(?:[a-z-]+|(?:code|other|time|locked|lost|sign-in)\..+)|settings\.(?:meaning|unit)\..+)$/;

type ConsoleLook = {
  readonly name?: string | undefined;
  /** An address. */
  readonly logo?: string | undefined;
  /** The whole style of a page in other colours. */
  readonly style?: string | undefined;
};

export type ConsolePagesOptions = {
  readonly catalogue: Catalogue;
  readonly random: Random;
  readonly siteName: string;
  /** What an owner chose for the site; asked for each page. What is absent is as it comes. */
  readonly look?: () => ConsoleLook;
  readonly build: Build;
  /** Where applications are: for somebody who came to the wrong place. */
  readonly portalUrl: string;
};

/** Makes the whole page of the console, and the one for somebody who administers nothing. */
export function createConsolePages(options: ConsolePagesOptions) {
  const { catalogue, random, siteName, build, portalUrl } = options;
  const look = (): ConsoleLook => options.look?.() ?? {};
  let known: PageAssets | undefined;
  /** Asked first when there is a page to show: a gateway without the console's build still lets people in. */
  const assetsOf = (): PageAssets => {
    known ??= createPageAssets(build.manifest, assetBase)(entry);
    return known;
  };
  const languages: ConsoleBoot['languages'] = [
    { tag: 'en', name: 'English' },
    { tag: 'fr', name: 'Français' },
  ];

  const texts = new Map<Language, ConsoleBoot['texts']>();
  function textsIn(language: Language): ConsoleBoot['texts'] {
    const known = texts.get(language);
    if (known !== undefined) return known;
    const shared = Object.entries(catalogue.texts(language, ['portal', 'settings'])).filter(([key]) =>
      sharedTexts.test(key),
    );
    const made = { ...catalogue.texts(language, consoleAreas()), ...Object.fromEntries(shared) };
    texts.set(language, made);
    return made;
  }

  function reply(language: Language, status: number, nonce: string, html: string): Reply {
    return {
      status,
      headers: {
        ...pageHeaders,
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Language': language,
        'Content-Security-Policy': pagePolicy(nonce),
      },
      body: html,
    };
  }

  function head(language: Language, nonce: string, more: string): string {
    const { name = siteName, style } = look();
    return pageHead({
      language,
      title: `${catalogue.text(language, 'console.title')} · ${name}`,
      styleAttributes: ` id="look" nonce="${nonce}"`,
      more,
      ...(style === undefined ? {} : { style }),
    });
  }

  return {
    page(language: Language, _visit: Visit): Reply {
      const nonce = random.bytes(16).toString('base64');
      const assets = assetsOf();
      const { name = siteName, logo } = look();
      const links = [
        ...assets.styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`),
        ...assets.preloads.map((href) => `<link rel="modulepreload" href="${escapeHtml(href)}">`),
        `<script type="module" src="${escapeHtml(assets.script)}"></script>`,
        `<noscript><style nonce="${nonce}">.waiting{display:none}</style></noscript>`,
      ].join('');
      const boot: ConsoleBoot = {
        language,
        languages,
        texts: textsIn(language),
        site: { name, helpdesk: '' },
        ...(logo === undefined ? {} : { logo }),
        portalUrl,
      };
      return reply(
        language,
        200,
        nonce,
        `${head(language, nonce, links)}<div id="root"><main class="starting"><h1>${
          logo === undefined ? markSvg : `<img class="logo" src="${escapeHtml(logo)}" alt="">`
        }<span>${escapeHtml(name)}</span></h1><noscript><p>${escapeHtml(
          catalogue.text(language, 'portal.no-script'),
        )}</p></noscript><div class="waiting" aria-hidden="true"><i></i><i></i><i></i></div></main></div><script type="application/json" id="boot">${escapeJson(boot)}</script></body></html>`,
      );
    },
    stranger(language: Language): Reply {
      const nonce = random.bytes(16).toString('base64');
      const text = escapeHtml(catalogue.problem(language, { code: 'not-administrator' }));
      return reply(
        language,
        403,
        nonce,
        `${head(language, nonce, '')}<main class="card"><h1>${escapeHtml(look().name ?? siteName)}</h1><p>${text}</p><p><a href="/.sallyport/sign-out">${escapeHtml(catalogue.text(language, 'console.sign-out'))}</a></p></main></body></html>`,
      );
    },
  };
}
