import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type GatedApplication, GateKeeper, ReplicaQuestions } from '../../src/access/index.ts';
import { systemRandom } from '../../src/random.ts';
import { referenceTo } from '../../src/sessions/index.ts';
import {
  desktops,
  openSite,
  outcome,
  RecordedConnection,
  reports,
  type Site,
  upgradeWith,
  withCookie,
} from './gate-site.ts';

const hour = 3_600_000;

/** Two replicas on one store; `here` is the gate of `site`. */
async function openTwo(t: TestContext) {
  const site = await openSite(t);
  const questions = [site.store, site.store].map(
    (store) => new ReplicaQuestions({ store, clock: site.clock, random: systemRandom }),
  );
  const [one, other] = questions.map((replicas) => {
    const gate = new GateKeeper({ ...site.options, replicas });
    replicas.start();
    gate.start();
    return gate;
  });
  assert.ok(one !== undefined && other !== undefined);
  t.after(() => {
    for (const gate of [one, other]) gate.close();
    for (const replicas of questions) replicas.close();
  });
  return { site, one, other, questions };
}

/** Admission while time goes by for whoever waits for an answer. */
async function asks(
  site: Site,
  gate: GateKeeper,
  token: string,
  application: GatedApplication = desktops,
  kind: 'request' | 'upgrade' = 'request',
): Promise<string> {
  const request = kind === 'request' ? withCookie(token) : upgradeWith(token);
  let decided: string | undefined;
  const decision = Promise.resolve(gate.admit(request, application, kind)).then((result) => {
    decided = outcome(result);
  });
  for (let waited = 0; decided === undefined && waited < 250; waited += 50) {
    await site.settled();
    site.clock.advance(50);
  }
  await decision;
  return decided ?? '';
}

async function opens(gate: GateKeeper, token: string) {
  const session = await gate.admit(upgradeWith(token), desktops, 'upgrade');
  assert.ok(session.kind === 'session', outcome(session));
  const opened = await gate.open(session, desktops, { address: '192.0.2.1' });
  assert.ok(opened.kind === 'session', outcome(opened));
  const tunnel = new RecordedConnection(desktops.name);
  opened.attach(tunnel);
  return { session: opened, tunnel };
}

describe('an expired session whose tunnel is on another replica', () => {
  it('reaches its application on every replica until that tunnel closes, and opens nothing', async (t) => {
    const { site, one, other } = await openTwo(t);
    const { token } = await site.signIn();
    const { session, tunnel } = await opens(one, token);
    assert.equal(await asks(site, other, token), 'admitted');
    site.clock.jump(site.clock.now() + 8 * hour);
    for (const gate of [one, other]) {
      assert.equal(await asks(site, gate, token), 'admitted');
      assert.equal(await asks(site, gate, token, desktops, 'upgrade'), 'sign-in-expired');
      assert.equal(await asks(site, gate, token, reports), 'sign-in-expired', 'another application');
    }
    session.detach(tunnel);
    site.clock.advance(2_000);
    for (const gate of [one, other]) assert.equal(await asks(site, gate, token), 'sign-in-expired');
  });

  it('is asked about once in a while, not with each request', async (t) => {
    const { site, one, other } = await openTwo(t);
    const { token } = await site.signIn();
    await opens(one, token);
    site.clock.jump(site.clock.now() + 8 * hour);
    let asked = 0;
    const subscription = site.store.subscribe('replicas', {
      message: (message) => {
        if (JSON.stringify(message).includes('"asks"')) asked += 1;
      },
    });
    for (let count = 0; count < 3; count += 1) assert.equal(await asks(site, other, token), 'admitted');
    assert.equal(asked, 1);
    assert.equal(other.admit(withCookie(token), desktops, 'request') instanceof Promise, false);
    site.clock.advance(2_000);
    const many = Array.from({ length: 5 }, () => asks(site, other, token));
    assert.deepEqual([...new Set(await Promise.all(many))], ['admitted']);
    assert.equal(asked, 2);
    subscription.close();
  });

  it('is refused when nobody answers in time, and nobody is asked about a session that still lasts', async (t) => {
    const { site, other, questions } = await openTwo(t);
    const { token } = await site.signIn();
    let asked = 0;
    const [, asking] = questions;
    assert.ok(asking);
    const ask = asking.ask.bind(asking);
    asking.ask = (...question) => {
      asked += 1;
      return ask(...question);
    };
    await opens(other, token);
    assert.equal(await asks(site, other, token), 'admitted');
    assert.equal(asked, 0);
    const stranger = await site.signIn();
    assert.equal(await asks(site, other, stranger.token), 'admitted');
    site.clock.jump(site.clock.now() + 8 * hour);
    assert.equal(await asks(site, other, stranger.token), 'sign-in-expired');
    assert.equal(asked, 1);
  });

  it('is refused at once where remote sessions are closed at the expiry', async (t) => {
    const { site, one, other } = await openTwo(t);
    const { token } = await site.signIn();
    await opens(one, token);
    assert.equal(await asks(site, other, token), 'admitted');
    site.settings.change({ closeAtExpiry: true });
    await site.settled();
    assert.equal(await asks(site, other, token), 'admitted');
    site.clock.jump(site.clock.now() + 8 * hour);
    const decision = other.admit(withCookie(token), desktops, 'request');
    assert.ok(!(decision instanceof Promise), 'nobody is asked');
    assert.equal(outcome(decision), 'sign-in-expired');
  });

  it('is refused at once when it is revoked, whatever was answered before', async (t) => {
    const { site, one, other } = await openTwo(t);
    const { token, session } = await site.signIn();
    const { tunnel } = await opens(one, token);
    site.clock.jump(site.clock.now() + 8 * hour);
    assert.equal(await asks(site, other, token), 'admitted');
    await site.sessions.revoke(referenceTo(session), { reason: 'test', actor: 'test' });
    await site.settled();
    assert.equal(await asks(site, other, token), 'sign-in-required');
    assert.deepEqual(tunnel.closed, ['test']);
  });

  it('is refused while this replica is deaf: then it believes nothing', async (t) => {
    const { site, one, other } = await openTwo(t);
    const { token } = await site.signIn();
    await opens(one, token);
    site.clock.jump(site.clock.now() + 8 * hour);
    assert.equal(await asks(site, other, token), 'admitted');
    site.faults.goDeaf();
    assert.equal(await asks(site, other, token), 'sign-in-expired');
    assert.equal(await asks(site, one, token), 'admitted', 'its own tunnels it sees');
  });

  it('does not tell about the sessions of others', async (t) => {
    const { site, one, questions } = await openTwo(t);
    const { token, session } = await site.signIn();
    await opens(one, token);
    const [, asking] = questions;
    const ask = async (question: { session: string; user: string; application: string }) => {
      const answer = asking?.ask('tunnel', question, { within: 250, heard: (part) => part === true });
      await site.settled();
      site.clock.advance(250);
      return answer;
    };
    const right = { session: session.id, user: session.user.key, application: 'desktops' };
    assert.equal(await ask(right), true);
    assert.equal(await ask({ ...right, user: 'local:mallory' }), false);
    assert.equal(await ask({ ...right, application: 'reports' }), false);
    assert.equal(await ask({ ...right, session: 'another' }), false);
  });
});
