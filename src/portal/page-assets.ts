import { type AssetFiles, assetBase, type Build, createPageAssets, type PageAssets } from '../http/index.ts';
import type { PortalPage } from './page-state.ts';

export type PortalAssets = Readonly<Record<PortalPage, PageAssets>>;

/** The files to serve, and which of them each page begins with. */
export type BuiltPages = { readonly files: AssetFiles; readonly pages: PortalAssets };

const entry = 'src/web/portal/main.tsx';
const pageModule = (page: PortalPage): string => `src/web/portal/pages/${page}-page.tsx`;
const pages: readonly PortalPage[] = [
  'sign-in',
  'owner',
  'recover',
  'invitation',
  'account',
  'launcher',
  'renew',
  'sign-out',
];

/** What the portal's pages need of Vite's manifest. Throws when it lacks a page. */
export function portalAssets(manifest: unknown, base: string): PortalAssets {
  const assetsOf = createPageAssets(manifest, base);
  return Object.freeze(
    Object.fromEntries(pages.map((page) => [page, assetsOf(entry, pageModule(page))])),
  ) as PortalAssets;
}

/** The portal's part of a build. Throws when it lacks a page. */
export const portalPages = ({ files, manifest }: Build): BuiltPages => ({
  files,
  pages: portalAssets(manifest, assetBase),
});
