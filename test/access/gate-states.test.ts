import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdmittedSession } from '../../src/access/index.ts';
import { referenceTo } from '../../src/sessions/index.ts';
import {
  desktops,
  openSite,
  origin,
  outcome,
  RecordedConnection,
  reports,
  type Site,
  upgradeWith,
  withCookie,
  withHeaders,
} from './gate-site.ts';

const minute = 60_000;
const hour = 60 * minute;
const from = { address: '192.0.2.1', browser: 'test' };

const asks = async (site: Site, token: string, application = desktops): Promise<string> =>
  outcome(await site.gate.admit(withCookie(token), application, 'request'));

const upgrades = async (site: Site, token: string, application = desktops): Promise<string> =>
  outcome(await site.gate.admit(upgradeWith(token), application, 'upgrade'));

/** Opens a remote session as the proxy does; the tunnel is attached. */
async function opens(site: Site, token: string, application = desktops) {
  const arrivedAt = site.clock.now();
  const session = await site.gate.admit(upgradeWith(token), application, 'upgrade');
  assert.ok(session.kind === 'session', outcome(session));
  const opened = await site.gate.open(session, application, { ...from, arrivedAt });
  assert.ok(opened.kind === 'session', outcome(opened));
  const tunnel = new RecordedConnection(application.name);
  opened.attach(tunnel);
  return { session: opened, tunnel };
}

describe('the states of a 2FA session at the gate', () => {
  it('none: no request and no upgrade', async (t) => {
    const site = await openSite(t);
    const nothing = withHeaders();
    assert.equal(outcome(await site.gate.admit(nothing, desktops, 'request')), 'sign-in-required');
    assert.equal(outcome(await site.gate.admit(nothing, desktops, 'upgrade')), 'sign-in-required');
    assert.equal(outcome(await site.gate.admit(nothing, undefined, 'request')), 'sign-in-required');
  });

  it('pending: no request and no upgrade', async (t) => {
    const site = await openSite(t);
    const { token } = await site.tokens.issuePending({
      id: 'p',
      user: 'local:alice-id',
      expiresAt: site.clock.now() + hour,
    });
    assert.equal(await asks(site, token), 'sign-in-required');
    assert.equal(await upgrades(site, token), 'sign-in-required');
  });

  it('granted: requests, and an opening that makes it active, until the time before the first session is over', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    assert.equal(await asks(site, token), 'admitted');
    site.clock.jump(session.verifiedAt + hour - 1);
    assert.equal(await asks(site, token), 'admitted');
    assert.equal(await upgrades(site, token), 'admitted');
    site.clock.jump(session.verifiedAt + hour);
    assert.equal(await asks(site, token), 'sign-in-expired');
    assert.equal(await upgrades(site, token), 'sign-in-expired');
  });

  it('active: requests and openings until the time after the first session is over', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.clock.advance(minute);
    const T1 = site.clock.now();
    const { session, tunnel } = await opens(site, token);
    session.detach(tunnel);
    site.clock.jump(T1 + 8 * hour - 1);
    assert.equal(await asks(site, token), 'admitted');
    assert.equal(await upgrades(site, token), 'admitted');
    site.clock.jump(T1 + 8 * hour);
    assert.equal(await asks(site, token), 'sign-in-expired');
    assert.equal(await upgrades(site, token), 'sign-in-expired');
  });

  it('expired with open tunnels: requests to their application only, no opening, until the last tunnel closes', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const { session, tunnel } = await opens(site, token);
    const second = await opens(site, token);
    site.clock.jump(site.clock.now() + 8 * hour);
    assert.equal(await asks(site, token), 'admitted');
    assert.equal(await asks(site, token, reports), 'sign-in-expired');
    assert.equal(await upgrades(site, token), 'sign-in-expired');
    session.detach(tunnel);
    assert.equal(await asks(site, token), 'admitted');
    session.detach(second.tunnel);
    assert.equal(await asks(site, token), 'sign-in-expired');
    assert.deepEqual(tunnel.closed, []);
  });

  it('expired with open tunnels: requests go on after the token itself has expired, from any window', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await opens(site, token);
    const { token: another } = await site.tokens.issueSession(session, origin);
    site.clock.jump(site.clock.now() + 20 * hour);
    assert.equal(await asks(site, token), 'admitted');
    assert.equal(await asks(site, another), 'admitted');
    assert.equal(await upgrades(site, another), 'sign-in-expired');
  });

  it('expired with a response in flight but no tunnel: nothing new', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const session = (await site.gate.admit(withCookie(token), desktops, 'request')) as AdmittedSession;
    const download = new RecordedConnection('desktops', 'exchange');
    session.attach(download);
    site.clock.jump(site.clock.now() + hour);
    assert.equal(await asks(site, token), 'sign-in-expired');
    assert.deepEqual(download.closed, []);
  });

  it('revoked: nothing, from then on', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await site.sessions.revoke(referenceTo(session), { reason: 'sign-out', actor: 'local:alice-id' });
    assert.equal(await asks(site, token), 'sign-in-required');
    assert.equal(await upgrades(site, token), 'sign-in-required');
  });

  it('no application: not found for the verified, sign-in for everybody else, never admitted', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const refusal = await site.gate.admit(withCookie(token), undefined, 'request');
    assert.ok(refusal.kind === 'refusal');
    assert.deepEqual([refusal.code, refusal.user?.name], ['not-found', 'alice']);
    site.clock.jump(site.clock.now() + hour);
    assert.equal(outcome(await site.gate.admit(withCookie(token), undefined, 'request')), 'sign-in-expired');
  });

  it('not assigned: 403 with the name of who is signed in', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const closed = { name: 'closed', allow: { groups: ['board'] } };
    const refusal = await site.gate.admit(withCookie(token), closed, 'request');
    assert.ok(refusal.kind === 'refusal');
    assert.deepEqual([refusal.code, refusal.status, refusal.user?.name], ['not-assigned', 403, 'alice']);
    assert.equal(await upgrades(site, token, closed), 'not-assigned');
  });
});

