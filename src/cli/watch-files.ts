import { statSync } from 'node:fs';
import type { Clock, Timer } from '../clock.ts';

/** Milliseconds between two looks. */
const interval = 10_000;

/**
 * Calls `changed` after any of the files was replaced or rewritten. Looks at them now and then instead of being
 * told, since that works on every file system, and through the links that certificate tools renew.
 */
export function watchFiles(paths: readonly string[], clock: Clock, changed: () => void): Timer {
  let seen = stampOf(paths);
  if (paths.length === 0) return { cancel: () => {} };
  return clock.every(interval, () => {
    const found = stampOf(paths);
    if (found === seen) return;
    seen = found;
    changed();
  });
}

function stampOf(paths: readonly string[]): string {
  const stamps = paths.map((path) => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
  });
  return stamps.join(' ');
}
