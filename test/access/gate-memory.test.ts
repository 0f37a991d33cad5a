import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdmittedSession } from '../../src/access/index.ts';
import { referenceTo } from '../../src/sessions/index.ts';
import { desktops, openSite, origin, outcome, RecordedConnection, withCookie } from './gate-site.ts';

const minute = 60_000;

describe("the gate's memory", () => {
  it('holds no more than its limit, and asks again for what it has forgotten', async (t) => {
    const site = await openSite(t, { remembered: 3 });
    const signedIn = [];
    for (let count = 0; count < 6; count++) {
      signedIn.push(await site.signIn());
      site.clock.advance(2 * minute);
      await site.gate.admit(withCookie(signedIn.at(-1)?.token ?? ''), desktops, 'request');
    }
    assert.equal(site.gate.counts().granted, 3);
    for (const { token } of signedIn) {
      assert.equal(outcome(await site.gate.admit(withCookie(token), desktops, 'request')), 'admitted');
    }
  });

  it('does not believe a session that it had to forget, since it hears of no revocation', async (t) => {
    const site = await openSite(t, { remembered: 2 });
    const { token, session } = await site.signIn();
    const { token: another } = await site.tokens.issueSession(session, origin);
    const ask = async (presented: string) =>
      outcome(await site.gate.admit(withCookie(presented), desktops, 'request'));
    await ask(token);
    await ask((await site.signIn()).token);
    site.clock.advance(1000);
    // Of this session the younger token is still known when the session itself has to make room.
    await ask((await site.tokens.issueSession(session, origin)).token);
    await ask(another);
    site.clock.advance(2 * minute);
    await ask((await site.signIn()).token);
    await site.sessions.revoke(referenceTo(session), { reason: 'kill', actor: 'cli' });
    await site.settled();
    assert.equal(await ask(another), 'sign-in-required');
  });

  it('does not grow by tokens that are refused', async (t) => {
    const site = await openSite(t);
    for (let count = 0; count < 100; count++) {
      await site.gate.admit(withCookie(`forged.${count}.token`), desktops, 'request');
    }
    assert.deepEqual(site.gate.counts(), { granted: 0, active: 0, expired: 0 });
  });

  it('forgets what nobody uses, but nothing that has a connection', async (t) => {
    const site = await openSite(t);
    const [idle, busy] = [await site.signIn(), await site.signIn()];
    await site.gate.admit(withCookie(idle.token), desktops, 'request');
    const session = (await site.gate.admit(withCookie(busy.token), desktops, 'request')) as AdmittedSession;
    const tunnel = new RecordedConnection();
    session.attach(tunnel);
    site.clock.advance(20 * minute);
    assert.equal(site.gate.counts().granted, 1);
    await site.sessions.revoke(referenceTo(busy.session), { reason: 'kill', actor: 'cli' });
    await site.settled();
    assert.deepEqual(tunnel.closed, ['kill']);
  });

  it('still closes what is attached to a session it had forgotten meanwhile', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const held = (await site.gate.admit(withCookie(token), desktops, 'request')) as AdmittedSession;
    site.clock.advance(20 * minute);
    assert.equal(site.gate.counts().granted, 0);
    const tunnel = new RecordedConnection();
    held.attach(tunnel);
    await site.sessions.revoke(referenceTo(session), { reason: 'kill', actor: 'cli' });
    await site.settled();
    assert.deepEqual(tunnel.closed, ['kill']);
  });

  it('closes what is attached to a forgotten session when it has met the session anew', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const held = (await site.gate.admit(withCookie(token), desktops, 'request')) as AdmittedSession;
    site.clock.advance(20 * minute);
    await site.gate.admit(withCookie(token), desktops, 'request');
    const tunnel = new RecordedConnection();
    held.attach(tunnel);
    assert.deepEqual(tunnel.closed, ['session-forgotten']);
  });

  it('counts the sessions it knows by state', async (t) => {
    const site = await openSite(t);
    const [granted, active, over] = [await site.signIn(), await site.signIn(), await site.signIn()];
    for (const { token } of [granted, active, over]) {
      const session = (await site.gate.admit(withCookie(token), desktops, 'request')) as AdmittedSession;
      if (token === active.token) await site.gate.open(session, desktops, { address: '' });
    }
    assert.deepEqual(site.gate.counts(), { granted: 2, active: 1, expired: 0 });
    site.clock.jump(site.clock.now() + 60 * minute);
    assert.deepEqual(site.gate.counts(), { granted: 0, active: 1, expired: 2 });
  });

  it('does not remember a token that was verified just before the signing keys changed', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.faults.afterRead = async () => {
      site.faults.afterRead = undefined;
      await site.keys.rotate({ atOnce: true });
      await site.settled();
    };
    await site.gate.admit(withCookie(token), desktops, 'request');
    assert.equal(outcome(await site.gate.admit(withCookie(token), desktops, 'request')), 'sign-in-required');
  });

  it('verifies every token anew when the signing keys change', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    await site.gate.admit(withCookie(token), desktops, 'request');
    await site.keys.rotate({ atOnce: true });
    await site.settled();
    assert.equal(outcome(await site.gate.admit(withCookie(token), desktops, 'request')), 'sign-in-required');
  });
});