describe('opening a remote session', () => {
  it('records T1 once, for the application that was opened first', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await opens(site, token);
    await opens(site, token, reports);
    assert.deepEqual(
      site.events.filter(({ type }) => type === 'session.active'),
      [
        {
          type: 'session.active',
          user: 'local:alice-id',
          name: 'alice',
          session: session.id,
          application: 'desktops',
          origin: from,
        },
      ],
    );
  });

  it('is admitted by the arrival of the upgrade, even when its upstream took until after the deadline', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    site.clock.jump(session.verifiedAt + hour - 1);
    const arrivedAt = site.clock.now();
    const admitted = await site.gate.admit(upgradeWith(token), desktops, 'upgrade');
    assert.ok(admitted.kind === 'session');
    site.clock.jump(arrivedAt + 20_000);
    assert.equal(await asks(site, token), 'sign-in-expired');
    const opened = await site.gate.open(admitted, desktops, { ...from, arrivedAt });
    assert.equal(outcome(opened), 'admitted');
    assert.equal(await asks(site, token), 'admitted');
  });

  it('never lasts longer than its token, whose upstream took its time at the last moment', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    site.clock.jump(session.verifiedAt + hour - 1);
    const arrivedAt = site.clock.now();
    const admitted = (await site.gate.admit(upgradeWith(token), desktops, 'upgrade')) as AdmittedSession;
    site.clock.jump(arrivedAt + 20_000);
    await site.gate.open(admitted, desktops, { ...from, arrivedAt });
    site.clock.jump(session.verifiedAt + 9 * hour - 1);
    assert.equal(await asks(site, token), 'admitted');
    site.clock.jump(session.verifiedAt + 9 * hour);
    assert.equal(await asks(site, token), 'sign-in-expired');
    assert.equal(await site.gate.find(token, origin), undefined);
  });

  it('starts no clock when the upstream fails', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    assert.equal(await upgrades(site, token), 'admitted');
    assert.equal((await site.sessions.find(referenceTo(session)))?.state.name, 'granted');
  });

  it('is refused after the end, whoever still holds the session', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const admitted = (await site.gate.admit(upgradeWith(token), desktops, 'upgrade')) as AdmittedSession;
    site.clock.jump(site.clock.now() + hour);
    assert.equal(outcome(await site.gate.open(admitted, desktops, from)), 'sign-in-expired');
  });

  it('is refused for what is not a session of this gate', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const real = (await site.gate.admit(upgradeWith(token), desktops, 'upgrade')) as AdmittedSession;
    const forged = { ...real, attach: () => {}, detach: () => {}, assertion: () => '' } as AdmittedSession;
    assert.equal(outcome(await site.gate.open(forged, desktops, from)), 'sign-in-required');
  });

  it('is refused for an application that the user may not use, although another was admitted', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const admitted = (await site.gate.admit(upgradeWith(token), desktops, 'upgrade')) as AdmittedSession;
    const closed = { name: 'closed', allow: { users: ['bob'] } };
    assert.equal(outcome(await site.gate.open(admitted, closed, from)), 'not-assigned');
    assert.equal((await site.sessions.find(referenceTo(session)))?.state.name, 'granted');
  });

  it('moves the end with each opening when counted from the last session, beyond the first token', async (t) => {
    const site = await openSite(t);
    site.settings.change({ countFrom: 'last-session' });
    const { token } = await site.signIn();
    const { session, tunnel } = await opens(site, token);
    session.detach(tunnel);
    for (let opening = 0; opening < 3; opening++) {
      site.clock.jump(site.clock.now() + 8 * hour - 1);
      const later = await opens(site, token);
      later.session.detach(later.tunnel);
    }
    assert.equal(await asks(site, token), 'admitted');
    site.clock.jump(site.clock.now() + 8 * hour);
    assert.equal(await asks(site, token), 'sign-in-expired');
  });
});

