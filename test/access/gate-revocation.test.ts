import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdmittedSession } from '../../src/access/index.ts';
import { referenceTo, type SessionRecord, Sessions } from '../../src/sessions/index.ts';
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

const from = { address: '192.0.2.1' };

const revoke = (site: Site, session: SessionRecord, reason = 'kill') =>
  site.sessions.revoke(referenceTo(session), { reason, actor: 'cli' });

async function admitted(site: Site, token: string): Promise<AdmittedSession> {
  const session = await site.gate.admit(upgradeWith(token), desktops, 'upgrade');
  assert.ok(session.kind === 'session', outcome(session));
  return session;
}

describe('a revocation', () => {
  it('closes every tunnel and every response in flight of that session, and of no other', async (t) => {
    const site = await openSite(t);
    const [one, other] = [await site.signIn(), await site.signIn()];
    const mine = [
      new RecordedConnection(),
      new RecordedConnection('reports'),
      new RecordedConnection('desktops', 'exchange'),
    ];
    const theirs = new RecordedConnection();
    const session = await admitted(site, one.token);
    for (const connection of mine) session.attach(connection);
    (await admitted(site, other.token)).attach(theirs);
    await revoke(site, one.session);
    await site.settled();
    assert.deepEqual(
      mine.map(({ closed }) => closed),
      [['kill'], ['kill'], ['kill']],
    );
    assert.deepEqual(theirs.closed, []);
    assert.equal(outcome(await site.gate.admit(withCookie(other.token), desktops, 'request')), 'admitted');
  });

  it('threat 7: refuses the next request on a connection that was let in before', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const kept = withCookie(token);
    await site.gate.admit(kept, desktops, 'request');
    assert.equal(outcome(await site.gate.admit(kept, desktops, 'request')), 'admitted');
    await revoke(site, session);
    await site.settled();
    assert.equal(outcome(await site.gate.admit(kept, desktops, 'request')), 'sign-in-required');
  });

  it('of one by a connection that cannot be closed still closes the others', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const gate = await admitted(site, token);
    const broken = new RecordedConnection();
    broken.close = () => {
      throw new Error('broken');
    };
    const other = new RecordedConnection();
    gate.attach(broken);
    gate.attach(other);
    await revoke(site, session);
    await site.settled();
    assert.deepEqual(other.closed, ['kill']);
  });

  it('closes the tunnels of an expired session too', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const gate = await admitted(site, token);
    const tunnel = new RecordedConnection();
    gate.attach(tunnel);
    site.clock.jump(site.clock.now() + 3_600_000);
    assert.equal(outcome(await site.gate.admit(withCookie(token), desktops, 'request')), 'admitted');
    await revoke(site, session);
    await site.settled();
    assert.deepEqual(tunnel.closed, ['kill']);
    assert.equal(outcome(await site.gate.admit(withCookie(token), desktops, 'request')), 'sign-in-required');
  });

  it('beats a load in flight that read the session before', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    let interrupted = false;
    site.faults.afterRead = async () => {
      if (interrupted) return;
      interrupted = true;
      await revoke(site, session);
      await site.settled();
    };
    assert.equal(outcome(await site.gate.admit(withCookie(token), desktops, 'request')), 'sign-in-required');
    assert.ok(interrupted);
  });

  it('beats an opening: nothing opens, and what is attached all the same is closed', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const gate = await admitted(site, token);
    let interrupted = false;
    site.faults.afterRead = async () => {
      if (interrupted) return;
      interrupted = true;
      // Written by another process: this one's own queue would wait for the opening.
      const other = new Sessions({
        ...site.options,
        store: site.faults.real,
        random: site.random,
        metrics: site.metrics,
      });
      await other.revoke(referenceTo(session), { reason: 'kill', actor: 'cli' });
    };
    assert.equal(outcome(await site.gate.open(gate, desktops, from)), 'sign-in-required');
    const late = new RecordedConnection();
    gate.attach(late);
    assert.equal(late.closed.length, 1);
    assert.ok(!site.events.some(({ type }) => type === 'session.active'));
  });

  it('that is heard while the opening is being written still wins', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const gate = await admitted(site, token);
    site.faults.afterWrite = async () => {
      site.faults.afterWrite = undefined;
      await site.store.publish('revocations', { user: alice.key, session: session.id, reason: 'kill' });
      await site.settled();
    };
    assert.equal(outcome(await site.gate.open(gate, desktops, from)), 'sign-in-required');
  });

  it('between opening and attaching closes the tunnel on arrival', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const gate = await admitted(site, token);
    assert.equal(outcome(await site.gate.open(gate, desktops, from)), 'admitted');
    await revoke(site, session);
    await site.settled();
    const tunnel = new RecordedConnection();
    gate.attach(tunnel);
    assert.deepEqual(tunnel.closed, ['kill']);
  });

  it('of all sessions of a user closes them all', async (t) => {
    const site = await openSite(t);
    const tunnels = [];
    for (let count = 0; count < 3; count++) {
      const tunnel = new RecordedConnection();
      (await admitted(site, (await site.signIn()).token)).attach(tunnel);
      tunnels.push(tunnel);
    }
    await site.sessions.revokeAll(
      { subscription: 'default', user: alice.key },
      { reason: 'reset', actor: 'cli' },
    );
    await site.settled();
    assert.deepEqual(
      tunnels.map(({ closed }) => closed),
      [['reset'], ['reset'], ['reset']],
    );
  });

  it('announced for a user as a whole, or in words nobody knows, is looked up in the store', async (t) => {
    const site = await openSite(t);
    const { token } = await site.signIn();
    const tunnel = new RecordedConnection();
    (await admitted(site, token)).attach(tunnel);
    const before = site.faults.reads;
    await site.store.publish('revocations', { user: alice.key, reason: 'ban' });
    await site.store.publish('revocations', 'what?');
    await site.settled();
    assert.ok(site.faults.reads > before);
    assert.deepEqual(tunnel.closed, []);
  });

  it('of 100 among 5,000 sessions with tunnels closes exactly theirs', async (t) => {
    const site = await openSite(t);
    const all: { session: SessionRecord; tunnel: RecordedConnection }[] = [];
    for (let count = 0; count < 5000; count++) {
      const { token, session } = await site.signIn();
      const tunnel = new RecordedConnection();
      (await admitted(site, token)).attach(tunnel);
      all.push({ session, tunnel });
    }
    const doomed = all.filter((_, index) => index % 50 === 7);
    for (const { session } of doomed) await revoke(site, session);
    await site.settled();
    const closed = all.filter(({ tunnel }) => tunnel.closed.length > 0);
    assert.deepEqual(
      closed.map(({ session }) => session.id),
      doomed.map(({ session }) => session.id),
    );
  });
});

describe('attaching and detaching', () => {
  it('may be repeated, and what is detached is left alone', async (t) => {
    const site = await openSite(t);
    const { token, session } = await site.signIn();
    const gate = await admitted(site, token);
    const tunnel = new RecordedConnection();
    gate.attach(tunnel);
    gate.attach(tunnel);
    assert.equal(site.gate.live().length, 1);
    assert.deepEqual(site.gate.live()[0]?.connections, [tunnel]);
    gate.detach(tunnel);
    gate.detach(tunnel);
    assert.deepEqual(site.gate.live(), []);
    await revoke(site, session);
    await site.settled();
    assert.deepEqual(tunnel.closed, []);
  });
});
