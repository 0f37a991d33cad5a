import type { IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import {
  cookieNames,
  type Decision,
  type GatedApplication,
  GateKeeper,
  type GateKeeperOptions,
  type LiveConnection,
} from '../../src/access/index.ts';
import type { DirectoryUser, Obligation } from '../../src/accounts/index.ts';
import { type AuditEvent, createMetrics } from '../../src/audit/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { systemRandom } from '../../src/random.ts';
import { Sessions, SigningKeys, Tokens } from '../../src/sessions/index.ts';
import type { Settings, SettingsReader } from '../../src/settings/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';

export const origin = 'https://gateway.example.com';
export const desktops: GatedApplication = { name: 'desktops' };
export const reports: GatedApplication = { name: 'reports', allow: { groups: ['staff'] } };
export const sessionCookie = cookieNames(true).session;

export const defaults: Settings = {
  enabled: true,
  methods: ['app'],
  discrepancy: 480,
  driftTolerance: 2,
  issuer: 'Sallyport',
  validityAfterFirstSession: 480,
  countFrom: 'first-session',
  validityBeforeFirstSession: 3600,
  digits: 6,
  smsMessage: '%CODE%',
  codeLifespan: 10,
  closeAtExpiry: false,
  unlistedUsers: 'allow',
  rdpLogon: 'on-request',
  enrolment: 'open',
  helpdesk: '',
};

/** Settings that a test changes under the feet of what reads them. */
export class ScriptedSettings implements SettingsReader {
  #values = defaults;
  readonly #listeners = new Set<(subscription: string) => void>();

  current(): Settings {
    return this.#values;
  }

  onChange(listener: (subscription: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(values: Partial<Settings>): void {
    this.#values = { ...this.#values, ...values };
    for (const listener of this.#listeners) listener('default');
  }
}

export const alice: DirectoryUser = {
  key: 'local:alice-id',
  directory: 'local',
  name: 'alice',
  displayName: 'Alice',
  groups: ['staff'],
  groupsComplete: true,
  disabled: false,
};

/** Store calls pass through here, so that a test can hold, fail or watch them. */
export class FaultyStore {
  readonly real: Store;
  failing = false;
  /** Calls of `get` so far. */
  reads = 0;
  /** Awaited after the read and before its answer is given. */
  afterRead: (() => Promise<void>) | undefined;
  /** Awaited after a write and before it is acknowledged. */
  afterWrite: (() => Promise<void>) | undefined;
  readonly listeners: { deaf?(): void; hearing?(): void }[] = [];

  constructor(real: Store) {
    this.real = real;
  }

  /** The store as the code under test sees it. */
  facade(): Store {
    const check = () => {
      if (this.failing) throw new GatewayError('store-unavailable', { retryAfter: 5 });
    };
    return {
      get: async (collection, key) => {
        check();
        this.reads++;
        const document = await this.real.get(collection, key);
        await this.afterRead?.();
        return document as never;
      },
      getMany: async (collection, keys) => {
        check();
        return this.real.getMany(collection, keys);
      },
      put: async (...parameters) => {
        check();
        const version = await this.real.put(...parameters);
        await this.afterWrite?.();
        return version;
      },
      delete: async (...parameters) => {
        check();
        return this.real.delete(...parameters);
      },
      list: async (collection, query) => {
        check();
        return this.real.list(collection, query);
      },
      append: (...parameters) => this.real.append(...parameters),
      read: (stream, query) => this.real.read(stream, query),
      publish: (...parameters) => this.real.publish(...parameters),
      subscribe: (topic, listener) => {
        this.listeners.push(listener);
        return this.real.subscribe(topic, listener);
      },
      health: async () => (this.failing ? { ok: false, reason: 'it is gone' } : this.real.health()),
      close: () => this.real.close(),
    };
  }

  goDeaf(): void {
    for (const listener of this.listeners) listener.deaf?.();
  }

  hearAgain(): void {
    for (const listener of this.listeners) listener.hearing?.();
  }
}

/** Seals nothing: what sealing is worth is tested where it is made. */
export const openSealer = {
  seal: (_record: unknown, _label: string, plaintext: string) => `sealed:1:test:${plaintext}`,
  open: (_record: unknown, sealed: string) => sealed.slice('sealed:1:test:'.length),
};

/** A connection that only remembers why it was closed first. */
export class RecordedConnection implements LiveConnection {
  readonly application: string;
  readonly kind: LiveConnection['kind'];
  slot = -1;
  readonly closed: string[] = [];

  constructor(application = 'desktops', kind: LiveConnection['kind'] = 'tunnel') {
    this.application = application;
    this.kind = kind;
  }

  close(reason: string): void {
    if (this.closed.length === 0) this.closed.push(reason);
  }
}

/** A gate with everything real around it but the directory. */
export async function openSite(context: TestContext, overrides: Partial<GateKeeperOptions> = {}) {
  const clock = new ManualClock();
  const real = await openStore(clock);
  const faults = new FaultyStore(real);
  const store = faults.facade();
  const settings = new ScriptedSettings();
  const events: AuditEvent[] = [];
  const decisions: string[] = [];
  const audit = { record: (event: AuditEvent) => events.push(event), flush: async () => {} };
  const keys = new SigningKeys({ store, sealer: openSealer, clock, random: systemRandom });
  await keys.start();
  const tokens = new Tokens({ keys, issuer: 'installation', clock });
  const metrics = {
    ...createMetrics({ process: false }),
    gateDecision: (code: string) => decisions.push(code),
  };
  const sessions = new Sessions({ store, settings, clock, random: systemRandom, audit, metrics });
  const users = new Map<string, DirectoryUser>([[alice.key, alice]]);
  const directory = {
    users,
    obligation: { required: false, rule: 'not-listed' } as Obligation,
    failure: undefined as Error | undefined,
    failsFor: new Set<string>(),
  };
  const questions = {
    findUser: async (key: string) => {
      if (directory.failure !== undefined) throw directory.failure;
      if (directory.failsFor.has(key)) throw new Error('nothing can be learned of this one');
      return users.get(key);
    },
    obligationOf: async () => directory.obligation,
  };
  const applications = new Map([desktops, reports].map((application) => [application.name, application]));
  const options: GateKeeperOptions = {
    store,
    sessions,
    tokens,
    settings,
    clock,
    audit,
    metrics,
    questions,
    sessionCookie,
    originOf: (host) => (host === 'gateway.example.com' ? origin : undefined),
    findApplication: (name) => applications.get(name),
    ...overrides,
  };
  const gate = new GateKeeper(options);
  gate.start();
  context.after(async () => {
    gate.close();
    keys.close();
    await real.close();
  });

  /** Resolves when what was announced has been heard, and what it set off has been read or written. */
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await delivered();
  };
  const signIn = async (amr: readonly string[] = ['pwd', 'otp'], user = alice) => {
    const { key, name, displayName, directory: from, groups } = user;
    const session = await sessions.grant({
      subscription: 'default',
      user: { key, name, displayName, directory: from, groups },
      amr,
      shared: false,
      address: '192.0.2.1',
      browser: 'test',
    });
    const { token } = await tokens.issueSession(session, origin);
    return { session, token };
  };
  return {
    clock,
    faults,
    store,
    settings,
    events,
    decisions,
    keys,
    tokens,
    metrics,
    random: systemRandom,
    sessions,
    directory,
    questions,
    applications,
    gate,
    options,
    signIn,
    settled,
  };
}

export type Site = Awaited<ReturnType<typeof openSite>>;

/** A request as the parser hands it over: only its raw header list matters to the gate. */
export function request(headers: readonly (readonly [string, string])[]): IncomingMessage {
  const rawHeaders = headers.flat();
  const parsed = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  return {
    rawHeaders,
    headers: parsed,
    socket: { remoteAddress: '192.0.2.1' },
  } as unknown as IncomingMessage;
}

const host = ['Host', 'gateway.example.com'] as const;

export const withCookie = (token: string): IncomingMessage =>
  request([host, ['Cookie', `theme=dark; ${sessionCookie}=${token}; lang=en`]]);

export const upgradeWith = (token: string, from = origin): IncomingMessage =>
  request([host, ['Cookie', `${sessionCookie}=${token}`], ['Origin', from], ['Upgrade', 'websocket']]);

export const withBearer = (token: string, ...more: (readonly [string, string])[]): IncomingMessage =>
  request([host, ['Authorization', `Bearer ${token}`], ...more]);

export const withHeaders = (...more: (readonly [string, string])[]): IncomingMessage =>
  request([host, ...more]);

/** `admitted`, or the code of the refusal. */
export const outcome = (decision: Decision): string =>
  decision.kind === 'session' ? 'admitted' : decision.code;
