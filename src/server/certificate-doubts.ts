import { isIP } from 'node:net';
import type { Config } from '../config/index.ts';
import { type Certificate, readCertificates } from './certificates.ts';

/** What a start would accept and people would still be stopped by. Dates are Unix milliseconds. */
export type CertificateDoubt =
  | { readonly kind: 'expired' | 'expires-soon'; readonly file: string; readonly at: number }
  | { readonly kind: 'not-covered'; readonly host: string }
  /** Nobody is ever shown it: earlier ones have all of its names. */
  | { readonly kind: 'never-shown'; readonly file: string };

/** Milliseconds; as long before as the running gateway warns. */
export const expiresSoon = 14 * 86_400_000;

/**
 * Looks at the certificates with a browser's eyes: whether they are in date, and whether each host that people ask for
 * has one. Throws `certificate-unusable`.
 */
export function doubtCertificates(
  config: Pick<Config, 'listen' | 'publicUrl' | 'applications'>,
  now: number,
): readonly CertificateDoubt[] {
  const { tls } = config.listen;
  if (tls === undefined) return [];
  const certificates = readCertificates(tls);
  const origins = [config.publicUrl, ...config.applications.map(({ origin }) => origin)];
  const hosts = new Set(origins.map((origin) => new URL(origin).hostname.replace(/^\[|\]$/g, '')));
  return [
    ...certificates.flatMap(({ file, expiresAt: at }): CertificateDoubt[] => {
      if (at <= now) return [{ kind: 'expired', file, at }];
      return at - now <= expiresSoon ? [{ kind: 'expires-soon', file, at }] : [];
    }),
    ...[...hosts]
      .filter((host) => !isCovered(host, certificates))
      .map((host): CertificateDoubt => ({ kind: 'not-covered', host })),
    ...certificates.filter(isNeverShown).map(({ file }): CertificateDoubt => ({ kind: 'never-shown', file })),
  ];
}

/** Who asks for an address names no host (RFC 6066 section 3), and is shown the first certificate. */
const isCovered = (host: string, certificates: readonly Certificate[]): boolean =>
  certificates.some((certificate, index) => (index === 0 || isIP(host) === 0) && certificate.covers(host));

function isNeverShown({ names }: Certificate, index: number, all: readonly Certificate[]): boolean {
  return (
    index > 0 && names.every((name) => all.slice(0, index).some((earlier) => earlier.names.includes(name)))
  );
}