describe('settings that change under a session', () => {
  it('shorten it at once, for everybody whom this process remembers', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const { session, tunnel } = await opens(site, token);
    session.detach(tunnel);
    site.clock.jump(site.clock.now() + 61 * minute);
    assert.equal(await asks(site, token), 'admitted');
    site.settings.change({ validityAfterFirstSession: 60 });
    assert.equal(await asks(site, token), 'sign-in-expired');
  });

  it('never lengthen it, and never bring it back once it was seen to be over', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    assert.equal(await asks(site, token), 'admitted');
    site.clock.jump(site.clock.now() + 10 * minute);
    site.settings.change({ validityBeforeFirstSession: 60 });
    assert.equal(await asks(site, token), 'sign-in-expired');
    site.settings.change({ validityBeforeFirstSession: 86_400 });
    assert.equal(await asks(site, token), 'sign-in-expired');
    assert.equal(await upgrades(site, token), 'sign-in-expired');
  });
});

describe('settings that are shortened and lengthened again', () => {
  it('have ended the sessions this process remembers, although nobody asked meanwhile', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    assert.equal(await asks(site, token), 'admitted');
    site.clock.jump(site.clock.now() + 10 * minute);
    site.settings.change({ validityBeforeFirstSession: 60 });
    site.settings.change({ validityBeforeFirstSession: 3600 });
    assert.equal(await asks(site, token), 'sign-in-expired');
  });
});

describe('a clock that jumps', () => {
  it('threat 19: does not bring a session back that was seen to be over, here or in the store', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    assert.equal(await asks(site, token), 'admitted');
    const T0 = site.clock.now();
    site.clock.jump(T0 + 2 * hour);
    assert.equal(await asks(site, token), 'sign-in-expired');
    // The sweep that writes it down.
    site.clock.advance(2 * minute);
    await site.settled();
    site.clock.jump(T0);
    assert.equal(await asks(site, token), 'sign-in-expired');
    assert.equal((await site.sessions.find(referenceTo(session)))?.state.name, 'expired');
  });
});

describe('the end of a session with open tunnels', () => {
  it('leaves them open by default', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const { tunnel } = await opens(site, token);
    site.clock.jump(site.clock.now() + 8 * hour);
    site.clock.advance(minute);
    await site.settled();
    assert.deepEqual(tunnel.closed, []);
  });

  it('closes them within a second with "Close remote sessions at expiry"', async (t) => {
    const site = await openSite(t);
    site.settings.change({ closeAtExpiry: true });
    const { token } = await site.signIn();
    const { tunnel } = await opens(site, token);
    site.clock.jump(site.clock.now() + 8 * hour - 1);
    assert.deepEqual(tunnel.closed, []);
    site.clock.advance(1000);
    await site.settled();
    assert.deepEqual(tunnel.closed, ['expired']);
  });

  it('closes them when that setting is switched on afterwards', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const { tunnel } = await opens(site, token);
    site.clock.jump(site.clock.now() + 9 * hour);
    site.settings.change({ closeAtExpiry: true });
    await site.settled();
    assert.deepEqual(tunnel.closed, ['expired']);
  });

  it('keeps its record as long as they are open', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await opens(site, token);
    for (let days = 0; days < 20; days++) {
      site.clock.jump(site.clock.now() + 23 * hour);
      site.clock.advance(hour);
      await site.settled();
    }
    assert.ok(await site.sessions.find(referenceTo(session)));
  });
});
