import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdmittedSession } from '../../src/access/index.ts';
import { referenceTo, Sessions } from '../../src/sessions/index.ts';
import {
  alice,
  desktops,
  openSite,
  outcome,
  RecordedConnection,
  type Site,
  upgradeWith,
  withCookie,
} from './gate-site.ts';

const minute = 60_000;

const ask = (site: Site, token: string) => site.gate.admit(withCookie(token), desktops, 'request');

async function attachTunnel(site: Site, token: string) {
  const session = (await site.gate.admit(upgradeWith(token), desktops, 'upgrade')) as AdmittedSession;
  const tunnel = new RecordedConnection();
  session.attach(tunnel);
  return { session, tunnel };
}

/** A revocation of which this process hears nothing. */
async function revokeElsewhere(site: Site, session: Parameters<typeof referenceTo>[0]): Promise<void> {
  const record = await site.faults.real.get<never>('sessions', `default/${alice.key}/${session.id}`);
  assert.ok(record);
  const state = { name: 'revoked', at: site.clock.now(), reason: 'kill' };
  await site.faults.real.put('sessions', record.key, Object.assign({}, record.value, { state }));
}

describe('threat 17: a gate that has gone deaf', () => {
  it('trusts nothing it remembers, and asks the store each time', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await ask(site, token);
    assert.ok(!(ask(site, token) instanceof Promise));
    site.faults.goDeaf();
    const before = site.faults.reads;
    const decisions = [ask(site, token), ask(site, token)];
    assert.ok(decisions.every((decision) => decision instanceof Promise));
    for (const decision of decisions) assert.equal(outcome(await decision), 'admitted');
    assert.equal(site.faults.reads - before, 2);
    await revokeElsewhere(site, session);
    assert.equal(outcome(await ask(site, token)), 'sign-in-required');
  });

  it('reads again what it was just reading', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    site.faults.afterRead = async () => {
      site.faults.afterRead = undefined;
      site.faults.goDeaf();
      await revokeElsewhere(site, session);
    };
    assert.equal(outcome(await ask(site, token)), 'sign-in-required');
  });

  it('closes what was revoked meanwhile within a second, as long as the store answers', async (t) => {
    const site = await openSite(t);
    const one = await site.signIn();
    const other = await site.signIn();
    const { tunnel } = await attachTunnel(site, one.token);
    const { tunnel: kept } = await attachTunnel(site, other.token);
    site.faults.goDeaf();
    await revokeElsewhere(site, one.session);
    site.clock.advance(1000);
    await site.settled();
    assert.deepEqual(tunnel.closed, ['kill']);
    assert.deepEqual(kept.closed, []);
  });

  it('reads the sessions of all open tunnels again when it hears again', async (t) => {
    const site = await openSite(t);
    const one = await site.signIn();
    const other = await site.signIn();
    const { tunnel } = await attachTunnel(site, one.token);
    const { tunnel: kept } = await attachTunnel(site, other.token);
    site.faults.goDeaf();
    await revokeElsewhere(site, one.session);
    site.faults.hearAgain();
    await site.settled();
    assert.deepEqual(tunnel.closed, ['kill']);
    assert.deepEqual(kept.closed, []);
    await ask(site, other.token);
    assert.ok(!(ask(site, other.token) instanceof Promise));
  });

  it('does not believe from memory what it knew before it was deaf', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    await ask(site, token);
    site.faults.goDeaf();
    await revokeElsewhere(site, session);
    site.faults.hearAgain();
    assert.equal(outcome(await ask(site, token)), 'sign-in-required');
  });

  it('tells the audit log once when it goes deaf and once when it hears', async (t) => {
    const site = await openSite(t);
    site.faults.goDeaf();
    site.faults.goDeaf();
    site.faults.hearAgain();
    const types = site.events.map(({ type }) => type).filter((type) => type.startsWith('store.'));
    assert.deepEqual(types, ['store.deaf', 'store.hearing']);
  });

  it('tells the audit log when the store is lost and when it is back, once each', async (t) => {
    const site = await openSite(t);
    site.faults.goDeaf();
    site.faults.failing = true;
    for (let tick = 0; tick < 3; tick++) {
      site.clock.advance(1000);
      await site.settled();
    }
    site.faults.failing = false;
    site.clock.advance(1000);
    await site.settled();
    site.faults.failing = true;
    site.clock.advance(1000);
    await site.settled();
    site.faults.hearAgain();
    const types = site.events.map(({ type }) => type).filter((type) => type.startsWith('store.'));
    assert.deepEqual(types, [
      'store.deaf',
      'store.lost',
      'store.back',
      'store.lost',
      'store.back',
      'store.hearing',
    ]);
  });

  it('has not started: it asks the store each time', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.gate.close();
    await ask(site, token);
    assert.ok(ask(site, token) instanceof Promise);
    assert.equal(outcome(await ask(site, token)), 'admitted');
  });
});

