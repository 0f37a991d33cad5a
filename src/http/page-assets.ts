import { z } from 'zod';

/** The built files one page needs at once; URL paths. */
export type PageAssets = {
  /** The one module script. */
  readonly script: string;
  readonly styles: readonly string[];
  /** Modules to fetch beside the script, so that no request waits for another. */
  readonly preloads: readonly string[];
};

const chunk = z.object({
  file: z.string(),
  imports: z.array(z.string()).default([]),
  css: z.array(z.string()).default([]),
});
const manifestSchema = z.record(z.string(), chunk);
type Manifest = z.infer<typeof manifestSchema>;

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
 * Reads Vite's manifest (`dist/web/.vite/manifest.json`, parsed): what a page needs that begins with the script `entry`
 * and then loads `module`, if it names one. `base` is the URL path under which `dist/web/` is served, with its last
 * slash. Throws when the manifest lacks either.
 */
export function createPageAssets(manifest: unknown, base: string) {
  const chunks = manifestSchema.parse(manifest);
  const filesOf = (keys: Iterable<string>, pick: (key: string) => readonly string[]): string[] => [
    ...new Set([...keys].flatMap(pick).map((file) => base + file)),
  ];
  return (entry: string, module?: string): PageAssets => {
    const keys = reach(chunks, entry);
    if (module !== undefined) reach(chunks, module, keys);
    const script = base + (chunks[entry]?.file ?? '');
    return Object.freeze({
      script,
      styles: filesOf(keys, (key) => chunks[key]?.css ?? []),
      preloads: filesOf(keys, (key) => [chunks[key]?.file ?? '']).filter((file) => file !== script),
    });
  };
}
