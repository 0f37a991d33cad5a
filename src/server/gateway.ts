import type { ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import {
  cookieNames,
  type GatedApplication,
  GateKeeper,
  HandOffs,
  KeepSessions,
  OwnSessions,
  ReplicaQuestions,
} from '../access/index.ts';
import { watchBypassCodes, watchExemptions } from '../accounts/index.ts';
import { createLog, endOldEntries, type Log } from '../audit/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { type Build, readBuild } from '../http/index.ts';
import { createPortal, type PortalOptions, portalPages } from '../portal/index.ts';
import { createProxy, type ReverseProxy } from '../proxy/index.ts';
import { type Random, systemRandom } from '../random.ts';
import { createLogonListener, logonCheckCall } from '../rdp/index.ts';
import { claimsToBeOurs } from '../sessions/index.ts';
import { applicationsOf, demoApplication } from './applications.ts';
import { createAddressOf } from './client-address.ts';
import { createConsole } from './console.ts';
import { type DemoApplication, startDemoApplication } from './demo-application.ts';
import { listen } from './listening.ts';
import { LiveServers } from './live-servers.ts';
import { LiveTunnelCounts } from './live-tunnel-counts.ts';
import { LiveTunnels } from './live-tunnels.ts';
import { createLook } from './look.ts';
import { createManagement } from './management.ts';
import { OwnAnswers } from './own-answers.ts';
import { PublicListeners, prepareCertificates } from './public-listeners.ts';
import { createRemoteDesktops } from './remote-desktops.ts';
import { openRooms, type Rooms } from './rooms.ts';
import { createOrigins } from './site.ts';
import { SiteApplications } from './site-applications.ts';
import { strictTransport } from './strict-transport.ts';
import { watchClock } from './watch-clock.ts';
import { watchDirectories } from './watch-directories.ts';
import { watchDirectoryHealth } from './watch-directory-health.ts';

export type GatewayOptions = {
  readonly config: Config;
  readonly version: string;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  /** Default: the build in `dist/web`. */
  readonly pages?: Build;
};

/** A running gateway. */
export type Gateway = {
  readonly rooms: Rooms;
  readonly gate: GateKeeper;
  readonly proxy: ReverseProxy;
  /** Those of all replicas. */
  readonly liveTunnels: LiveTunnels;
  /** Where a newcomer makes the first owner; undefined once there is one. A secret, for the person at the console. */
  readonly ownerLink: string | undefined;
  /**
   * Takes over changed applications, certificates and trusted networks, and closes only the tunnels they concern. Throws
   * `certificate-unusable` or `authority-unusable`; then everything stays as it was.
   */
  reload(config: Config): void;
  /**
   * No new sessions; requests finish, and tunnels get `grace` milliseconds. Resolves when everything is closed. `drain`
   * milliseconds before, it still serves whatever comes, and `/readyz` asks load balancers to send nothing more.
   */
  close(grace: number, drain?: number): Promise<void>;
};

/** Milliseconds between two looks at the clock that the licence goes by. */
const licenceInterval = 600_000;
const ownPrefix = '/.sallyport';
/**
 * Milliseconds between the last new connection and the end of idle ones: a load balancer that only learns from refused
 * connections learns it meanwhile, and sends nothing on one that is about to end (decision 17).
 */
const lingering = 1_000;
const builtPages = resolve(import.meta.dirname, '../../dist/web');

/** Starts the whole program, from the store up to the listeners. Read it from top to bottom to have seen it all. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { version, clock = systemClock, random = systemRandom } = options;
  let config = options.config;
  const log = options.log ?? createLog({ level: config.log.level });

  // What is read from files comes first: without it, nothing is opened that would have to be closed again.
  const certificates = prepareCertificates(config.listen);
  const build = options.pages ?? readBuild(builtPages);
  const pages = portalPages(build);
  // Thrown now, before anything is open, if they name files that can't be read.
  applicationsOf(config);

  // The rooms below, and who may pass.
  const rooms = await openRooms({
    config,
    clock,
    random,
    log,
    origin: () => config.publicUrl,
    auditToStandardOutput: true,
  });
  const { store, settings, sessions, tokens, audit, metrics, questions, catalogue } = rooms;
  const demo: DemoApplication | undefined = config.demo
    ? await startDemoApplication(catalogue, clock)
    : undefined;
  const demoRoute = demo && demoApplication(config.publicUrl, demo.url, catalogue.text('en', 'demo.title'));
  const { storedApplications, directorySet } = rooms;
  const applications = new SiteApplications({ config, stored: storedApplications, demo: demoRoute, log });

  const origins = createOrigins(() => applications.origins);
  const hsts = strictTransport(config);
  const addressOf = createAddressOf(() => config.trustedProxies);
  const names = cookieNames(origins.schemeOf() === 'https');
  // What only the others know. The embedded store has no others.
  const asked = new ReplicaQuestions({ store, clock, random });
  const replicas = config.redis && asked;
  // Commands ask too, whatever the store is.
  const answering = replicas ?? { ask: async () => false, answer: asked.answer.bind(asked) };
  const gate = new GateKeeper({
    store,
    sessions,
    tokens,
    settings,
    clock,
    audit,
    metrics,
    questions,
    sessionCookie: names.session,
    originOf: origins.originOf,
    subscriptionAt: (host) => rooms.hostSubscriptions.at(host),
    findApplication: (name): GatedApplication | undefined => applications.find(name),
    addressOf,
    closeWhenStoreLostFor: config.closeWhenStoreLostFor * 1000,
    ...(replicas === undefined ? {} : { replicas }),
  });
  gate.start();
  asked.start();
  const subscriptionIds = (): readonly string[] => rooms.subscriptions.all().map(({ id }) => id);
  const keepSessions = new KeepSessions({
    store,
    sessions,
    settings,
    questions,
    clock,
    subscriptions: subscriptionIds,
  });
  keepSessions.start();
  rooms.subscriptions.onChange(() => {
    gate.usersChanged();
    keepSessions.usersChanged();
  });
  const stopDirectories = watchDirectories(directorySet, rooms, gate, clock);
  const licenceClock = clock.every(licenceInterval, () => void rooms.licence.tick().catch(() => {}));
  const stopExemptions = watchExemptions({ store, list: rooms.administration.list, clock });
  await rooms.attention.start();
  const stopDirectoryHealth = watchDirectoryHealth(directorySet, rooms, clock);
  const stopOldEntries = endOldEntries({
    store: rooms.database,
    retention: rooms.auditRetention,
    clock,
    log,
  });
  const stopBypassCodes = watchBypassCodes({ ...rooms.administration, store, clock });
  metrics.watchSessions(() => gate.counts());

  const desktops = createRemoteDesktops({ rooms, config: () => config, clock });
  // What people see before and around their sessions.
  const portalOptions: PortalOptions = {
    site: { name: config.serverName, origin: config.publicUrl },
    version,
    applications: () => applications.current,
    catalogue,
    settings,
    clock,
    random,
    signIn: rooms.signIn,
    account: rooms.accountChanges,
    renewals: rooms.renewals,
    owner: rooms.ownerSetup,
    sessions: new OwnSessions({ sessions, gate }),
    handOffs: new HandOffs({ store, sessions, tokens, clock, random }),
    desktops: desktops.cards,
    described: [logonCheckCall],
    subscriptions: rooms.hostSubscriptions,
    look: createLook(rooms.brandings),
    assertionKeys: () => tokens.assertionKeys(),
    addressOf,
    hostOf: origins.hostOf,
    assets: pages,
    log,
    audit,
  };
  const portal = createPortal(portalOptions);

  // What application servers ask that people log on to by themselves.
  const logons = createLogonListener({
    checks: desktops.checks,
    tokens: rooms.apiTokens,
    catalogue,
    clock,
    audit,
    addressOf,
    log,
  });

  // What carries the sessions themselves.
  const proxy = createProxy({
    applications: applications.current,
    gate,
    clock,
    random,
    audit,
    metrics: {
      tunnelOpened: (application) => metrics.application(application).tunnelOpened(),
      tunnelClosed: (application, seconds) => metrics.application(application).tunnelClosed(seconds),
      bytes(kind, application, received, sent) {
        const measured = metrics.application(application);
        if (kind === 'request') measured.requestBytes(received, sent);
        else measured.tunnelBytes(received, sent);
      },
      upstream: (application, result, seconds) => metrics.application(application).upstream(result, seconds),
      serverUp: (application, server, up) => metrics.application(application).serverUp(server, up),
    },
    addressOf,
    schemeOf: origins.schemeOf,
    hostOf: origins.hostOf,
    ownPrefix,
    cookieNames: [false, true].flatMap((secure) =>
      (['portal', 'console'] as const).flatMap((at) => Object.values(cookieNames(secure, at))),
    ),
    isOwnToken: claimsToBeOurs,
    refuse(request, response, refusal, { application, upgrade, cause }) {
      if (cause !== undefined) log.warn({ error: cause, application: application?.name }, refusal.code);
      if (hsts !== undefined) response.setHeader('Strict-Transport-Security', hsts);
      portal.refuse(request, response, refusal, { application, upgrade });
    },
    onSignOutPath(session) {
      const reference = { subscription: session.subscription, user: session.user.key, id: session.id };
      sessions
        .revoke(reference, { reason: 'sign-out', actor: session.user.key })
        .catch((error: unknown) => log.error({ error }, 'a sign-out could not be stored'));
    },
  });

  const takeOver = (): void => {
    proxy.reload(applications.current);
    gate.applicationsChanged();
  };
  const stopApplications = storedApplications.onChange(() => {
    applications.refresh();
    takeOver();
  });
  // What was stored since they were first put together.
  applications.refresh();
  takeOver();
  const liveTunnels = new LiveTunnels({ replicas: answering, random, audit, here: proxy });
  const tunnelCounts = new LiveTunnelCounts({ replicas, here: () => proxy.tunnels() });
  const liveServers = new LiveServers({ replicas: answering, random, here: proxy.servers });

  // The listeners, last: whoever connects finds everything in place.
  let started = false;
  let stopping: Promise<void> | undefined;
  /** Told with each answer, so that no connection is closed while its client is about to use it again. */
  const lastAnswer = (response: ServerResponse): void => {
    if (stopping !== undefined) response.shouldKeepAlive = false;
  };
  const answers = new OwnAnswers(clock);
  const listeners = new PublicListeners({
    config: config.listen,
    certificates,
    origins,
    clock,
    log,
    audit,
    metrics,
    to: {
      isOwn: isOwnTarget,
      own(request, response) {
        lastAnswer(response);
        if (hsts !== undefined) response.setHeader('Strict-Transport-Security', hsts);
        answers.add(request, response);
        if (logons.isOwn(request.url ?? '')) logons.handle(request, response);
        else portal.handle(request, response);
      },
      request(request, response) {
        lastAnswer(response);
        proxy.request(request, response);
      },
      upgrade: proxy.upgrade,
    },
  });
  const administration = createConsole({
    config,
    rooms,
    clock,
    log,
    async admin() {
      const { openAdmin } = await import('./open-admin.ts');
      return openAdmin({
        config: () => config,
        rooms,
        gate,
        proxy,
        liveTunnels,
        tunnelCounts,
        liveServers,
        applications,
        clock,
        random,
        version,
        portal: portalOptions,
        build,
      });
    },
    answering(request, response) {
      lastAnswer(response);
      answers.add(request, response);
    },
  });
  const management = createManagement({
    async notReady() {
      if (stopping !== undefined) return 'shutting down';
      if (!started) return 'starting';
      const health = await rooms.database.health();
      return health.ok ? undefined : `the store is unavailable: ${health.reason}`;
    },
    metrics: () => metrics.text(),
  });
  const stopClockWatch =
    config.ntp &&
    watchClock(config.ntp, {
      clock,
      audit,
      log,
      right: () => rooms.attention.over('clock-off', ''),
    });

  const close = (grace: number, drain = 0): Promise<void> => {
    stopping ??= stop(grace, drain);
    return stopping;
  };

  async function stop(grace: number, drain: number): Promise<void> {
    if (drain > 0) await new Promise<void>((over) => clock.after(drain, over));
    if (drain > 0) {
      await listeners.refuseNew();
      await new Promise<void>((over) => clock.after(lingering, over));
    }
    const closed = Promise.all([listeners.stop(), administration.stop()]);
    await Promise.all([proxy.close({ graceMs: grace }), answers.finished(grace)]);
    listeners.destroy();
    administration.destroy();
    await closed;
    stopClockWatch?.();
    stopDirectories();
    stopApplications();
    stopExemptions();
    licenceClock.cancel();
    stopBypassCodes();
    stopOldEntries();
    stopDirectoryHealth();
    await keepSessions.close();
    gate.close();
    asked.close();
    management.close();
    management.closeAllConnections();
    await demo?.close();
    if (started) audit.record({ type: 'gateway.stopped', version });
    await rooms.close();
  }

  try {
    await listen(management, config.management, log);
    await administration.listen();
    await listeners.listen();
    started = true;
    audit.record({ type: 'gateway.started', version });
    return { rooms, gate, proxy, liveTunnels, ownerLink: await ownerLink(rooms, config), reload, close };
  } catch (error) {
    await close(0);
    throw error;
  }

  function reload(next: Config): void {
    const renewed = prepareCertificates(next.listen);
    const { applications: replaced, remoteDesktops, directories, demo: wanted, trustedProxies } = next;
    const taken = {
      ...config,
      applications: replaced,
      remoteDesktops,
      directories,
      demo: wanted,
      trustedProxies,
    };
    applicationsOf(taken);
    rooms.reload(taken);
    applications.reload(taken);
    listeners.reload(next.listen, renewed);
    rooms.throttle.trust(next.trustedNetworks);
    config = taken;
    takeOver();
    audit.record({ type: 'gateway.reloaded', version });
  }
}

/** With or without the slash and a query; every other spelling of the prefix the proxy refuses. */
const isOwnTarget = (target: string): boolean =>
  target.startsWith(ownPrefix) &&
  (target.length === ownPrefix.length || '/?'.includes(target.charAt(ownPrefix.length)));

/** The ticket is in the fragment, so that no server, log or referrer ever has it. */
async function ownerLink({ ownerSetup }: Rooms, config: Config): Promise<string | undefined> {
  if (await ownerSetup.exists()) return undefined;
  const { ticket } = await ownerSetup.issueOwnerTicket('system');
  return `${config.publicUrl}${ownPrefix}/owner#${ticket}`;
}
