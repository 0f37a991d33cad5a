/**
 * The mark: two nested door frames, the inner one open. Strokes only, one colour (`currentColor`), drawn on a
 * grid of 32 so that it is crisp at 16 pixels.
 */
const strokes =
  '<path d="M4 29V3h24v26"/><path d="M11 29V10h11v19"/><path d="M11 10l6 3.5V29"/><path d="M1 29h30"/>';

/** The mark beside the site's name; decoration, since the name says it all. */
export const markSvg = `<svg class="mark" viewBox="0 0 32 32" width="32" height="32" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="square" aria-hidden="true">${strokes}</svg>`;

const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#0f5e63" stroke-width="2.6" stroke-linecap="square"><style>@media(prefers-color-scheme:dark){svg{stroke:#6fc3c5}}</style>${strokes}</svg>`;

/** For `<link rel="icon">`: needs no request and no file. */
export const faviconUrl = `data:image/svg+xml,${encodeURIComponent(favicon)}`;
