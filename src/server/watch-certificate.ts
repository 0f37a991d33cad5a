import { statSync } from 'node:fs';
import type { Log } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { type Certificate, readCertificate } from './certificates.ts';

type Files = { readonly cert: string; readonly key: string };

/** Milliseconds. Polled, since watching a file misses renames on some systems, and a renewal can wait. */
const interval = 10_000;

/**
 * Takes over a renewed certificate within ten seconds. One that is broken, or whose key has not been replaced yet,
 * is left alone with a warning, once per change. Returns how to stop.
 */
export function watchCertificate(
  files: Files,
  { clock, log, use }: { clock: Clock; log: Log; use(certificate: Certificate): void },
): () => void {
  let seen = stampOf(files);
  const timer = clock.every(interval, () => {
    const now = stampOf(files);
    if (now === seen) return;
    seen = now;
    try {
      use(readCertificate(files));
      log.info({ cert: files.cert }, 'the renewed certificate is in use');
    } catch (error) {
      log.warn({ error, cert: files.cert }, 'the changed certificate cannot be used, the one before stays');
    }
  });
  return () => timer.cancel();
}

function stampOf({ cert, key }: Files): string {
  return [cert, key]
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? 'missing' : `${stat.mtimeMs}/${stat.size}/${stat.ino}`;
    })
    .join(' ');
}
