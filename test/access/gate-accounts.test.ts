import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdmittedSession } from '../../src/access/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { referenceTo } from '../../src/sessions/index.ts';
import {
  alice,
  desktops,
  openSite,
  origin,
  outcome,
  RecordedConnection,
  reports,
  type Site,
  upgradeWith,
  withCookie,
} from './gate-site.ts';

const ask = async (site: Site, token: string, application = desktops): Promise<string> =>
  outcome(await site.gate.admit(withCookie(token), application, 'request'));

async function attachTunnel(site: Site, token: string, application = desktops) {
  const session = (await site.gate.admit(upgradeWith(token), application, 'upgrade')) as AdmittedSession;
  const tunnel = new RecordedConnection(application.name);
  session.attach(tunnel);
  return tunnel;
}

async function announce(site: Site, message: { user: string } | { group: string } | { everyone: true }) {
  await site.store.publish('accounts', message);
  await site.settled();
}

describe('a change of an account', () => {
  it('of the groups closes what is for others now, and leaves the rest', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const desktop = await attachTunnel(site, token);
    const report = await attachTunnel(site, token, reports);
    site.directory.users.set(alice.key, { ...alice, groups: [] });
    await announce(site, { user: alice.key });
    assert.deepEqual(report.closed, ['access-withdrawn']);
    assert.deepEqual(desktop.closed, []);
    assert.equal(await ask(site, token, reports), 'not-assigned');
    assert.equal(await ask(site, token), 'admitted');
  });

  it('of the groups gives as well as it takes', async (t) => {
    const site = await openSite(t);
    site.directory.users.set(alice.key, { ...alice, groups: [] });
    const { token } = await site.signIn();
    assert.equal(await ask(site, token, reports), 'not-assigned');
    site.directory.users.set(alice.key, alice);
    await announce(site, { group: 'staff' });
    assert.equal(await ask(site, token, reports), 'admitted');
  });

  it('that disables or removes the user ends and revokes their sessions', async (t) => {
    for (const change of ['disabled', 'removed']) {
      const site = await openSite(t);
      const { token, session } = await site.signIn();
      const tunnel = await attachTunnel(site, token);
      if (change === 'removed') site.directory.users.delete(alice.key);
      else site.directory.users.set(alice.key, { ...alice, disabled: true });
      await announce(site, { user: alice.key });
      assert.deepEqual(tunnel.closed, [`user-${change}`]);
      assert.equal(await ask(site, token), 'sign-in-required');
      const stored = await site.sessions.find(referenceTo(session));
      assert.ok(stored?.state.name === 'revoked' && stored.state.reason === `user-${change}`);
    }
  });

  it('of everybody reaches sessions without connections when they next ask', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    assert.equal(await ask(site, token, reports), 'admitted');
    site.directory.users.set(alice.key, { ...alice, groups: [] });
    await announce(site, { everyone: true });
    assert.equal(await ask(site, token, reports), 'not-assigned');
  });

  it('is seen by a session that this process meets for the first time', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.directory.users.set(alice.key, { ...alice, groups: [], displayName: 'Alice B.' });
    assert.equal(await ask(site, token, reports), 'not-assigned');
    const session = (await site.gate.admit(withCookie(token), desktops, 'request')) as AdmittedSession;
    assert.equal(session.user.displayName, 'Alice B.');
  });

  it('that cannot be told leaves a verified session as it was', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const tunnel = await attachTunnel(site, token, reports);
    site.directory.failure = new Error('the directory is down');
    await announce(site, { user: alice.key });
    assert.deepEqual(tunnel.closed, []);
    assert.equal(await ask(site, token, reports), 'admitted');
    site.directory.failure = undefined;
    site.directory.users.set(alice.key, { ...alice, groups: [], groupsComplete: false });
    await announce(site, { user: alice.key });
    assert.deepEqual(tunnel.closed, []);
  });

  it('that cannot be read from the store is a 503', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.directory.failure = new GatewayError('store-unavailable');
    assert.equal(await ask(site, token), 'store-unavailable');
  });
});

