import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { GateKeeper } from '../../src/access/index.ts';
import { referenceTo } from '../../src/sessions/index.ts';
import { desktops, openSite, outcome, RecordedConnection, upgradeWith } from './gate-site.ts';

const hour = 3_600_000;

/** Somebody with an open tunnel and *Close remote sessions at expiry*, a second before the end. */
async function nearTheEnd(t: TestContext) {
  const site = await openSite(t);
  site.settings.change({ closeAtExpiry: true });
  const { session, token } = await site.signIn();
  const ask = (gate = site.gate) => gate.admit(upgradeWith(token), desktops, 'upgrade');
  const admitted = await ask();
  assert.ok(admitted.kind === 'session');
  await site.gate.open(admitted, desktops, { address: '' });
  const tunnel = new RecordedConnection();
  admitted.attach(tunnel);
  const end = site.clock.now() + 8 * hour;
  site.clock.jump(end - 1000);
  const renew = () =>
    site.sessions.renew(referenceTo(session), { amr: ['pwd', 'otp'], arrivedAt: site.clock.now() });
  return { site, session, token, tunnel, end, renew, ask };
}

describe('a renewal at the gate', () => {
  it('is known to it as soon as it is announced, with every answer from memory', async (t) => {
    const { site, tunnel, renew, ask } = await nearTheEnd(t);
    await renew();
    await site.settled();
    site.clock.advance(2000);
    await site.settled();
    assert.deepEqual(tunnel.closed, []);
    const reads = site.faults.reads;
    const decision = ask();
    assert.ok(!(decision instanceof Promise));
    assert.equal(outcome(decision), 'admitted');
    assert.equal(site.faults.reads, reads);
    site.clock.advance(8 * hour);
    await site.settled();
    assert.deepEqual(tunnel.closed, ['expired']);
  });

  it('that was not heard of yet keeps open what would close: the store is asked first', async (t) => {
    const { site, tunnel, renew } = await nearTheEnd(t);
    site.faults.goDeaf();
    await renew();
    site.clock.advance(2000);
    assert.deepEqual(tunnel.closed, []);
    await site.settled();
    assert.deepEqual(tunnel.closed, []);
  });

  it('that cannot be asked about keeps nothing open', async (t) => {
    const { site, tunnel } = await nearTheEnd(t);
    site.faults.failing = true;
    site.clock.advance(2000);
    await site.settled();
    assert.deepEqual(tunnel.closed, ['expired']);
  });

  it('reaches also a gate that has seen the session end, when its request came in time', async (t) => {
    const { site, session, end, ask } = await nearTheEnd(t);
    const other = new GateKeeper(site.options);
    other.start();
    t.after(() => other.close());
    assert.equal(outcome(await ask(other)), 'admitted');
    site.settings.change({ closeAtExpiry: false });
    site.clock.jump(end);
    assert.equal(outcome(await ask(other)), 'sign-in-expired');
    await site.sessions.renew(referenceTo(session), { amr: ['pwd', 'otp'], arrivedAt: end - 1 });
    await site.settled();
    assert.equal(outcome(await ask(other)), 'admitted');
    // What it would have written down a minute later is not believed any more.
    await site.sessions.expire(referenceTo(session), end, session.state);
    assert.equal((await site.sessions.find(referenceTo(session)))?.state.name, 'active');
  });

  it('lets the token outlive its time, and a session that was never renewed not', async (t) => {
    const { site, renew, ask } = await nearTheEnd(t);
    const other = await site.signIn();
    await renew();
    await site.settled();
    site.clock.jump(site.clock.now() + 2 * hour);
    // Nobody has it in memory: as after a restart.
    const fresh = new GateKeeper(site.options);
    fresh.start();
    t.after(() => fresh.close());
    assert.equal(outcome(await ask(fresh)), 'admitted');
    const refused = await fresh.admit(upgradeWith(other.token), desktops, 'upgrade');
    assert.equal(outcome(refused), 'sign-in-expired');
  });
});
