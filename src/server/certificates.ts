import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { GatewayError } from '../errors.ts';

export type Certificate = { readonly cert: Buffer; readonly key: Buffer };

/** Reads and tries the certificate and its key. Throws `certificate-unusable`; then nothing has changed. */
export function readCertificate(files: { readonly cert: string; readonly key: string }): Certificate {
  try {
    const certificate = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    createSecureContext(certificate);
    return certificate;
  } catch (cause) {
    throw new GatewayError('certificate-unusable', { params: { reason: reasonOf(cause) }, cause });
  }
}

/** Reads and tries the authorities that vouch for an application server, PEM. Throws `authority-unusable`. */
export function readAuthorities(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new GatewayError('authority-unusable', { params: { file, reason: reasonOf(cause) }, cause });
  }
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'unreadable');
