import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admin } from '../admin/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { PortalOptions } from '../portal/index.ts';
import { PublicListeners, prepareCertificates } from './public-listeners.ts';
import type { Rooms } from './rooms.ts';
import { strictTransport } from './strict-transport.ts';

export type ConsoleOptions = {
  readonly config: Config;
  readonly rooms: Pick<Rooms, 'audit' | 'metrics' | 'log'>;
  /** What answers there; asked for when somebody comes. */
  readonly admin: () => Promise<Admin>;
  readonly clock: Clock;
  readonly log: PortalOptions['log'];
  /** Told with each answer. */
  readonly answering: (request: IncomingMessage, response: ServerResponse) => void;
};

/**
 * Where administrators arrive; its certificates are read, nothing is opened yet. What answers there is loaded with the
 * first request: most gateways of a site never see one.
 */
export function createConsole(options: ConsoleOptions): PublicListeners {
  const { config, rooms, clock, log, answering } = options;
  const { publicUrl: origin, host, port, tls } = config.console;
  const { tls: _tls, redirectFrom: _redirect, proxyProtocol: _introduced, ...plain } = config.listen;
  const listen: Config['listen'] = { ...plain, host, port, ...(tls === undefined ? {} : { tls }) };
  const hsts = strictTransport({ listen, publicUrl: origin });
  let loading: Promise<Admin> | undefined;
  const withAdmin = (work: (admin: Admin) => void, failed: () => void): void => {
    loading ??= options.admin();
    loading.then(work).catch((error: unknown) => {
      loading = undefined;
      log.error({ error }, 'the console could not answer');
      failed();
    });
  };
  return new PublicListeners({
    config: listen,
    certificates: prepareCertificates(listen),
    origins: { originNamed: () => origin },
    clock,
    log: rooms.log,
    audit: rooms.audit,
    metrics: rooms.metrics,
    to: {
      isOwn: () => true,
      own(request, response) {
        answering(request, response);
        if (hsts !== undefined) response.setHeader('Strict-Transport-Security', hsts);
        withAdmin(
          (admin) => admin.handle(request, response),
          () => response.destroy(),
        );
      },
      request: (request) => request.destroy(),
      upgrade(request, socket, head) {
        withAdmin(
          (admin) => admin.upgrade(request, socket, head),
          () => socket.destroy(),
        );
      },
    },
  });
}
