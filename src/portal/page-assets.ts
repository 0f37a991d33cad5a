import type { PortalPage } from './page-state.ts';

/** The built files one page needs at once; URL paths. */
export type PageAssets = {
  /** The one module script. */
  readonly script: string;
  readonly styles: readonly string[];
  /** Modules to fetch beside the script, so that no request waits for another. */
  readonly preloads: readonly string[];
};

export type PortalAssets = Readonly<Record<PortalPage, PageAssets>>;

/**
 * Reads Vite's manifest (`dist/web/.vite/manifest.json`, parsed). `base` is the URL path under which
 * `dist/web/` is served, with its last slash. Throws when the manifest lacks a page.
 */
export function portalAssets(_manifest: unknown, _base: string): PortalAssets {
  throw new Error('not built yet');
}
