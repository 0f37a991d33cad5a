import type { Catalogue, Language } from '../catalogue/index.ts';
import {
  assetBase,
  type Build,
  createPageAssets,
  escapeHtml,
  escapeJson,
  type PageAssets,
  pageHead,
  pageHeaders,
  pagePolicy,
  type Reply,
} from '../http/index.ts';
import type { Random } from '../random.ts';
import type { Visit } from './visits.ts';

const entry = 'src/web/console/main.tsx';

export type ConsolePagesOptions = {
  readonly catalogue: Catalogue;
  readonly random: Random;
  readonly siteName: string;
  readonly build: Build;
  /** Where applications are: for somebody who came to the wrong place. */
  readonly portalUrl: string;
};

/** Makes the whole page of the console, and the one for somebody who administers nothing. */
export function createConsolePages({ catalogue, random, siteName, build, portalUrl }: ConsolePagesOptions) {
  let known: PageAssets | undefined;
  /** Asked first when there is a page to show: a gateway without the console's build still lets people in. */
  const assetsOf = (): PageAssets => {
    known ??= createPageAssets(build.manifest, assetBase)(entry);
    return known;
  };
  const languages = [
    { tag: 'en', name: 'English' },
    { tag: 'fr', name: 'Français' },
  ];

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

  const head = (language: Language, nonce: string, more: string): string =>
    pageHead({
      language,
      title: `${catalogue.text(language, 'console.title')} · ${siteName}`,
      styleAttributes: ` id="look" nonce="${nonce}"`,
      more,
    });

  return {
    page(language: Language, _visit: Visit): Reply {
      const nonce = random.bytes(16).toString('base64');
      const assets = assetsOf();
      const links = [
        ...assets.styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`),
        ...assets.preloads.map((href) => `<link rel="modulepreload" href="${escapeHtml(href)}">`),
        `<script type="module" src="${escapeHtml(assets.script)}"></script>`,
      ].join('');
      const boot = {
        language,
        languages,
        texts: catalogue.texts(language, ['console']),
        site: { name: siteName },
        portalUrl,
      };
      return reply(
        language,
        200,
        nonce,
        `${head(language, nonce, links)}<div id="root"></div><script type="application/json" id="boot">${escapeJson(boot)}</script></body></html>`,
      );
    },
    stranger(language: Language): Reply {
      const nonce = random.bytes(16).toString('base64');
      const text = escapeHtml(catalogue.problem(language, { code: 'not-administrator' }));
      return reply(
        language,
        403,
        nonce,
        `${head(language, nonce, '')}<main class="card"><h1>${escapeHtml(siteName)}</h1><p>${text}</p><p><a href="/.sallyport/sign-out">${escapeHtml(catalogue.text(language, 'console.sign-out'))}</a></p></main></body></html>`,
      );
    },
  };
}
