import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Role, roleNames } from '../../src/access/index.ts';
import type { Permission } from '../../src/admin/index.ts';
import {
  type AdminClient,
  AdminClient as Client,
  ownerAtConsole,
  signedInAs,
} from '../support/admin-client.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { type Site, startSite } from '../support/site.ts';
import type { Answer } from '../support/site-client.ts';
import { authorisationRules } from './authorisation-rules.ts';
import { type Call, describedCalls, nameOf, pathWith } from './open-api.ts';

/** What each role may, written down once more: a mistake in the program's own table must not excuse itself. */
const allowed: Readonly<Record<Role, readonly Permission[]>> = {
  auditor: ['see'],
  helpdesk: ['see', 'help'],
  administrator: ['see', 'help', 'administer'],
  owner: ['see', 'help', 'administer', 'own'],
};

/** Where a role holds; undefined: in the whole site. */
const places = [undefined, 'acme', 'beta'] as const;
const asked = ['default', 'acme', 'beta'] as const;

/** Refused for who calls, and not for what they say. */
const refusals = [
  'not-allowed',
  'not-administrator',
  'sign-in-required',
  'fresh-code-required',
  'cross-origin',
];
const isRefused = ({ status, json }: Answer): boolean =>
  (status === 401 || status === 403) && refusals.includes(json?.code);

describe('who may call what', () => {
  let site: Site<ManualClock>;
  let owner: AdminClient;
  let calls: readonly Call[];
  /** Tokens by role and place. */
  const secrets = new Map<string, string>();

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    calls = await describedCalls(owner);
    const { rooms } = site.gateway;
    for (const name of ['Acme', 'Beta']) await rooms.subscriptions.create({ name }, 'cli');
    await rooms.subscriptions.assign('acme', { kind: 'domain', value: 'acme.example' }, 'cli');
    await rooms.subscriptions.assign('beta', { kind: 'domain', value: 'beta.example' }, 'cli');
    const olivia = (await rooms.local.lookUp('olivia'))?.key ?? '';
    for (const role of roleNames) {
      for (const subscription of places) {
        const wish = { name: 'matrix', role, subscription, expiresAt: site.clock.now() + 86_400_000 };
        const { secret } = await rooms.apiTokens.create(wish, { creator: olivia, actor: 'test' });
        secrets.set(`${role} ${subscription}`, secret);
      }
    }
  });
  after(() => site.stop());

  const as = (secret: string | undefined) => {
    const client = new Client(site.consolePort, site.clock, 'http');
    const headers: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    return (method: string, path: string, body?: unknown): Promise<Answer> =>
      client.admin(method, path, body, headers);
  };
  /** Asked without a body and about nothing there is: whoever may is told what is wrong with that. */
  const unanswerable = (call: Call): string => pathWith(call, () => '0');

  it('is written down for every call, and for none that is not there', () => {
    const described = Object.fromEntries(calls.map((call) => [nameOf(call), `${call.may} ${call.scope}`]));
    assert.deepEqual(described, authorisationRules, 'say in authorisation-rules.ts who may call it');
  });

  for (const role of roleNames) {
    for (const place of places) {
      it(`holds for ${role} of ${place ?? 'the whole site'}, about each subscription`, async () => {
        const call = as(secrets.get(`${role} ${place}`));
        for (const each of calls) {
          const questions = each.scope === 'site' ? [undefined] : asked;
          for (const subscription of questions) {
            const query = subscription === undefined ? '' : `?subscription=${subscription}`;
            const here = place === undefined || (each.scope === 'subscription' && place === subscription);
            const may = here && allowed[role].includes(each.may);
            const answer = await call(each.method, unanswerable(each) + query);
            const what = `${role} of ${place}: ${nameOf(each)}${query} → ${answer.status} ${answer.json?.code}`;
            if (may) assert.equal(isRefused(answer), false, what);
            else assert.equal(answer.json?.code, 'not-allowed', what);
            if (each.method !== 'GET' && may) assert.ok(answer.status >= 400, `${what} did something`);
          }
        }
      });
    }
  }

  it('is nobody without a credential, or with a bad one', async () => {
    const nobody = as(undefined);
    for (const each of calls) {
      const answer = await nobody(each.method, unanswerable(each));
      assert.equal(answer.json?.code, 'sign-in-required', nameOf(each));
    }
    // An address may be wrong 30 times before nothing is looked at any more.
    const stranger = as(`spt_${'0'.repeat(16)}_${'A'.repeat(43)}`);
    for (const each of calls.slice(0, 30)) {
      const answer = await stranger(each.method, unanswerable(each));
      assert.equal(answer.json?.code, 'sign-in-required', nameOf(each));
    }
    const late = await stranger('GET', 'me');
    assert.equal(late.json?.code, 'too-many-requests');
    site.clock.advance(15 * 60_000 + 1);
  });

  it('needs a second factor not older than 15 minutes for every change by a person', async () => {
    const client = await signedInAs(site, 'owner', { name: 'otto' });
    site.clock.advance(15 * 60_000 + 1);
    // What changes nothing though it is no GET says so by answering.
    const spared: string[] = [];
    for (const each of calls) {
      const answer = await client.admin(each.method, unanswerable(each));
      if (each.method === 'GET') assert.equal(isRefused(answer), false, nameOf(each));
      else if (answer.json?.code !== 'fresh-code-required') spared.push(nameOf(each));
    }
    assert.deepEqual(spared.sort(), [
      'POST applications/test',
      'POST applications/{application}/test',
      'POST directories/{directory}/test',
      'POST enabled/preview',
      'POST users/preview',
    ]);
  });

  it('takes no change from a page of another origin', async () => {
    const client = await signedInAs(site, 'owner', { name: 'vera' });
    for (const each of calls.filter(({ method }) => method !== 'GET')) {
      const answer = await client.admin(each.method, unanswerable(each), undefined, {
        origin: 'https://evil.example',
      });
      assert.equal(answer.json?.code, 'cross-origin', nameOf(each));
    }
  });

  it('opens nothing of a user of somebody else, whatever names them', async () => {
    const theirs = await site.addUser('bob@beta.example');
    await site.gateway.rooms.audit.flush();
    const call = as(secrets.get('owner acme'));
    for (const each of calls.filter(({ path }) => path.includes('{user}'))) {
      const path = pathWith(each, (name) => (name === 'user' ? theirs : '0'));
      const answer = await call(each.method, path);
      const quiet = answer.status >= 400 || !/bob/.test(answer.text);
      assert.ok(quiet, `${nameOf(each)} tells ${answer.text}`);
    }
  });
});
