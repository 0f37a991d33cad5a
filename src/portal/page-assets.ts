import { z } from 'zod';
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

const chunk = z.object({
  file: z.string(),
  imports: z.array(z.string()).default([]),
  css: z.array(z.string()).default([]),
});
const manifestSchema = z.record(z.string(), chunk);
type Manifest = z.infer<typeof manifestSchema>;

const entry = 'src/web/portal/main.tsx';
const pageModule = (page: PortalPage): string => `src/web/portal/pages/${page}-page.tsx`;
const pages: readonly PortalPage[] = [
  'sign-in',
  'owner',
  'recover',
  'account',
  'launcher',
  'renew',
  'sign-out',
];

/** The chunk and all it imports statically, itself first. */
function reach(manifest: Manifest, key: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(key)) return seen;
  const found = manifest[key];
  if (found === undefined) throw new Error(`The build of the pages lacks ${key}. Run npm run build:web.`);
  seen.add(key);
  for (const imported of found.imports) reach(manifest, imported, seen);
  return seen;
}

/**
 * Reads Vite's manifest (`dist/web/.vite/manifest.json`, parsed). `base` is the URL path under which
 * `dist/web/` is served, with its last slash. Throws when the manifest lacks a page.
 */
export function portalAssets(manifest: unknown, base: string): PortalAssets {
  const chunks = manifestSchema.parse(manifest);
  const filesOf = (keys: Iterable<string>, pick: (key: string) => readonly string[]): string[] => [
    ...new Set([...keys].flatMap(pick).map((file) => base + file)),
  ];
  const assetsOf = (page: PortalPage): PageAssets => {
    const keys = reach(chunks, pageModule(page), reach(chunks, entry));
    const script = base + (chunks[entry]?.file ?? '');
    return Object.freeze({
      script,
      styles: filesOf(keys, (key) => chunks[key]?.css ?? []),
      preloads: filesOf(keys, (key) => [chunks[key]?.file ?? '']).filter((file) => file !== script),
    });
  };
  return Object.freeze(Object.fromEntries(pages.map((page) => [page, assetsOf(page)]))) as PortalAssets;
}
