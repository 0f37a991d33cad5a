import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { cookieNames, GateKeeper, HandOffs, OwnSessions, SessionRenewals } from '../../src/access/index.ts';
import { createMetrics } from '../../src/audit/index.ts';
import { createCatalogue } from '../../src/catalogue/index.ts';
import { createPortal, type PortalApplication } from '../../src/portal/index.ts';
import { systemRandom } from '../../src/random.ts';
import { portal as origin, SignInSite } from '../access/sign-in-site.ts';
import { type Answer, call } from './portal-fixture.ts';

export { origin };
/** An application with a host of its own, and one on the portal's. */
export const applications: readonly PortalApplication[] = [
  { name: 'desk', title: 'Desk', url: 'https://desk.example.com/' },
  { name: 'mail', title: 'Mail', url: `${origin}/mail/` },
  { name: 'payroll', title: 'Payroll', url: `${origin}/payroll/`, allow: { users: ['bob'] } },
];

/** The portal over the real procedure, sessions, gate and store; only the directory and the host names are scripted. */
export async function openPortal(t: TestContext, options: Parameters<typeof SignInSite.open>[1] = {}) {
  const site = await SignInSite.open(t, options);
  const { clock, store, sessions, settings, audit, parts } = site;
  const names = cookieNames(true);
  const tokens = parts.tokens as ConstructorParameters<typeof HandOffs>[0]['tokens'] &
    ConstructorParameters<typeof GateKeeper>[0]['tokens'];
  const gate = new GateKeeper({
    store,
    sessions,
    tokens,
    settings,
    clock,
    audit,
    metrics: { ...createMetrics({ process: false }), gateDecision: () => {} },
    questions: {
      findUser: (key) => parts.directories.find(key),
      obligationOf: (user) => parts.obligations.of('default', user, false),
    },
    sessionCookie: names.session,
    originOf: (host) => [origin, 'https://desk.example.com'].find((each) => new URL(each).host === host),
    findApplication: (name) => applications.find((application) => application.name === name),
  });
  gate.start();
  const failures: unknown[] = [];
  const page = { script: '/.sallyport/assets/a.js', styles: [], preloads: [] };
  const portal = createPortal({
    site: { name: 'Test', origin },
    version: '0.0.0',
    applications: () => applications,
    catalogue: createCatalogue(),
    settings,
    clock,
    random: systemRandom,
    signIn: site.signIn,
    account: site.changes,
    owner: site.owners,
    sessions: new OwnSessions({ sessions, gate }),
    renewals: new SessionRenewals(parts, { sessions, store }),
    handOffs: new HandOffs({ store, sessions, tokens, clock, random: systemRandom }),
    assertionKeys: () => tokens.assertionKeys(),
    addressOf: () => '192.0.2.7',
    assets: {
      files: new Map(),
      pages: {
        'sign-in': page,
        owner: page,
        recover: page,
        invitation: page,
        account: page,
        launcher: page,
        renew: page,
        'sign-out': page,
      },
    },
    log: { error: ({ error }) => void failures.push(error) },
    audit,
  });
  const server = createServer((request, response) => {
    if ((request.url ?? '').startsWith('/.sallyport')) {
      portal.handle(request, response);
      return;
    }
    // As the proxy does: the gate decides, the portal renders what it refuses.
    void (async () => {
      const decision = await gate.admit(request, applications[0], 'request');
      if (decision.kind === 'refusal') portal.refuse(request, response, decision, {});
      else response.end('admitted');
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    gate.close();
    server.close();
    server.closeAllConnections();
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ...{ site, gate, failures, names, tokens }, browser: () => new Browser(address) };
}

/** Keeps cookies per host as a browser does, and says where its requests come from. */
export class Browser {
  readonly #address: string;
  readonly #jars = new Map<string, Map<string, string>>();

  constructor(address: string) {
    this.#address = address;
  }

  cookies(host = new URL(origin).host): Map<string, string> {
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    return jar;
  }

  /** A call of the page's script to the portal's API. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send('POST', new URL(`/.sallyport/api/v1/${path}`, origin), { origin, ...headers }, body);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send('GET', new URL(`/.sallyport/api/v1/${path}`, origin), headers);
  }

  delete(path: string): Promise<Answer> {
    return this.#send('DELETE', new URL(`/.sallyport/api/v1/${path}`, origin), { origin });
  }

  /** A navigation from the address bar; follows no redirect. */
  visit(address: string): Promise<Answer> {
    return this.#send('GET', new URL(address, origin), {
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      accept: 'text/html',
    });
  }

  /** Follows redirects to their end; resolves to the last address and answer. */
  async follow(address: string): Promise<{ address: string; answer: Answer }> {
    let at = new URL(address, origin).href;
    for (let hop = 0; hop < 10; hop++) {
      const answer = await this.visit(at);
      const { location } = answer.headers;
      if (answer.status !== 302 || location === undefined) return { address: at, answer };
      at = new URL(location, at).href;
    }
    throw new Error(`never ended: ${at}`);
  }

  async #send(method: string, url: URL, headers: Record<string, string>, body?: unknown): Promise<Answer> {
    const jar = this.cookies(url.host);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await call(this.#address, origin, method, `${url.pathname}${url.search}`, {
      headers: { host: url.host, ...headers, ...(cookie === '' ? {} : { cookie }) },
      ...(body === undefined ? {} : { body }),
    });
    for (const set of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/; Max-Age=0(?:;|$)/.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
}
