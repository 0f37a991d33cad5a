import { escapeHtml } from './page-html.ts';
import { faviconUrl } from './page-mark.ts';
import { pageStyle, palette } from './page-style.ts';

/** Nothing but our own built files, one style element, and no way to be framed or to send a form elsewhere. */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // No script of ours turns text into markup or code: whoever managed to inject text still can't.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

export type HeadInput = {
  readonly language: string;
  readonly title: string;
  /** What stands between `<style …>` and `</style>` gets these attributes. */
  readonly styleAttributes: string;
  /** Absent: our own, in our own colours. Holds no `<`. */
  readonly style?: string;
  /** Further elements, already HTML. */
  readonly more?: string;
};

/** Everything before `<body>`'s content; shared by all pages. */
export const pageHead = ({
  language,
  title,
  styleAttributes,
  style = pageStyle,
  more = '',
}: HeadInput): string =>
  `<!doctype html><html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="theme-color" media="(prefers-color-scheme:light)" content="${palette.light.page}"><meta name="theme-color" media="(prefers-color-scheme:dark)" content="${palette.dark.page}"><link rel="icon" href="${faviconUrl}"><style${styleAttributes}>${style}</style>${more}</head><body>`;
