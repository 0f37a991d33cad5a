import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import {
  alice,
  desktops,
  openSite,
  origin,
  outcome,
  request,
  type Site,
  sessionCookie,
  upgradeWith,
  withBearer,
  withCookie,
  withHeaders,
} from './gate-site.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What each way of presenting a token comes to, as a request and as an upgrade. */
async function everyWay(site: Site, token: string): Promise<Set<string>> {
  const outcomes = new Set<string>();
  for (const kind of ['request', 'upgrade'] as const) {
    for (const presented of [withCookie(token), upgradeWith(token), withBearer(token)]) {
      outcomes.add(outcome(await site.gate.admit(presented, desktops, kind)));
    }
  }
  return outcomes;
}

describe('threat 1: an upgrade sent straight to an application path', () => {
  it('without a token is refused', async (t) => {
    const site = await openSite(t);
    const bare = withHeaders(['Upgrade', 'websocket'], ['Origin', origin]);
    assert.equal(outcome(await site.gate.admit(bare, desktops, 'upgrade')), 'sign-in-required');
  });

  it('with a pending token is refused', async (t) => {
    const site = await openSite(t);
    const expiresAt = site.clock.now() + 600_000;
    const { token } = await site.tokens.issuePending({ id: 'p', user: alice.key, expiresAt });
    assert.deepEqual([...(await everyWay(site, token))], ['sign-in-required']);
  });

  it('threat 16b: with the assertion that an application received is refused', async (t) => {
    const site = await openSite(t);
    const { session } = await site.signIn();
    for (const audience of ['desktops', origin]) {
      const { token } = await site.tokens.issueAssertion(session, audience);
      assert.deepEqual([...(await everyWay(site, token))], ['sign-in-required']);
    }
  });

  it('with an expired token is refused', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.clock.jump(site.clock.now() + 10 * 3_600_000);
    const outcomes = await everyWay(site, token);
    assert.ok(!outcomes.has('admitted'));
    assert.ok(outcomes.has('sign-in-expired'));
  });

  it('with a revoked token is refused', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await site.sessions.revoke(
      { subscription: 'default', user: alice.key, id: session.id },
      { reason: 'ban', actor: 'cli' },
    );
    assert.deepEqual([...(await everyWay(site, token))], ['sign-in-required']);
  });

  it("with another user's session in a changed token is refused", async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const [header, , signature] = token.split('.');
    for (const change of [{ sub: 'local:bob-id' }, { sid: 'another' }]) {
      const forged = `${header}.${encode({ ...decodeJwt(token), ...change })}.${signature}`;
      assert.deepEqual([...(await everyWay(site, forged))], ['sign-in-required']);
    }
  });

  it('with a rightly signed token whose user and session do not belong together is refused', async (t) => {
    const site = await openSite(t);
    const { session } = await site.signIn();
    await site.signIn();
    const { token } = await site.tokens.issueSession(
      { ...session, user: { ...session.user, key: 'local:bob-id' } },
      origin,
    );
    assert.deepEqual([...(await everyWay(site, token))], ['sign-in-required']);
  });

  it('with alg none, HS256, a foreign key or an unknown kid is refused', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const [, payload, signature] = token.split('.');
    const header = decodeProtectedHeader(token);
    const pending = await site.keys.signer('pending');
    const forgeries = [
      `${encode({ ...header, alg: 'none' })}.${payload}.`,
      `${encode({ ...header, alg: 'none' })}.${payload}.${signature}`,
      `${encode({ ...header, alg: 'HS256' })}.${payload}.${signature}`,
      `${encode({ ...header, kid: 'unknown' })}.${payload}.${signature}`,
      await new SignJWT(decodeJwt(token))
        .setProtectedHeader({ ...header, alg: 'EdDSA' })
        .sign(pending.privateKey),
    ];
    for (const forged of forgeries) {
      assert.deepEqual([...(await everyWay(site, forged))], ['sign-in-required'], forged);
    }
  });

  it('with a token for another host is refused there, known or not', async (t) => {
    const hosts = new Map([
      ['gateway.example.com', origin],
      ['apps.example.com', 'https://apps.example.com'],
    ]);
    const site = await openSite(t, { originOf: (host) => hosts.get(host ?? '') });
    const { token } = await site.signIn();
    const elsewhere = request([
      ['Host', 'apps.example.com'],
      ['Cookie', `${sessionCookie}=${token}`],
    ]);
    assert.equal(outcome(await site.gate.admit(elsewhere, desktops, 'request')), 'sign-in-required');
    assert.equal(outcome(await site.gate.admit(withCookie(token), desktops, 'request')), 'admitted');
    assert.equal(outcome(await site.gate.admit(elsewhere, desktops, 'request')), 'sign-in-required');
    const nowhere = request([['Cookie', `${sessionCookie}=${token}`]]);
    assert.equal(outcome(await site.gate.admit(nowhere, desktops, 'request')), 'sign-in-required');
  });
});

