import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import { createNetworkTest } from '../access/index.ts';
import type { Audit, Log, Metrics } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { admitConnections } from './admit-connections.ts';
import { CertificateSet } from './certificate-set.ts';
import { type Certificate, readCertificates } from './certificates.ts';
import { createHttpListener, type Destinations } from './http-listener.ts';
import { listen } from './listening.ts';
import { createRedirectListener } from './redirect-listener.ts';
import type { Origins } from './site.ts';
import { watchCertificates } from './watch-certificates.ts';

export type PublicListenersOptions = {
  readonly config: Config['listen'];
  /** From `prepareCertificates`; undefined for plain HTTP. */
  readonly certificates: CertificateSet | undefined;
  readonly to: Destinations;
  readonly origins: Pick<Origins, 'originNamed'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly metrics: Metrics;
};

/** Reads every certificate. Throws `certificate-unusable`; nothing is opened yet. */
export function prepareCertificates(config: Config['listen']): CertificateSet | undefined {
  const [first, ...more] = config.tls === undefined ? [] : readCertificates(config.tls);
  return first && new CertificateSet([first, ...more]);
}

/** Where people arrive: HTTP or HTTPS, and the port that sends them on to HTTPS. */
export class PublicListeners {
  readonly #options: PublicListenersOptions;
  readonly #main: Server | TlsServer;
  readonly #redirect: Server | undefined;
  readonly #endArrivals: (() => void)[] = [];
  /** Of the servers that take no new connections: when their last one has ended. */
  readonly #closed: Promise<void>[] = [];
  #introduces: (address: string) => boolean;
  #certificates: CertificateSet | undefined;
  #stopWatch: (() => void) | undefined;

  constructor(options: PublicListenersOptions) {
    const { config, to, clock, origins, certificates } = options;
    this.#options = options;
    this.#certificates = certificates;
    this.#introduces = createNetworkTest(config.proxyProtocol?.from ?? []);
    // Whoever connects gets what is shown at that moment, also after a reload.
    const contextFor = (host: string) => this.#certificates?.contextFor(host);
    const standard = certificates?.standard.options;
    this.#main = createHttpListener(to, clock, standard && { standard, contextFor });
    this.#admit(this.#main, certificates !== undefined);
    if (config.redirectFrom !== undefined) {
      this.#redirect = createRedirectListener(origins);
      this.#admit(this.#redirect, false);
    }
    this.#watch();
  }

  /** Rejects with `address-unusable`. */
  async listen(): Promise<void> {
    const { config, log } = this.#options;
    if (this.#redirect !== undefined && config.redirectFrom !== undefined) {
      await listen(this.#redirect, { host: config.host, port: config.redirectFrom }, log);
    }
    await listen(this.#main, config, log);
  }

  /**
   * Takes over changed certificates and load balancers, for new connections. `certificates`: from `prepareCertificates`.
   * Whether TLS or the PROXY protocol is spoken at all can't change while the port is open.
   */
  reload(next: Config['listen'], certificates: CertificateSet | undefined): void {
    if (next.proxyProtocol !== undefined) this.#introduces = createNetworkTest(next.proxyProtocol.from);
    if (certificates === undefined || this.#certificates === undefined) return;
    this.#stopWatch?.();
    this.#certificates = certificates;
    this.#show(certificates.standard);
    this.#watch();
  }

  /**
   * Accepts nobody any more; whoever is connected stays. (Node's own `close` of HTTP servers ends idle connections at
   * once.) Waits for a turn of the event loop in which nobody came, at most a hundred: the kernel answers for us before
   * we accept, and resets whoever still waits when the port closes, with a request that is perhaps already sent.
   */
  async refuseNew(): Promise<void> {
    for (const server of [this.#main, this.#redirect]) {
      if (!server?.listening) continue;
      await quietTurn(server);
      this.#closePort(server);
    }
  }

  /** Accepts nobody any more, from this moment on, and ends idle connections too. Resolves when the last one has ended. */
  async stop(): Promise<void> {
    this.#stopWatch?.();
    for (const server of [this.#main, this.#redirect]) {
      if (server === undefined) continue;
      this.#closePort(server);
      server.close(() => {});
    }
    await Promise.all(this.#closed);
  }

  /** Ends what is still open. */
  destroy(): void {
    for (const end of this.#endArrivals) end();
    this.#main.closeAllConnections();
    this.#redirect?.closeAllConnections();
  }

  #closePort(server: Server | TlsServer): void {
    if (!server.listening) return;
    this.#closed.push(new Promise((done) => NetServer.prototype.close.call(server, () => done())));
  }

  #admit(server: Server | TlsServer, secure: boolean): void {
    const { clock, audit, config } = this.#options;
    const isIntroduced = config.proxyProtocol !== undefined;
    // A plain connection says who it is with its first request, which the server itself waits for.
    if (!isIntroduced && !secure) return;
    const endArrivals = admitConnections(server, {
      clock,
      secure,
      ...(isIntroduced ? { introduces: (address) => this.#introduces(address) } : {}),
      refused: (reason, address) => audit.record({ type: 'request.suspicious', reason, origin: { address } }),
    });
    this.#endArrivals.push(endArrivals);
  }

  #watch(): void {
    const { clock, audit, log, metrics } = this.#options;
    const set = this.#certificates;
    if (set === undefined) return;
    const renewStandard = (certificate: Certificate): void => this.#show(certificate);
    this.#stopWatch = watchCertificates(set, { clock, audit, log, metrics, renewStandard });
  }

  #show(standard: Certificate): void {
    (this.#main as TlsServer).setSecureContext(standard.options);
  }
}

async function quietTurn(server: NetServer): Promise<void> {
  let arrivals = 0;
  const count = (): void => {
    arrivals += 1;
  };
  server.on('connection', count);
  let seen = -1;
  // The first turn may have looked for arrivals before this was called.
  for (let turn = 0; turn < 2 || (turn < 100 && arrivals !== seen); turn++) {
    seen = arrivals;
    await new Promise<void>((next) => setImmediate(next));
  }
  server.off('connection', count);
}
