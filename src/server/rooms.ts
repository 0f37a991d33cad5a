import {
  AccountChanges,
  AccountDrafts,
  Administrators,
  ApiTokens,
  auditOf,
  Claims,
  createSignIn,
  DirectoryLockout,
  KnownDevices,
  Notices,
  OwnerSetup,
  OwnerTickets,
  PendingSignIns,
  Roles,
  SendAllowance,
  SentCodes,
  SessionRenewals,
  type SignIn,
  type SignInParts,
  Throttle,
  UserLanguages,
  type UserQuestions,
} from '../access/index.ts';
import {
  type AdministrationParts,
  defaultSubscription,
  EnabledList,
  EnabledUsers,
  FactorDocuments,
  Homes,
  KnownUsers,
  LocalGroups,
  LocalUsers,
  localDirectory,
  Obligations,
  RdpWhitelist,
  RemovedFactorsArchive,
  Subscriptions,
  subscriptionOf,
} from '../accounts/index.ts';
import {
  type Audit,
  type AuditEvent,
  AuditRetention,
  createAudit,
  createMetrics,
  type Log,
  type Metrics,
  measureStore,
} from '../audit/index.ts';
import { Brandings, TermsAcceptances } from '../branding/index.ts';
import { type Catalogue, createCatalogue } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { Delivery, parsePhoneNumber } from '../delivery/index.ts';
import {
  Directories,
  type LdapDirectory,
  LocalDirectory,
  LocalPasswords,
  PasswordHasher,
  type PlaceOf,
} from '../first-factors/index.ts';
import { Licence } from '../licence/index.ts';
import type { Random } from '../random.ts';
import {
  appFactor,
  bypassFactor,
  type OpenDestination,
  recoveryFactor,
  sentFactor,
} from '../second-factors/index.ts';
import { Sessions, SigningKeys, Tokens } from '../sessions/index.ts';
import { SettingsService, StoredApplications, StoredDirectories } from '../settings/index.ts';
import type { Installation, MaintainedStore, Sealer, Store } from '../storage/index.ts';
import { admitNewcomers } from './admit-newcomers.ts';
import { type Attention, createAttention } from './attention.ts';
import { auditCopies } from './audit-copies.ts';
import { DirectorySet } from './directory-set.ts';
import { openStore } from './open-store.ts';
import { ownAddresses } from './own-addresses.ts';
import { administratorsOf, createPlaceOf, HostSubscriptions } from './place-users.ts';

/** The subscription of an installation with one customer. */
export const subscription = defaultSubscription;

/** The rooms below the listeners, put together: what the gateway and the command line both work with. */
export type Rooms = Entrance & {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly audit: Audit;
  readonly auditRetention: AuditRetention;
  /** The store as the rooms use it, measured. */
  readonly store: Store;
  /** The same store with what its upkeep needs. */
  readonly database: MaintainedStore;
  readonly installation: Installation;
  readonly sealer: Sealer;
  readonly delivery: Delivery;
  readonly notices: Notices;
  readonly attention: Attention;
  readonly brandings: Brandings;
  readonly terms: TermsAcceptances;
  readonly catalogue: Catalogue;
  readonly settings: SettingsService;
  readonly keys: SigningKeys;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly local: LocalDirectory;
  readonly ldap: readonly LdapDirectory[];
  /** The directories in force, those of the store included. */
  readonly directorySet: DirectorySet;
  readonly storedDirectories: StoredDirectories;
  readonly storedApplications: StoredApplications;
  /** All of them as one. */
  readonly directories: Directories;
  readonly groups: LocalGroups;
  readonly roles: Roles;
  readonly apiTokens: ApiTokens;
  readonly administrators: Administrators;
  readonly throttle: Throttle;
  readonly devices: KnownDevices;
  readonly known: KnownUsers;
  readonly rdpWhitelist: RdpWhitelist;
  readonly questions: UserQuestions;
  readonly subscriptions: Subscriptions;
  readonly licence: Licence;
  readonly hostSubscriptions: HostSubscriptions;
  /** Fills in where a user belongs. */
  readonly place: PlaceOf;
  readonly homes: Homes;
  readonly administration: AdministrationParts;
  /** The same for users of one subscription: others are nobody there. */
  administrationOf(subscription: string): AdministrationParts;
  /** The same for another origin of ours: the tokens it makes are good there alone. */
  entrance(origin: string): Entrance;
  /** Takes over the directories of a changed file. Throws as `readLdapOptions`; then everything stays as it was. */
  reload(config: Config): void;
  /** Writes what is still to be written, and closes the store. */
  close(): Promise<void>;
};