describe('threat 4: credentials that can be read in two ways', () => {
  it('are 400, never passed, although each of them alone would do', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const { token: another } = await site.signIn();
    const cookie = `${sessionCookie}=${token}`;
    const presented = [
      withHeaders(['Cookie', `${cookie}; ${cookie}`]),
      withHeaders(['Cookie', `${cookie}; ${sessionCookie}=${another}`]),
      withHeaders(['Cookie', cookie], ['Cookie', cookie]),
      withHeaders(['Cookie', cookie], ['COOKIE', 'a=1']),
      withHeaders(['Cookie', `${cookie}; ${sessionCookie.toUpperCase()}=x`]),
      withHeaders(['Cookie', cookie], ['Authorization', `Bearer ${token}`]),
      withHeaders(['Authorization', `Bearer ${token}`], ['Authorization', `Bearer ${token}`]),
      withHeaders(['Authorization', `Bearer ${token}`], ['authorization', 'Basic YTpi']),
      withHeaders(['Cookie', cookie], ['host', 'gateway.example.com']),
    ];
    for (const each of presented) {
      const refusal = await site.gate.admit(each, desktops, 'request');
      assert.ok(refusal.kind === 'refusal');
      assert.deepEqual([refusal.code, refusal.status], ['ambiguous-credentials', 400]);
    }
  });

  it('and malformed ones are a sign-in, so that a browser gets out of it', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    for (const value of [
      'x',
      'a.b.c',
      `"${token}"`,
      `${token}=`,
      '%00',
      'a'.repeat(9000),
      `${token} ${token}`,
      '\u00e9',
    ]) {
      const refusal = await site.gate.admit(withCookie(value), desktops, 'request');
      assert.ok(refusal.kind === 'refusal');
      assert.deepEqual([refusal.code, refusal.signIn], ['sign-in-required', true]);
    }
  });
});

describe('bearer tokens', () => {
  it('of ours are a credential of their own', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    assert.equal(outcome(await site.gate.admit(withBearer(token), desktops, 'request')), 'admitted');
    assert.equal(outcome(await site.gate.admit(withBearer(token), desktops, 'upgrade')), 'admitted');
  });

  it("of an application's own are left alone: the cookie decides", async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const foreign = `${encode({ alg: 'RS256', typ: 'JWT' })}.e30.c2ln`;
    assert.equal(
      outcome(await site.gate.admit(withBearer(foreign), desktops, 'request')),
      'sign-in-required',
    );
    const both = withBearer(foreign, ['Cookie', `${sessionCookie}=${token}`]);
    assert.equal(outcome(await site.gate.admit(both, desktops, 'request')), 'admitted');
  });
});

describe('threat 15: other sites', () => {
  it("can't hijack a WebSocket: an upgrade with a cookie needs the application's own Origin", async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const foreign = [
      'https://attacker.example.com',
      'http://gateway.example.com',
      'https://gateway.example.com:8443',
      'https://gateway.example.com/',
      'https://gateway.example.com.attacker.example',
      'HTTPS://GATEWAY.EXAMPLE.COM',
      'null',
      '',
    ];
    for (let round = 0; round < 2; round++) {
      for (const from of foreign) {
        const refusal = await site.gate.admit(upgradeWith(token, from), desktops, 'upgrade');
        assert.equal(outcome(refusal), 'cross-origin', from);
      }
      const missing = withHeaders(['Cookie', `${sessionCookie}=${token}`]);
      assert.equal(outcome(await site.gate.admit(missing, desktops, 'upgrade')), 'cross-origin');
      assert.equal(outcome(await site.gate.admit(upgradeWith(token), desktops, 'upgrade')), 'admitted');
    }
  });

  it("can't use a bearer token from their pages; programs, which name no Origin, can", async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    for (const kind of ['request', 'upgrade'] as const) {
      const foreign = withBearer(token, ['Origin', 'https://attacker.example.com']);
      assert.equal(outcome(await site.gate.admit(foreign, desktops, kind)), 'cross-origin');
      const own = withBearer(token, ['Origin', origin]);
      assert.equal(outcome(await site.gate.admit(own, desktops, kind)), 'admitted');
    }
  });
});

describe('threat 6: headers that claim another origin, path or client', () => {
  it('have no influence', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const claims: [string, string][] = [
      ['X-Forwarded-For', '127.0.0.1'],
      ['X-Forwarded-Host', 'gateway.example.com'],
      ['X-Forwarded-Proto', 'https'],
      ['Forwarded', 'for=127.0.0.1;host=gateway.example.com'],
      ['X-Original-URL', '/.sallyport/'],
      ['X-Rewrite-URL', '/public'],
      ['X_Sallyport_User', 'alice'],
      ['X-Sallyport-User', 'alice'],
      ['User-Agent', 'kube-probe/1.29'],
      ['User-Agent', 'GoogleHC/1.0'],
    ];
    for (const claim of claims) {
      const anonymous = withHeaders(claim);
      assert.equal(outcome(await site.gate.admit(anonymous, desktops, 'request')), 'sign-in-required');
      const elsewhere = request([
        ['Host', 'other.example.com'],
        claim,
        ['Cookie', `${sessionCookie}=${token}`],
      ]);
      assert.equal(outcome(await site.gate.admit(elsewhere, desktops, 'request')), 'sign-in-required');
    }
  });
});

describe('what is told about refusals', () => {
  it('names user and session of a known one, and never a token', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await site.gate.admit(withCookie(token), { name: 'closed', allow: {} }, 'request');
    await site.gate.admit(withCookie('forged.token.value'), desktops, 'request');
    const refused = site.events.filter(({ type }) => type === 'request.refused');
    assert.deepEqual(refused, [
      {
        type: 'request.refused',
        code: 'not-assigned',
        upgrade: false,
        origin: { address: '192.0.2.1' },
        application: 'closed',
        session: session.id,
        user: alice.key,
      },
      {
        type: 'request.refused',
        code: 'sign-in-required',
        upgrade: false,
        origin: { address: '192.0.2.1' },
        application: 'desktops',
      },
    ]);
    assert.ok(!JSON.stringify(site.events).includes(token.slice(0, 40)));
  });

  it("says nothing of everybody's first visit, but counts it", async (t) => {
    const site = await openSite(t);
    await site.gate.admit(withHeaders(), desktops, 'request');
    assert.deepEqual(site.events, []);
    assert.deepEqual(site.decisions, ['sign-in-required']);
    await site.gate.admit(withHeaders(), desktops, 'upgrade');
    assert.equal(site.events.length, 1);
  });
});
