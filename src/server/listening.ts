import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Log } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';

/**
 * Resolves when `server` listens. Rejects with `address-unusable`, which names the address and why. What goes wrong
 * afterwards (a connection that can't be accepted) is logged: unheard, it would end the process.
 */
export function listen(
  server: Server | TlsServer,
  { host, port }: { host: string; port: number },
  log: Pick<Log, 'error'>,
): Promise<void> {
  const address = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const reason = reasons[cause.code ?? ''] ?? cause.message;
      reject(new GatewayError('address-unusable', { params: { address, reason }, cause }));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      server.on('error', (error) => log.error({ error, address }, 'a listener failed'));
      resolve();
    });
  });
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'address in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'no such address on this machine',
  ENOTFOUND: 'unknown host name',
};