/** What signs people in, and keeps them in. */
export type Entrance = {
  readonly signIn: SignIn;
  readonly ownerSetup: OwnerSetup;
  readonly accountChanges: AccountChanges;
  readonly renewals: SessionRenewals;
};

export type RoomsOptions = {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The portal's origin, for which session tokens are issued; the configured one unless told otherwise. */
  readonly origin?: () => string;
  /** Make an installation of a store that has none although it isn't new. */
  readonly initialise?: boolean;
  /** Whether audit entries may go to standard output, where the configuration wants them: results of commands stand there. */
  readonly auditToStandardOutput?: boolean;
};

/** Opens the store and everything above it, in the order of the ranks. Rejects with what `openStore` rejects with. */
export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const { config, clock, random, log } = options;
  /** As it is now. */
  let file = config;
  const { store: database, installation, sealer } = await openStore(config, options);
  try {
    const metrics = createMetrics();
    const store = measureStore(database, metrics, clock);
    const retention = await AuditRetention.open({ store, clock, log });
    const copies = auditCopies(config.audit, {
      clock,
      log,
      standardOutput: options.auditToStandardOutput ?? false,
    });
    const audit = createAudit({ store, clock, log, metrics, retention, copies });
    const storedDirectories = await StoredDirectories.open({
      store,
      sealer,
      clock,
      audit,
      log,
      file: () => file,
    });
    const storedApplications = await StoredApplications.open({
      store,
      clock,
      audit,
      log,
      file: () => file,
      addresses: ownAddresses,
    });
    const subscriptions = await Subscriptions.open({
      store,
      clock,
      audit,
      log,
      directories: () => [
        ...file.directories.map(({ name }) => name),
        ...storedDirectories.all.map(({ directory }) => directory.name),
      ],
      hosts: () =>
        [...file.applications, ...storedApplications.inForce()]
          .map(({ origin }) => new URL(origin).host)
          .filter((host) => host !== new URL(config.publicUrl).host),
    });
    const delivery = await Delivery.open({
      shares: (id, kind) => subscriptions.shares(id, kind),
      store,
      clock,
      sealer,
      report: audit,
      log,
      twilioUrl: config.delivery.twilioUrl,
      timeout: config.delivery.timeout * 1000,
    });
    const settings = await SettingsService.open({ store, clock, audit, log, serverName: config.serverName });

    const brandings = await Brandings.open({ store, clock, audit, log });
    const terms = new TermsAcceptances({ store, clock, terms: (id) => brandings.current(id).terms });
    const keys = new SigningKeys({ store, sealer, clock, random });
    await keys.start();
    const tokens = new Tokens({ keys, issuer: installation.id, clock });
    const sessions = new Sessions({ store, settings, clock, random, audit, metrics });

    const groups = new LocalGroups({ store, clock, random });
    const users = new LocalUsers({ store, clock, random, sealer, groups });
    const list = new EnabledList({ store, sealer, installedAt: installation.createdAt });
    const factors = new FactorDocuments(store);
    const obligations = new Obligations({ list, factors, settings, clock });
    const archive = new RemovedFactorsArchive({ store, sealer, factors });
    const known = new KnownUsers({ store, clock });
    const rdpWhitelist = new RdpWhitelist({ store, clock, auditOf: (id) => auditOf(audit, id) });

    const hasher = new PasswordHasher({ random });
    const local = new LocalDirectory({ users, passwords: new LocalPasswords(store), hasher, clock, audit });
    const directorySet = new DirectorySet(config, { stored: storedDirectories, local, clock, log });
    const directories = new Directories(directorySet.named, (user, aliases) => place(user, aliases));
    directorySet.keep(directories);

    const roles = new Roles({
      store,
      clock,
      isUsable: async (user) => {
        const found = await directories.find(user).catch(() => undefined);
        return found !== undefined && !found.disabled;
      },
    });
    const apiTokens = new ApiTokens({
      store,
      clock,
      random,
      audit,
      roles,
      findUser: (user) => directories.find(user),
    });
    const place = createPlaceOf(subscriptions, roles);
    const hostSubscriptions = new HostSubscriptions(subscriptions);
    const homes = new Homes(store, subscriptions);
    const devices = new KnownDevices({ store, clock, random });
    const throttle = new Throttle({
      store,
      clock,
      audit,
      devices,
      trustedNetworks: config.trustedNetworks,
    });
    const directoryLockout = new DirectoryLockout({ store, clock });
    const pendings = new PendingSignIns({ store, clock, random });
    const openSecret: OpenDestination = ({ subscription: owner, user }, sealed) =>
      sealer.open(factors.record(owner, user), sealed);
    const catalogue = createCatalogue();
    const languages = new UserLanguages(store);
    const notices = new Notices({
      clock,
      senders: delivery,
      catalogue,
      settings,
      languages,
      log,
      site: { name: config.serverName, accountUrl: `${config.publicUrl}/.sallyport/account` },
      findUser: (key) => directories.find(key),
      async addressOf(user) {
        const owner = subscriptionOf(user);
        const { email } = await list.destinations(owner, user);
        if (email !== undefined) return email;
        const enrolled = (await factors.read(owner, user.key)).factors.email;
        // What was proven first; but a notice to the address of a directory, which proves nothing, is better than none.
        return enrolled === undefined
          ? user.email
          : openSecret({ subscription: owner, user: user.key }, enrolled.sealedTo);
      },
      owners: (id) => administratorsOf(roles, id),
    });
    audit.listen((event) => notices.hear(event));
    audit.listen((event) => {
      if (!mayEndTokens(event)) return;
      // Whatever fails here is found with the next call of each token.
      apiTokens
        .judgeCreator(event.user)
        .catch((error: unknown) => log.warn({ error }, 'API tokens were not judged'));
    });
    const enabledUsers = new EnabledUsers({
      store,
      factors,
      list,
      subscriptions: () => subscriptions.all().map(({ id }) => id),
    });
    const licence = new Licence({
      store,
      clock,
      audit,
      installation,
      publicKey: config.licence?.publicKey,
      enabled: enabledUsers,
    });
    const newcomers = config.licence && admitNewcomers(licence, enabledUsers);
    const parts: SignInParts = {
      subscription,
      newcomers,
      subscriptions: {
        lastOf: (user) => homes.lastOf(user),
        arrived: (user) => homes.arrived(user),
        ofPlace: (returnTo) => hostSubscriptions.ofPlace(returnTo),
      },
      origin: options.origin ?? (() => config.publicUrl),
      clock,
      random,
      audit,
      settings,
      sealer,
      directories,
      obligations,
      factorStore: factors,
      secondFactors: [
        appFactor(openSecret),
        sentFactor('sms', openSecret),
        sentFactor('email', openSecret),
        recoveryFactor,
        bypassFactor,
      ],
      destinations: { of: (owner, user) => list.destinations(owner, user) },
      senders: delivery,
      parsePhoneNumber,
      known,
      sentCodes: new SentCodes({ store, clock, random, sealer }),
      sendAllowance: new SendAllowance({ store, clock }),
      catalogue,
      sessions,
      tokens,
      roles,
      ownerTickets: new OwnerTickets({ store, subscription, clock, random, audit, roles }),
      throttle,
      directoryLockout,
      devices,
      pendings,
      claims: new Claims({ store, clock }),
      terms,
    };
    const entranceAt = (origin: () => string): Entrance => {
      const own: SignInParts = { ...parts, origin };
      return {
        signIn: createSignIn(own),
        ownerSetup: new OwnerSetup({
          parts: own,
          local: {
            async find(name) {
              const found = await local.lookUp(name);
              return found && place(found, []);
            },
            create: (user) => local.create(user),
            setPassword: (key, password) => local.setPassword(key, password),
          },
        }),
        renewals: new SessionRenewals(own, { sessions, store }),
        accountChanges: new AccountChanges(own, new AccountDrafts({ store, clock, sealer })),
      };
    };
    const findIn = (id: string) => async (key: string) => {
      const user = await directories.find(key);
      return user !== undefined && subscriptionOf(user) === id ? user : undefined;
    };
    const administration: AdministrationParts = {
      subscription,
      newcomers,
      clock,
      random,
      audit,
      users,
      list,
      factors,
      obligations,
      archive,
      known,
      roles,
      sessions,
      findUser: findIn(subscription),
      async forgetDevices(owner) {
        await devices.forgetAll(owner);
        await pendings.forgetAll(owner);
      },
      forgetAccount: async ({ subscription: owner, user }) => {
        await local.forget(user);
        await languages.forget(owner, user);
        await terms.forget(owner, user);
        await homes.forget(user);
        await rdpWhitelist.forget(owner, user);
        await roles.forget(user);
        await throttle.unlock(subscription, user);
      },
    };
    const attention = createAttention({
      config: () => file,
      clock,
      random,
      log,
      store,
      sealer,
      audit,
      catalogue,
      delivery,
      settings,
      roles,
      users,
      known,
      list,
      factors,
      subscriptions,
      directories: () => directorySet.named.map(({ factor }) => factor.directory),
      place: (user) => place(user, []),
      storeDoubt: () => database.lastingDoubt,
    });
    audit.listen((event) => attention.hear(event));
    return {
      log,
      metrics,
      audit,
      auditRetention: retention,
      store,
      database,
      installation,
      sealer,
      delivery,
      notices,
      attention,
      brandings,
      terms,
      catalogue,
      settings,
      keys,
      tokens,
      sessions,
      local,
      get ldap() {
        return directorySet.ldap;
      },
      directorySet,
      storedDirectories,
      storedApplications,
      reload(next) {
        directorySet.reload(next);
        file = next;
      },
      directories,
      groups,
      roles,
      apiTokens,
      administrators: new Administrators({
        roles,
        tickets: parts.ownerTickets,
        tokens: apiTokens,
        audit,
        findUser: (user) => directories.find(user),
        async lookUp(name) {
          const found = await directories.lookUp(name);
          // With their groups: without them nobody may know where somebody belongs.
          return found && directories.find(found.key);
        },
        subscriptionExists: (id) => subscriptions.get(id) !== undefined,
        subscriptionOfNew: (name) =>
          subscriptions.of({ name, directory: localDirectory, groups: [], groupsComplete: true }),
      }),
      throttle,
      known,
      rdpWhitelist,
      devices,
      questions: {
        findUser: (key) => directories.find(key),
        obligationOf: async (user) =>
          obligations.of(subscriptionOf(user), user, await roles.isAdministrator(user.key)),
      },
      subscriptions,
      licence,
      hostSubscriptions,
      place: (user) => directories.placed(user),
      homes,
      administrationOf: (id) =>
        id === subscription
          ? administration
          : { ...administration, subscription: id, audit: auditOf(audit, id), findUser: findIn(id) },
      administration,
      ...entranceAt(parts.origin),
      entrance: (origin) => entranceAt(() => origin),
      async close() {
        await notices.close();
        await attention.close();
        storedApplications.close();
        await directorySet.close();
        storedDirectories.close();
        await delivery.close();
        await audit.close();
        subscriptions.close();
        retention.close();
        settings.close();
        brandings.close();
        keys.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What an administrator's tokens may end with. */
const mayEndTokens = (
  event: AuditEvent,
): event is Extract<AuditEvent, { type: 'role.changed' | 'user.disabled' | 'user.removed' }> =>
  event.type === 'role.changed' || event.type === 'user.disabled' || event.type === 'user.removed';
