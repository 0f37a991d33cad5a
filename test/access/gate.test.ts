import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delivered } from '../support/open-store.ts';
import { desktops, openSite, outcome, RecordedConnection, upgradeWith, withCookie } from './gate-site.ts';

describe('the gate', () => {
  it('reads an unknown session once and knows it from then on, without a promise', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const before = site.faults.reads;
    const first = site.gate.admit(withCookie(token), desktops, 'request');
    assert.ok(first instanceof Promise);
    const second = site.gate.admit(withCookie(token), desktops, 'request');
    assert.equal(outcome(await first), 'admitted');
    assert.equal(outcome(await second), 'admitted');
    assert.equal(site.faults.reads - before, 1);
    const known = site.gate.admit(withCookie(token), desktops, 'request');
    assert.ok(!(known instanceof Promise));
    assert.equal(known, await first);
  });

  it('closes every connection of a revoked session and refuses its next request', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const admitted = await site.gate.admit(upgradeWith(token), desktops, 'upgrade');
    assert.ok(admitted.kind === 'session');
    assert.equal(await site.gate.open(admitted, desktops, { address: '192.0.2.1' }), admitted);
    const tunnel = new RecordedConnection();
    admitted.attach(tunnel);
    await site.sessions.revoke(
      { subscription: 'default', user: session.user.key, id: session.id },
      { reason: 'sign-out', actor: session.user.key },
    );
    await delivered();
    assert.deepEqual(tunnel.closed, ['sign-out']);
    const again = site.gate.admit(withCookie(token), desktops, 'request');
    assert.ok(!(again instanceof Promise));
    assert.equal(outcome(again), 'sign-in-required');
    const late = new RecordedConnection();
    admitted.attach(late);
    assert.deepEqual(late.closed, ['sign-out']);
  });
});
