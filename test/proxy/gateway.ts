import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditEvent } from '../../src/audit/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import {
  type Application,
  createProxy,
  type ProxyMetrics,
  type ProxyOptions,
  type RefusalContext,
  type ReverseProxy,
} from '../../src/proxy/index.ts';
import { systemRandom } from '../../src/random.ts';
import { createHttpListener } from '../../src/server/http-listener.ts';
import { FakeGate, type FakeSession } from './fake-gate.ts';

export type Gateway = {
  readonly proxy: ReverseProxy;
  readonly gate: FakeGate;
  /** The session of the user whose cookie is `cookie`. */
  readonly session: FakeSession;
  readonly cookie: string;
  readonly port: number;
  readonly events: AuditEvent[];
  readonly refusals: RefusalContext[];
  readonly metrics: string[];
  readonly signedOut: string[];
  /** Connections that clients have open. */
  connections(): Promise<number>;
  stop(): Promise<void>;
};

export type GatewayOptions = Partial<ProxyOptions> & { clock?: Clock; port?: number };

/** The real listener and the real proxy behind a gate that believes a name in a cookie. */
export async function startGateway(
  applications: readonly Application[],
  options: GatewayOptions = {},
): Promise<Gateway> {
  const gate = new FakeGate();
  const session = gate.add('anna');
  const clock = options.clock ?? systemClock;
  const events: AuditEvent[] = [];
  const refusals: RefusalContext[] = [];
  const signedOut: string[] = [];
  const metrics: string[] = [];
  const proxy = createProxy({
    applications,
    gate,
    clock,
    random: systemRandom,
    audit: { record: (event) => events.push(event), flush: async () => {} },
    metrics: recordingMetrics(metrics),
    ownPrefix: '/.sallyport',
    cookieNames: ['sallyport-session', 'sallyport-pending', 'sallyport-device', 'sallyport-handoff'],
    addressOf: (request) => request.socket.remoteAddress ?? '',
    schemeOf: () => 'http',
    hostOf: (request: IncomingMessage) => request.headers.host ?? '',
    isOwnToken: (token) => token.startsWith('ours.'),
    refuse(_request, response, refused, context) {
      refusals.push(context);
      const body = JSON.stringify({ code: refused.code, upgrade: context.upgrade });
      const retry = refused.retryAfter === undefined ? {} : { 'Retry-After': String(refused.retryAfter) };
      response.writeHead(refused.status, { 'Content-Type': 'application/problem+json', ...retry });
      response.end(body);
    },
    onSignOutPath: (ended) => signedOut.push(ended.id),
    ...options,
  });
  const server = createHttpListener(
    {
      isOwn: (target) => target.startsWith('/.sallyport/'),
      own: (_request, response) => response.end('own'),
      request: (request, response) => proxy.request(request, response),
      upgrade: (request, socket, head) => proxy.upgrade(request, socket, head),
    },
    clock,
  );
  server.listen(options.port ?? 0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return {
    proxy,
    gate,
    session,
    cookie: 'sallyport-session=anna',
    port: (server.address() as AddressInfo).port,
    events,
    refusals,
    metrics,
    signedOut,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async stop() {
      server.closeAllConnections();
      await Promise.all([
        proxy.close({ graceMs: 0 }),
        new Promise<void>((resolve) => server.close(() => resolve())),
      ]);
    },
  };
}

function recordingMetrics(lines: string[]): ProxyMetrics {
  return {
    tunnelOpened: (application) => lines.push(`tunnel+ ${application}`),
    tunnelClosed: (application) => lines.push(`tunnel- ${application}`),
    bytes: (kind, application, received, sent) =>
      lines.push(`bytes ${kind} ${application} ${received} ${sent}`),
    upstream: (application, result) => lines.push(`upstream ${application} ${result}`),
    serverUp: (application, server, up) => lines.push(`server ${application} ${server} ${up}`),
  };
}
