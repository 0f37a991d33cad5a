import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { AppSetup, CodeSent, SignInStep } from '../../src/access/index.ts';
import type { AuditEvent } from '../../src/audit/index.ts';
import { createCatalogue } from '../../src/catalogue/index.ts';
import { GatewayError } from '../../src/errors.ts';
import type { PageAssets } from '../../src/http/index.ts';
import type {
  BootData,
  PortalAccount,
  PortalApplication,
  PortalHandOffs,
  PortalOptions,
  PortalOwner,
  PortalRenewal,
  PortalSessions,
  PortalSignIn,
} from '../../src/portal/index.ts';
import { createPortal, type Portal } from '../../src/portal/index.ts';
import { systemRandom } from '../../src/random.ts';
import type { SessionRecord } from '../../src/sessions/index.ts';
import type { Settings } from '../../src/settings/index.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** A portal on a real socket, with scripted rooms behind it: what counts here is what goes over the wire. */
export type PortalFixture = {
  readonly clock: ManualClock;
  readonly portal: Portal;
  /** `http://127.0.0.1:<port>`, which is the portal's own origin. */
  readonly origin: string;
  readonly host: string;
  readonly applications: PortalApplication[];
  /** What the scripted rooms were asked, in order. */
  readonly asked: { readonly what: string; readonly with: readonly unknown[] }[];
  readonly failures: unknown[];
  readonly recorded: AuditEvent[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
};

export type CallOptions = {
  headers?: Record<string, string | string[]>;
  /** An object goes as JSON with its type and the portal's own `Origin`; a string goes as it is. */
  body?: unknown;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body when it is JSON. */
  readonly json: Record<string, unknown> & { code?: string };
};

export const setup: AppSetup = {
  uri: 'otpauth://totp/Test%20-%20Sallyport:alice?secret=JBSWY3DPEHPK3PXP&issuer=Test%20-%20Sallyport',
  secret: 'JBSWY3DPEHPK3PXP',
  digits: 6,
};

export const sessionOf = (clock: ManualClock, changes: Partial<SessionRecord> = {}): SessionRecord => ({
  id: 'session-1',
  subscription: 'default',
  user: { key: 'local:alice', name: 'alice', displayName: 'Alice', directory: 'local', groups: [] },
  amr: ['pwd', 'otp'],
  verifiedAt: clock.now(),
  state: {
    name: 'granted',
    grantedAt: clock.now(),
    opensUntil: clock.now() + 3_600_000,
    validityAfter: 28_800_000,
    countFrom: 'first-session',
  },
  shared: false,
  address: '127.0.0.1',
  browser: 'Firefox 130 on Linux',
  ...changes,
});

/** The tokens that the scripted rooms know. */
export const tokens = {
  pending: tokenNamed('pending'),
  session: tokenNamed('session'),
  device: 'device-token',
};

/** Looks like one of ours, so that it is taken for one as a bearer token. */
function tokenNamed(purpose: string): string {
  const header = JSON.stringify({ alg: 'EdDSA', typ: `sallyport-${purpose}+jwt`, kid: 'k' });
  return `${Buffer.from(header).toString('base64url')}.e30.c2ln`;
}

export async function startPortal(changes: Partial<PortalOptions> = {}): Promise<PortalFixture> {
  const clock = new ManualClock();
  const asked: PortalFixture['asked'] = [];
  const failures: unknown[] = [];
  const recorded: AuditEvent[] = [];
  const applications: PortalApplication[] = [];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;

  const issued = (token: string, seconds: number) => ({ token, expiresAt: clock.now() + seconds * 1000 });
  const done = (more: object = {}): SignInStep => ({
    status: 'done',
    session: sessionOf(clock),
    issued: issued(tokens.session, 32_400),
    device: issued(tokens.device, 7_776_000),
    ...more,
  });
  const sent = (): CodeSent => ({
    hint: '••• 71',
    resendAfter: 30,
    expiresAt: clock.now() + 3_600_000,
    digits: 6,
    pending: issued(tokens.pending, 3_600),
  });
  const sentToAccount = (): CodeSent => {
    const { pending, ...rest } = sent();
    void pending;
    return rest;
  };
  const note = (what: string, ...details: unknown[]): void => void asked.push({ what, with: details });
  const knowPending = (token: string): void => {
    if (token !== tokens.pending) throw new GatewayError('sign-in-expired');
  };

  const signIn: PortalSignIn = {
    async begin(body, visitor) {
      note('begin', body, visitor);
      if (body.password !== 'right') throw new GatewayError('invalid-credentials');
      const pending = issued(tokens.pending, 600);
      if (body.username === 'new')
        return { status: 'enrol', pending, methods: [{ id: 'app' }], default: 'app' };
      if (body.username === 'unlisted') return done({ device: undefined });
      return { status: 'verify', pending, methods: [{ id: 'app', digits: 6 }], default: 'app' };
    },
    async verify(pending, proof, visitor) {
      note('verify', proof, visitor);
      knowPending(pending);
      if (proof.code === '222222') return { status: 'confirm-drift' };
      if (proof.code === '333333') return { status: 'change-password', needsCurrent: false };
      if (proof.code !== '111111') throw new GatewayError('wrong-code', { params: { triesLeft: 3 } });
      return done({ session: sessionOf(clock, { shared: proof.method === 'recovery' }) });
    },
    async acceptTerms(pending, version) {
      note('acceptTerms', version);
      knowPending(pending);
      return done();
    },
    async changePassword(pending, password) {
      note('changePassword', password);
      knowPending(pending);
      return done();
    },
    async beginApp(pending, _visitor, ticket) {
      note('beginApp', ticket);
      knowPending(pending);
      return setup;
    },
    async confirmApp(pending, proof) {
      note('confirmApp', proof);
      knowPending(pending);
      return done({ recoveryCodes: ['aaaa-bbbb'] });
    },
    async sendCode(pending, method, visitor) {
      note('sendCode', method, visitor);
      knowPending(pending);
      return sent();
    },
    async beginSent(pending, setup) {
      note('beginSent', setup);
      knowPending(pending);
      if (setup.phone === '+1') throw new GatewayError('invalid-phone-number');
      return sent();
    },
    async confirmSent(pending, proof) {
      note('confirmSent', proof);
      knowPending(pending);
      return done({ recoveryCodes: ['aaaa-bbbb'] });
    },
  };
  const account: PortalAccount = {
    async factors() {
      return {
        apps: [
          { id: 'app-1', label: 'Phone', digits: 6, issuer: 'Test', enrolledAt: clock.now() - 86_400_000 },
        ],
        phone: {
          id: 'phone-1',
          hint: '••• 71',
          enrolledAt: clock.now() - 86_400_000,
          setByAdministrator: true,
        },
        addable: [{ id: 'app', digits: 6 }],
        recoveryCodes: { total: 10, left: 9 },
        methods: [{ id: 'app', digits: 6 }],
        canChangePassword: true,
      };
    },
    async beginApp(_session, proof) {
      note('account.beginApp', proof);
      return setup;
    },
    async confirmApp(_session, proof) {
      note('account.confirmApp', proof);
      return { status: 'added', id: 'app-2' };
    },
    async sendCode(_session, method) {
      note('account.sendCode', method);
      return sentToAccount();
    },
    async beginSent(_session, wish, proof) {
      note('account.beginSent', wish, proof);
      return sentToAccount();
    },
    async resendSent(_session, method) {
      note('account.resendSent', method);
      return sentToAccount();
    },
    async confirmSent(_session, proof) {
      note('account.confirmSent', proof);
      return { status: 'added', id: 'phone-2' };
    },
    async removeFactor(_session, id, proof) {
      note('removeFactor', id, proof);
    },
    async renewRecoveryCodes(_session, proof) {
      note('renewRecoveryCodes', proof);
      return ['cccc-dddd'];
    },
    async changePassword(_session, current, next) {
      note('account.changePassword', current, next);
    },
    async signOutEverywhere(session) {
      note('signOutEverywhere', session.id);
    },
  };
  const owner: PortalOwner = {
    exists: async () => true,
    async create(body) {
      note('owner.create', body);
      return {
        status: 'enrol',
        pending: issued(tokens.pending, 600),
        methods: [{ id: 'app' }],
        default: 'app',
      };
    },
  };
  const sessions: PortalSessions = {
    async find(token, audience) {
      return token === tokens.session && audience === origin ? sessionOf(clock) : undefined;
    },
    list: async () => [sessionOf(clock), sessionOf(clock, { id: 'session-2' })],
    async revoke(session, reason) {
      note('revoke', session.id, reason);
    },
    endsAt: (session) => (session.state.name === 'granted' ? session.state.opensUntil : 0),
  };
  const renewals: PortalRenewal = {
    methods: async () => [{ id: 'app', digits: 6 }],
    async sendCode(_session, method) {
      note('renewals.sendCode', method);
      return sentToAccount();
    },
    async renew(session, proof) {
      note('renewals.renew', proof);
      if (proof.code === '222222') return { status: 'confirm-drift' };
      const renewed = { ...session, verifiedAt: clock.now(), renewedAt: clock.now() };
      return { status: 'renewed', session: renewed, issued: issued('renewed-token', 32_400) };
    },
  };
  const handOffs: PortalHandOffs = {
    begin: () => ({ nonce: 'n'.repeat(22), challenge: 'c'.repeat(43) }),
    async issue(session, host, challenge) {
      note('issue', session.id, host, challenge);
      return 'one-time-code';
    },
    async redeem(code, origin, nonce) {
      note('redeem', code, origin, nonce);
      if (code !== 'one-time-code' || nonce === '') throw new GatewayError('invalid-hand-off');
      return { ...issued('host-token', 32_400), shared: false };
    },
  };
  const pageAssets: PageAssets = { script: '/.sallyport/assets/a.js', styles: [], preloads: [] };
  const portal = createPortal({
    site: { name: 'Test', origin },
    version: '0.0.0',
    applications: () => applications,
    catalogue: createCatalogue(),
    settings: {
      current: () => ({ helpdesk: 'ext. 42', closeAtExpiry: false }) as Settings,
      onChange: () => () => {},
    },
    clock,
    random: systemRandom,
    signIn,
    account,
    owner,
    sessions,
    renewals,
    handOffs,
    assertionKeys: () => ({ keys: [] }),
    addressOf: (request) => request.socket.remoteAddress ?? '',
    assets: {
      files: new Map(),
      pages: {
        'sign-in': pageAssets,
        owner: pageAssets,
        recover: pageAssets,
        invitation: pageAssets,
        account: pageAssets,
        launcher: pageAssets,
        renew: pageAssets,
        'sign-out': pageAssets,
      },
    },
    log: { error: ({ error }) => void failures.push(error) },
    audit: { record: (event) => void recorded.push(event) },
    ...changes,
  });
  server.on('request', (request, response) => portal.handle(request, response));

  return {
    clock,
    portal,
    origin,
    host,
    applications,
    asked,
    failures,
    recorded,
    call: (method, path, options = {}) => call(host, origin, method, path, options),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export function call(
  host: string,
  origin: string,
  method: string,
  path: string,
  { headers = {}, body }: CallOptions,
): Promise<Answer> {
  const payload = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
  const usual: Record<string, string> =
    body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json', origin };
  const { hostname, port } = new URL(`http://${host}`);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { method, path, hostname, port, headers: { ...usual, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? JSON.parse(text) : {},
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

/** Sends bytes as they are and gives back all that comes until the peer ends. */
export async function sendRaw(host: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(`http://${host}`);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.end(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** What a page tells the browser app. */
export function bootOf(answer: Answer): BootData {
  const json = /<script type="application\/json" id="boot">(.*?)<\/script>/s.exec(answer.text)?.[1];
  if (json === undefined) throw new Error(`not a page of the browser app: ${answer.status} ${answer.text}`);
  return JSON.parse(json);
}