describe('a password-only session', () => {
  const passwordOnly = ['pwd'];

  it('passes while its user is not obliged to a second factor', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn(passwordOnly);
    assert.equal(await ask(site, token), 'admitted');
  });

  it('is refused and revoked once its user is obliged, with all its tunnels', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn(passwordOnly);
    const verified = await site.signIn();
    const tunnel = await attachTunnel(site, token);
    const kept = await attachTunnel(site, verified.token);
    site.directory.obligation = { required: true, rule: 'everyone', since: 0, method: 'app' };
    await announce(site, { everyone: true });
    assert.deepEqual(tunnel.closed, ['second-factor-required']);
    assert.deepEqual(kept.closed, []);
    assert.equal(await ask(site, token), 'sign-in-required');
    assert.equal((await site.sessions.find(referenceTo(session)))?.state.name, 'revoked');
    assert.equal(await ask(site, verified.token), 'admitted');
  });

  it('is refused when users who are not enabled are denied, unless they are exempt', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn(passwordOnly);
    site.directory.obligation = { required: false, rule: 'exempt' };
    site.settings.change({ unlistedUsers: 'deny' });
    await site.settled();
    assert.equal(await ask(site, token), 'admitted');
    site.directory.obligation = { required: false, rule: 'not-listed' };
    await announce(site, { user: alice.key });
    assert.equal(await ask(site, token), 'sign-in-required');
  });

  it('is not let in on a guess while the directory is down', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn(passwordOnly);
    site.directory.failure = new Error('the directory is down');
    assert.equal(await ask(site, token), 'store-unavailable');
  });
});

describe('a change of the applications', () => {
  it('closes what is gone or for others now, at once', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const desktop = await attachTunnel(site, token);
    const report = await attachTunnel(site, token, reports);
    site.applications.delete('desktops');
    site.applications.set('reports', { name: 'reports', allow: { groups: ['board'] } });
    site.gate.applicationsChanged();
    assert.deepEqual(desktop.closed, ['application-removed']);
    assert.deepEqual(report.closed, ['access-withdrawn']);
  });

  it('leaves what still may be, although every application is a new object', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const tunnel = await attachTunnel(site, token);
    const renewed = { name: 'desktops' };
    site.applications.set('desktops', renewed);
    site.gate.applicationsChanged();
    assert.deepEqual(tunnel.closed, []);
    site.clock.jump(site.clock.now() + 3_600_000);
    assert.equal(await ask(site, token, renewed), 'admitted');
  });
});

describe("the gateway's own pages", () => {
  it('find the live session of a token for their origin, by asking the store', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    assert.equal((await site.gate.find(token, origin))?.id, session.id);
    assert.equal(await site.gate.find(token, 'https://apps.example.com'), undefined);
    assert.equal(await site.gate.find('x', origin), undefined);
    await site.sessions.revoke(referenceTo(session), { reason: 'kill', actor: 'cli' });
    assert.equal(await site.gate.find(token, origin), undefined);
  });

  it('find none that has expired, whatever tunnels it has', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    await attachTunnel(site, token);
    site.clock.jump(site.clock.now() + 3_600_000);
    assert.equal(await ask(site, token), 'admitted');
    assert.equal(await site.gate.find(token, origin), undefined);
  });
});

describe('assertions', () => {
  it('are signed once per application and session, and anew before they run out', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const session = (await site.gate.admit(withCookie(token), desktops, 'request')) as AdmittedSession;
    const [one, same] = await Promise.all([session.assertion('desktops'), session.assertion('desktops')]);
    assert.equal(one, same);
    assert.equal(session.assertion('desktops'), one);
    assert.notEqual(await session.assertion('reports'), one);
    site.clock.advance(41_000);
    const renewed = session.assertion('desktops');
    assert.ok(renewed instanceof Promise);
    assert.notEqual(await renewed, one);
    site.clock.jump(site.clock.now() - 600_000);
    assert.ok(session.assertion('desktops') instanceof Promise);
  });
});
