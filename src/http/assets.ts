import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Middleware } from 'koa';
import { assetHeaders } from './page-headers.ts';
import { prefix } from './prefix.ts';

/** The URL path under which the built browser files are served. */
export const assetBase = `${prefix}assets/`;

type Asset = {
  readonly type: string;
  readonly br?: Buffer;
  /** Of those that have it, the plain file is made from this: no browser asks for it. */
  readonly gzip?: Buffer;
  readonly plain?: Buffer;
};

/** Built files by their path below `dist/web/`, all in memory. */
export type AssetFiles = ReadonlyMap<string, Asset>;

/** A build of the browser apps: the files to serve, and Vite's manifest of them, not checked yet. */
export type Build = { readonly files: AssetFiles; readonly manifest: unknown };

/** Reads a build of the browser apps (`dist/web/`). Throws when there is none. */
export function readBuild(folder: string): Build {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'));
  return { files: readAssets(folder), manifest };
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Reads the files that a build left in `folder`, with the `.br` and `.gz` beside them; what begins with a dot or
 * has an unknown type stays out. Read once: a later build in the same place neither breaks nor mixes with pages
 * that are already out.
 */
export function readAssets(folder: string): AssetFiles {
  const files = new Map<string, Asset>();
  for (const path of listFiles(folder)) {
    const type = types[extname(path)];
    const name = relative(folder, path).split(sep).join('/');
    if (type === undefined || name.split('/').some((part) => part.startsWith('.'))) continue;
    const br = readIfThere(`${path}.br`);
    const gzip = readIfThere(`${path}.gz`);
    files.set(name, {
      type,
      ...(br === undefined ? {} : { br }),
      ...(gzip === undefined ? { plain: readFileSync(path) } : { gzip }),
    });
  }
  return files;
}

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

const plainOf = ({ plain, gzip }: Asset): Buffer =>
  plain ?? (gzip === undefined ? Buffer.alloc(0) : gunzipSync(gzip));

/** Serves them to GET and HEAD, in the best encoding that both sides have. */
export function serveAssets(files: AssetFiles): Middleware {
  return async (context, next) => {
    if (!context.path.startsWith(assetBase) || !['GET', 'HEAD'].includes(context.method)) return next();
    const asset = files.get(context.path.slice(assetBase.length));
    if (asset === undefined) return next();
    // Browsers weigh all encodings alike, so the smaller one is ours to choose.
    const encoding = (['br', 'gzip'] as const).find(
      (each) => asset[each] !== undefined && context.acceptsEncodings(each) === each,
    );
    context.body = encoding === undefined ? plainOf(asset) : asset[encoding];
    context.set(assetHeaders as Record<string, string>);
    context.set('Content-Type', asset.type);
    context.vary('Accept-Encoding');
    if (encoding !== undefined) context.set('Content-Encoding', encoding);
  };
}
