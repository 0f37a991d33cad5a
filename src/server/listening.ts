import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { GatewayError } from '../errors.ts';
import type { Certificate } from './http-listener.ts';

/** Resolves when `server` listens. Rejects with `address-unusable`, which names the address and why. */
export function listen(
  server: Server | TlsServer,
  { host, port }: { host: string; port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const params = { address: `${host}:${port}`, reason: reasons[cause.code ?? ''] ?? cause.message };
      reject(new GatewayError('address-unusable', { params, cause }));
    });
    server.listen(port, host, resolve);
  });
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'address in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'no such address on this machine',
  ENOTFOUND: 'unknown host name',
};

/** Reads and tries the certificate and its key. Throws `certificate-unusable`; then nothing has changed. */
export function readCertificate(files: { readonly cert: string; readonly key: string }): Certificate {
  try {
    const certificate = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    createSecureContext(certificate);
    return certificate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new GatewayError('certificate-unusable', { params: { reason }, cause });
  }
}