describe('threat 17: a store that cannot be reached', () => {
  it('answers 503 with a time to try again, to known and unknown, and lets nobody in', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const { token: unknown } = await site.signIn();
    await ask(site, token);
    site.faults.goDeaf();
    site.faults.failing = true;
    for (const each of [token, unknown]) {
      const refusal = await ask(site, each);
      assert.ok(refusal.kind === 'refusal');
      assert.deepEqual([refusal.code, refusal.status, refusal.retryAfter], ['store-unavailable', 503, 5]);
    }
    site.faults.failing = false;
    site.faults.hearAgain();
    assert.equal(outcome(await ask(site, token)), 'admitted');
    assert.equal(outcome(await ask(site, unknown)), 'admitted');
  });

  it('opens nothing, even for a session that is known well', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const session = (await ask(site, token)) as AdmittedSession;
    site.faults.failing = true;
    assert.equal(outcome(await site.gate.open(session, desktops, { address: '' })), 'store-unavailable');
  });

  it('leaves open tunnels open for as long as it is told to, and then closes them', async (t) => {
    const site = await openSite(t, { closeWhenStoreLostFor: 15 * minute });
    const { token } = await site.signIn();
    const { tunnel } = await attachTunnel(site, token);
    site.faults.goDeaf();
    site.faults.failing = true;
    for (let passed = 0; passed < 14; passed++) {
      site.clock.advance(minute);
      await site.settled();
    }
    assert.deepEqual(tunnel.closed, []);
    site.clock.advance(minute);
    await site.settled();
    site.clock.advance(1000);
    await site.settled();
    assert.deepEqual(tunnel.closed, ['store-lost']);
  });

  it('counts that time afresh once the store has answered', async (t) => {
    const site = await openSite(t, { closeWhenStoreLostFor: 15 * minute });
    const { token } = await site.signIn();
    const { tunnel } = await attachTunnel(site, token);
    for (let round = 0; round < 3; round++) {
      site.faults.goDeaf();
      site.faults.failing = true;
      site.clock.advance(10 * minute);
      await site.settled();
      site.faults.failing = false;
      site.clock.advance(1000);
      await site.settled();
    }
    assert.deepEqual(tunnel.closed, []);
  });

  it('that forgot a session revokes it here: a store restored empty lets nobody on', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const { tunnel } = await attachTunnel(site, token);
    await site.faults.real.delete('sessions', `default/${alice.key}/${session.id}`);
    site.faults.goDeaf();
    site.faults.hearAgain();
    await site.settled();
    assert.deepEqual(tunnel.closed, ['session-removed']);
    assert.equal(outcome(await ask(site, token)), 'sign-in-required');
  });

  it('fails in a way nobody foresaw: refused, never thrown', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.faults.afterRead = async () => {
      throw new TypeError('boom');
    };
    assert.equal(outcome(await ask(site, token)), 'internal');
  });
});

describe('a session that changes faster than it can be read', () => {
  it('is refused for now, and not read for ever', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    site.faults.afterRead = async () => {
      await site.store.publish('accounts', { user: alice.key });
      await site.settled();
    };
    assert.equal(outcome(await ask(site, token)), 'store-unavailable');
  });
});

describe('two replicas', () => {
  it('threat 8: give one T1 to two first openings at once, and both know the same end', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const admitted = (await site.gate.admit(upgradeWith(token), desktops, 'upgrade')) as AdmittedSession;
    const other = new Sessions({
      ...site.options,
      store: site.store,
      random: site.random,
      metrics: site.metrics,
    });
    const [here, there] = await Promise.all([
      site.gate.open(admitted, desktops, { address: '192.0.2.1' }),
      other.open(referenceTo(session), site.clock.now()),
    ]);
    assert.equal(outcome(here), 'admitted');
    assert.equal(there.result, 'opened');
    const firsts = site.events.filter(({ type }) => type === 'session.active').length;
    assert.equal(firsts + (there.result === 'opened' && there.first ? 1 : 0), 1);
  });
});
