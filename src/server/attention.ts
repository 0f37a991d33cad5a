import type { Roles } from '../access/index.ts';
import type { DirectoryUser, FactorDocuments } from '../accounts/index.ts';
import {
  type EnabledList,
  type KnownUsers,
  type LocalUsers,
  localDirectory,
  type Subscriptions,
  subscriptionOf,
} from '../accounts/index.ts';
import {
  AlertReceivers,
  Alerts,
  type ConcernView,
  countPeople,
  LiveSessions,
  Observer,
  type People,
  PeopleCounts,
  StandingConcerns,
  Statistics,
  standsOut,
} from '../attention/index.ts';
import type { Audit, AuditEvent, Log } from '../audit/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { Delivery } from '../delivery/index.ts';
import type { Random } from '../random.ts';
import type { SettingsService } from '../settings/index.ts';
import type { Page, Sealer, Store } from '../storage/index.ts';
import { readCertificates } from './certificates.ts';

export type AttentionParts = {
  readonly config: () => Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly store: Store;
  readonly sealer: Sealer;
  readonly audit: Audit;
  readonly catalogue: Catalogue;
  readonly delivery: Delivery;
  readonly settings: SettingsService;
  readonly roles: Roles;
  readonly users: LocalUsers;
  readonly known: KnownUsers;
  readonly list: EnabledList;
  readonly factors: FactorDocuments;
  readonly subscriptions: Pick<Subscriptions, 'all'>;
  /** Names of the directories in force, the local one among them. */
  readonly directories: () => readonly string[];
  /** Where a local user belongs. */
  readonly place: (user: DirectoryUser) => DirectoryUser | Promise<DirectoryUser>;
  /** What the store said of its own lasting. */
  readonly storeDoubt: () => string | undefined;
};

/** What the home page and the alerts are made of. */
export type Attention = {
  readonly statistics: Statistics;
  readonly liveSessions: LiveSessions;
  readonly people: PeopleCounts;
  readonly concerns: StandingConcerns;
  readonly receivers: AlertReceivers;
  readonly alerts: Alerts;
  /** Begins to count, to watch and to tell. A command only looks. Rejects with `store-unavailable`. */
  start(): Promise<void>;
  hear(event: AuditEvent): void;
  /** Something that no event tells of is over. */
  over(kind: ConcernView['kind'], subject: string): void;
  /** Everything that needs somebody now. Rejects with `store-unavailable`. */
  list(subscription: string): Promise<readonly ConcernView[]>;
  close(): Promise<void>;
};

const site = 'default';

export function createAttention(parts: AttentionParts): Attention {
  const { config, clock, store, settings, delivery, subscriptions, log } = parts;
  const statistics = new Statistics({ store, clock, log });
  const liveSessions = new LiveSessions({ store, clock, settings, log });
  const concerns = new StandingConcerns({ store, clock, log });
  const observer = new Observer({ store, clock, concerns, log });
  const receivers = new AlertReceivers(parts);
  const { serverName, console: administration } = config();
  const alerts = new Alerts({
    ...parts,
    receivers,
    senders: delivery,
    site: { name: serverName, consoleUrl: administration.publicUrl },
  });
  const people = new PeopleCounts({
    store,
    clock,
    log,
    count: (subscription) =>
      countPeople(peopleOf(parts), subscription, {
        now: clock.now(),
        enabled: settings.current(subscription).enabled,
      }),
  });
  let started = false;

  async function list(subscription: string): Promise<readonly ConcernView[]> {
    const [standing, counted, localOwner] = await Promise.all([
      concerns.list(subscription),
      people.latest(subscription),
      hasLocalOwner(parts.roles),
    ]);
    const apparent = standsOut({
      settings: settings.current(subscription),
      configured: {
        sms: delivery.configured(subscription, 'sms'),
        email: delivery.configured(subscription, 'email'),
      },
      people: counted,
      // The site's own; administrators of one subscription can do nothing about it.
      localOwner: subscription !== site || localOwner,
      storeDoubt: subscription === site ? parts.storeDoubt() : undefined,
      certificates: subscription === site ? certificatesOf(config()) : [],
      now: clock.now(),
    });
    const since = new Map(standing.map((each) => [`${each.kind} ${each.subject}`, each.since]));
    const shown: ConcernView[] = apparent.map((each) => {
      const at = since.get(`${each.kind} ${each.subject}`);
      return at === undefined ? each : { ...each, since: at };
    });
    const told = new Set(apparent.map(({ kind, subject }) => `${kind} ${subject}`));
    const others = standing.filter(({ kind, subject }) => !told.has(`${kind} ${subject}`));
    return [...others, ...shown].sort((one, other) => Number(other.serious) - Number(one.serious));
  }

  return {
    statistics,
    liveSessions,
    people,
    concerns,
    receivers,
    alerts,
    async start() {
      concerns.listen(alerts);
      await observer.start(subscriptions.all().map(({ id }) => id));
      started = true;
    },
    hear(event) {
      if (!started) return;
      statistics.hear(event);
      liveSessions.hear(event);
      observer.hear(event);
    },
    over: (kind, subject) => observer.over(site, { kind, subject }),
    list,
    async close() {
      started = false;
      await statistics.flush();
      await observer.settled();
      await concerns.close();
      await alerts.close();
    },
  };
}

async function hasLocalOwner(roles: Roles): Promise<boolean> {
  for await (const owner of roles.owners()) if (owner.startsWith(`${localDirectory}:`)) return true;
  return false;
}

/** Read anew each time: a renewal may have come in between, and nobody looks often. */
function certificatesOf({ listen, console: administration }: Config): { file: string; expiresAt: number }[] {
  const sets = [listen.tls, administration.tls].filter((tls) => tls !== undefined);
  return sets.flatMap((tls) => {
    try {
      return readCertificates(tls).map(({ file, expiresAt }) => ({ file, expiresAt }));
    } catch {
      // Told as `certificate-unusable` by whoever watches the files.
      return [];
    }
  });
}

function peopleOf(parts: AttentionParts): People {
  const { users, known, list, factors, roles, directories, subscriptions } = parts;
  return {
    async *users(subscription) {
      const alone = subscriptions.all().length === 1;
      for await (const user of pages((after) => users.list({ limit: 200, ...after }))) {
        if (alone || subscriptionOf(await parts.place(user)) === subscription) yield user;
      }
      for (const directory of directories().filter((name) => name !== localDirectory)) {
        for await (const { user } of pages((after) =>
          known.list(subscription, { directory, limit: 200, ...after }),
        )) {
          yield user;
        }
      }
    },
    entries: (subscription) => pages((after) => list.list(subscription, { limit: 200, ...after })),
    enrolments: (subscription) => factors.methods(subscription),
    async *administrators() {
      for await (const { user } of roles.everybody()) yield user;
    },
  };
}

async function* pages<Item>(read: (after: { after?: string }) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let after: string | undefined;
  do {
    const page = await read(after === undefined ? {} : { after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
