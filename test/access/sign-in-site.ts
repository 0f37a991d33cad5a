import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  AccountChanges,
  AccountDrafts,
  Claims,
  createSignIn,
  DirectoryLockout,
  KnownDevices,
  OwnerSetup,
  OwnerTickets,
  PendingSignIns,
  Roles,
  SendAllowance,
  SentCodes,
  SessionRenewals,
  type SignIn,
  type SignInParts,
  type SignInStep,
  Throttle,
  type Visitor,
} from '../../src/access/index.ts';
import type { Destinations, DirectoryUser, Factors, Obligation } from '../../src/accounts/index.ts';
import { FactorDocuments, KnownUsers } from '../../src/accounts/index.ts';
import { createCatalogue } from '../../src/catalogue/index.ts';
import { parsePhoneNumber } from '../../src/delivery/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { systemRandom } from '../../src/random.ts';
import { decodeBase32 } from '../../src/second-factors/base32.ts';
import {
  appFactor,
  bypassFactor,
  recoveryFactor,
  sentFactor,
  totp,
  totpKey,
} from '../../src/second-factors/index.ts';
import { type SessionRecord, Sessions, SigningKeys, Tokens } from '../../src/sessions/index.ts';
import type { Sealer, Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';
import { RecordingSenders } from '../support/recording-senders.ts';
import { ScriptedSettings } from './gate-site.ts';
import { ScriptedDirectory } from './scripted-directory.ts';

export const visitor: Visitor = { address: '192.0.2.7', browser: 'Firefox' };
export const portal = 'https://gateway.example.com';
export const second = 1000;
export const minute = 60_000;
/** One time step, in milliseconds. */
export const step = 30_000;

type SiteOptions = {
  readonly clock?: ManualClock;
  readonly store?: Store;
  readonly sealer?: Sealer;
  readonly directory?: ScriptedDirectory;
  /** By default nothing can be sent. */
  readonly senders?: RecordingSenders;
  readonly trustedNetworks?: readonly string[];
  /** False: as at the first start. */
  readonly owner?: boolean;
};

/** An authenticator app in somebody's hand. */
export type Phone = {
  /** The code at the server's time plus so many steps. */
  code(offset?: number): string;
  readonly secret: string;
};

/** The sign-in procedure over a real store, real sessions and real tokens; only the directory is scripted. */
export class SignInSite {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly audit = recordingAudit();
  readonly settings = new ScriptedSettings();
  readonly sealer: Sealer;
  readonly directory: ScriptedDirectory;
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  readonly parts: SignInParts;
  readonly signIn: SignIn;
  readonly owners: OwnerSetup;
  readonly changes: AccountChanges;
  readonly renewals: SessionRenewals;
  readonly senders: RecordingSenders;
  /** Where an administrator says that codes go, by user key. */
  readonly destinations = new Map<string, Destinations>();
  /** What is asked of everybody who is no administrator. */
  obligation: Obligation = { required: true, rule: 'everyone', since: 0, method: 'app' };

  private constructor(store: Store, clock: ManualClock, options: SiteOptions) {
    this.clock = clock;
    this.store = store;
    this.sealer = options.sealer ?? openSealer(clock);
    this.senders = options.senders ?? silent();
    this.directory = options.directory ?? new ScriptedDirectory();
    const { audit, settings, sealer } = this;
    const shared = { store, clock, audit, random: systemRandom };
    this.keys = new SigningKeys({ store, clock, sealer, random: systemRandom });
    const { keys } = this;
    this.sessions = new Sessions({ ...shared, settings, metrics: { sessionEntered: () => undefined } });
    const roles = new Roles({ store, clock, isUsable: async () => true });
    const devices = new KnownDevices(shared);
    const factorStore = new FactorDocuments(store);
    const open = (holder: { subscription: string; user: string }, sealed: string): string =>
      sealer.open(factorStore.record(holder.subscription, holder.user), sealed);
    this.parts = {
      subscription: 'default',
      origin: () => portal,
      clock,
      random: systemRandom,
      audit,
      settings,
      sealer,
      directories: this.directory,
      obligations: {
        of: async (_subscription, _user, administrator) =>
          administrator
            ? { required: true, rule: 'administrator', since: 0, method: 'app' }
            : this.obligation,
      },
      factorStore,
      secondFactors: [
        appFactor(open),
        sentFactor('sms', open),
        sentFactor('email', open),
        recoveryFactor,
        bypassFactor,
      ],
      destinations: {
        of: async (_subscription, { key, directory, phone, email }) => ({
          ...(phone === undefined || directory !== 'local' ? {} : { sms: phone }),
          ...(email === undefined || directory !== 'local' ? {} : { email }),
          ...this.destinations.get(key),
        }),
      },
      senders: this.senders,
      parsePhoneNumber,
      known: new KnownUsers({ store, clock }),
      sentCodes: new SentCodes({ ...shared, sealer }),
      sendAllowance: new SendAllowance(shared),
      catalogue: createCatalogue(),
      sessions: this.sessions,
      tokens: new Tokens({ keys, issuer: 'installation', clock }),
      roles,
      ownerTickets: new OwnerTickets({ ...shared, subscription: 'default', roles }),
      directoryLockout: new DirectoryLockout({ store, clock }),
      throttle: new Throttle({ ...shared, devices, trustedNetworks: options.trustedNetworks ?? [] }),
      devices,
      pendings: new PendingSignIns(shared),
      claims: new Claims(shared),
    };
    this.signIn = createSignIn(this.parts);
    this.owners = new OwnerSetup({ parts: this.parts, local: this.directory.local() });
    this.renewals = new SessionRenewals(this.parts, { sessions: this.sessions, store });
    this.changes = new AccountChanges(this.parts, new AccountDrafts({ store, clock, sealer }));
  }

  static async open(t: TestContext, options: SiteOptions = {}): Promise<SignInSite> {
    const clock = options.clock ?? new ManualClock();
    const store = options.store ?? (await openStore(clock));
    if (options.store === undefined) t.after(() => store.close());
    const site = new SignInSite(store, clock, options);
    await site.keys.start();
    if (options.owner !== false) await site.parts.roles.makeOwner('local:owner-id');
    return site;
  }

  begin(name: string, from: Visitor = visitor, password = `${name}'s password`): Promise<SignInStep> {
    return this.signIn.begin({ username: name, password }, from);
  }

  /** Lets time pass without firing the store's timers, of which a day would have millions. */
  pass(milliseconds: number): void {
    this.clock.jump(this.clock.now() + milliseconds);
  }

  /** A user with an enrolled app. */
  async enrolled(
    name: string,
  ): Promise<{ user: DirectoryUser; phone: Phone; recoveryCodes: readonly string[] }> {
    const user = this.directory.add(name);
    const { phone, done } = await this.enrol(name);
    assert.ok(done.recoveryCodes);
    this.pass(4 * step);
    return { user, phone, recoveryCodes: done.recoveryCodes };
  }

  async enrol(name: string): Promise<{ phone: Phone; done: Done }> {
    const pending = pendingOf(await this.begin(name), 'enrol');
    const phone = this.phone((await this.signIn.beginApp(pending, visitor)).secret);
    const done = doneOf(await this.signIn.confirmApp(pending, { code: phone.code() }, visitor));
    return { phone, done };
  }

  /** The whole way with the app. */
  async through(name: string, phone: Phone, from: Visitor = visitor): Promise<Done> {
    const pending = pendingOf(await this.begin(name, from), 'verify');
    return doneOf(await this.signIn.verify(pending, { method: 'app', code: phone.code() }, from));
  }

  phone(secret: string): Phone {
    const key = totpKey(decodeBase32(secret));
    return { secret, code: (offset = 0) => totp(key, this.clock.now() + offset * step, 6) };
  }

  /** Six digits that no step within the discrepancy has. */
  wrong(phone: Phone): string {
    const used = new Set<string>();
    for (let offset = -485; offset <= 485; offset += 1) used.add(phone.code(offset));
    for (;;) {
      const digits = String(systemRandom.integer(1_000_000)).padStart(6, '0');
      if (!used.has(digits)) return digits;
    }
  }

  async factors(user: DirectoryUser): Promise<Factors> {
    return (await this.parts.factorStore.read('default', user.key)).factors;
  }

  live(user: DirectoryUser): Promise<SessionRecord[]> {
    return this.sessions
      .listOf({ subscription: 'default', user: user.key })
      .then((sessions) => sessions.filter((session) => this.sessions.stateOf(session).name !== 'revoked'));
  }

  events(type: string): Record<string, unknown>[] {
    return this.audit.events.filter((event) => event.type === type).map((event) => ({ ...event }));
  }
}

function silent(): RecordingSenders {
  const senders = new RecordingSenders();
  senders.kinds.clear();
  return senders;
}

export type Done = Extract<SignInStep, { status: 'done' }>;

export function doneOf(answer: SignInStep): Done {
  assert.equal(answer.status, 'done');
  assert.ok(answer.status === 'done');
  return answer;
}

export function pendingOf(answer: SignInStep, status: SignInStep['status']): string {
  assert.equal(answer.status, status);
  assert.ok('pending' in answer && answer.pending !== undefined);
  return answer.pending.token;
}

/** Asserts that a step is refused with this code, and hands out the error. */
export async function refusal(work: Promise<unknown>, code: string): Promise<GatewayError> {
  const error = await work.then(
    (value) => assert.fail(`expected ${code}, but got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, String(error));
  assert.equal(error.code, code);
  return error;
}

/** Whether something was refused, and with what; `done` and the like otherwise. */
export async function outcome(work: Promise<SignInStep>): Promise<string> {
  try {
    return (await work).status;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}
