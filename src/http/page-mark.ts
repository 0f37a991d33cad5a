import { palette } from './page-style.ts';

/**
 * The mark: two nested door frames, the inner one open. One colour (`currentColor`), drawn on a grid of 32 with
 * strokes that fall on whole pixels at 16.
 */
const strokes =
  '<path d="M3 30V3h26v27"/><path d="M9 30V10h14v20"/><path d="M9 10l7 4v16H9z" fill="currentColor" stroke-linejoin="round"/>';

/** The mark beside the site's name; decoration, since the name says it all. */
export const markSvg = `<svg class="mark" viewBox="0 0 32 32" width="32" height="32" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="square" aria-hidden="true">${strokes}</svg>`;

const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="square"><style>svg{color:${palette.light.accent}}@media(prefers-color-scheme:dark){svg{color:${palette.dark.accent}}}</style>${strokes}</svg>`;

/** For `<link rel="icon">`: needs no request and no file. */
export const faviconUrl = `data:image/svg+xml,${encodeURIComponent(favicon)}`;
