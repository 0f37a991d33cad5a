import { statSync } from 'node:fs';
import type { Audit, Log, Metrics } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { CertificateFiles } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { expiresSoon } from './certificate-doubts.ts';
import type { CertificateSet } from './certificate-set.ts';
import { type Certificate, readCertificate } from './certificates.ts';

/** Milliseconds. Polled, since watching a file misses renames on some systems, and a renewal can wait. */
const interval = 10_000;
const day = 86_400_000;

export type WatchParts = {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly log: Pick<Log, 'warn'>;
  readonly metrics: Pick<Metrics, 'certificateExpires' | 'certificateRenewal'>;
  /** The certificate that stands in for every other was renewed. */
  renewStandard(certificate: Certificate): void;
};

/** One certificate as it is watched. */
type Watched = { certificate: Certificate; seen: string; warnedAt: number };

/**
 * Takes over renewed certificates within ten seconds. One that is broken, or whose key has not been replaced yet, is
 * left alone and told about, once per change. Says once a day which of them end within two weeks. Returns how to stop.
 */
export function watchCertificates(set: CertificateSet, parts: WatchParts): () => void {
  const { clock, audit, log, metrics, renewStandard } = parts;
  const watched = set.list.map((certificate): Watched => {
    metrics.certificateExpires(certificate.file, certificate.expiresAt / 1000);
    metrics.certificateRenewal(certificate.file, true);
    return { certificate, seen: stampOf(certificate.files), warnedAt: Number.NEGATIVE_INFINITY };
  });
  const look = (): void => {
    for (const each of watched) {
      renew(each);
      warn(each);
    }
  };
  for (const each of watched) warn(each);
  const timer = clock.every(interval, look);
  return () => {
    timer.cancel();
    for (const { certificate } of watched) metrics.certificateExpires(certificate.file, undefined);
  };

  function renew(each: Watched): void {
    const { certificate, seen } = each;
    const { file, files } = certificate;
    const now = stampOf(files);
    if (now === seen) return;
    each.seen = now;
    try {
      const renewed = readCertificate(files);
      const wasStandard = set.standard === certificate;
      set.replace(certificate, renewed);
      if (wasStandard) renewStandard(renewed);
      each.certificate = renewed;
      each.warnedAt = Number.NEGATIVE_INFINITY;
      metrics.certificateExpires(file, renewed.expiresAt / 1000);
      metrics.certificateRenewal(file, true);
      audit.record({ type: 'certificate.renewed', certificate: file, expiresAt: renewed.expiresAt });
    } catch (error) {
      metrics.certificateRenewal(file, false);
      log.warn({ error, certificate: file }, 'a changed certificate cannot be used, the one before stays');
      audit.record({ type: 'certificate.unusable', certificate: file, reason: reasonOf(error) });
    }
  }

  function warn(each: Watched): void {
    const { file, expiresAt } = each.certificate;
    const now = clock.now();
    if (expiresAt - now > expiresSoon || now - each.warnedAt < day) return;
    each.warnedAt = now;
    const ends = new Date(expiresAt).toISOString();
    log.warn({ certificate: file, ends }, 'a certificate ends soon, or has ended');
    audit.record({ type: 'certificate.expiring', certificate: file, expiresAt });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof GatewayError) return String(error.params.reason ?? error.code);
  return error instanceof Error ? error.message : 'unreadable';
}

/** Changes with any of the files. Kubernetes and certbot replace the target of a link, which `stat` follows. */
const stampOf = (files: CertificateFiles): string => Object.values(files).map(stampOfFile).join(' ');

function stampOfFile(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return 'unreadable';
  }
}
