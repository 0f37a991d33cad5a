import type { Catalogue, CatalogueKey, Language } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';

/**
 * By the code of a system error, the first word of an error of Redis (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors),
 * or the primary result code of SQLite (https://www.sqlite.org/rescode.html).
 */
const reasons: ReadonlyMap<unknown, CatalogueKey> = new Map<unknown, CatalogueKey>([
  ['ENOENT', 'cli.reason.missing'],
  ['EACCES', 'cli.reason.forbidden'],
  ['EPERM', 'cli.reason.forbidden'],
  ['ENOTDIR', 'cli.reason.no-folder'],
  ['EEXIST', 'cli.reason.no-folder'],
  ['EISDIR', 'cli.reason.is-folder'],
  ['ENOSPC', 'cli.reason.full'],
  ['EDQUOT', 'cli.reason.full'],
  ['EROFS', 'cli.reason.read-only'],
  ['EBUSY', 'cli.reason.busy'],
  ['EIO', 'cli.reason.disk'],
  ['ECONNREFUSED', 'cli.reason.unreachable'],
  ['ECONNRESET', 'cli.reason.unreachable'],
  ['EHOSTUNREACH', 'cli.reason.unreachable'],
  ['ENETUNREACH', 'cli.reason.unreachable'],
  ['ENOTFOUND', 'cli.reason.unreachable'],
  ['ETIMEDOUT', 'cli.reason.unreachable'],
  ['NOAUTH', 'cli.reason.credentials'],
  ['NOPERM', 'cli.reason.rights'],
  ['WRONGPASS', 'cli.reason.credentials'],
  [5, 'cli.reason.busy'],
  [6, 'cli.reason.busy'],
  [8, 'cli.reason.read-only'],
  [10, 'cli.reason.disk'],
  [11, 'cli.reason.damaged'],
  [13, 'cli.reason.full'],
  [14, 'cli.reason.cannot-open'],
  [26, 'cli.reason.no-database'],
]);

/**
 * Which file or folder can't be used and why, for whoever typed the command; undefined for any other failure. What
 * the catalogue says of a lost store is for people who sign in.
 */
export function explainUnusablePath(
  error: unknown,
  catalogue: Catalogue,
  language: Language,
): string | undefined {
  const lost = error instanceof GatewayError && error.code === 'store-unavailable';
  const root = lost ? rootOf(error) : error;
  // What the command was told to use says more than a file that it made on the way.
  const path = (lost ? error.params.path : undefined) ?? pathOf(root);
  if (!lost && path === undefined) return undefined;
  const reason = catalogue.text(language, reasons.get(codeOf(root)) ?? 'cli.reason.other');
  return path === undefined
    ? catalogue.text(language, 'cli.store-unusable', { reason })
    : catalogue.text(language, 'cli.path-unusable', { path, reason });
}

/** Runs `work` so that a failure of the store or the system in it names `path`, which neither may know. */
export async function naming<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const lost = error instanceof GatewayError && error.code === 'store-unavailable';
    if (!lost && pathOf(error) === undefined) throw error;
    throw new GatewayError('store-unavailable', { params: { path }, cause: lost ? error.cause : error });
  }
}

const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

/** Only system errors name a path; a bug does not. */
const pathOf = (error: unknown): string | undefined =>
  error instanceof Error && 'syscall' in error && 'path' in error && typeof error.path === 'string'
    ? error.path
    : undefined;

function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  if ('code' in error) return error.code;
  // What comes from Redis is told with the server before it, and keeps no more than the words.
  return error.message.match(/\b[A-Z]{4,}\b/g)?.find((word) => reasons.has(word));
}
