import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { AuditEvent } from '../../src/audit/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { systemRandom } from '../../src/random.ts';
import { type Grant, referenceTo, Sessions } from '../../src/sessions/index.ts';
import type { Settings } from '../../src/settings/index.ts';
import { type Json, SqliteStore, type Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';
import { hour, metrics } from './token-site.ts';

const validity: Pick<Settings, 'validityBeforeFirstSession' | 'validityAfterFirstSession' | 'countFrom'> = {
  validityBeforeFirstSession: 3600,
  validityAfterFirstSession: 480,
  countFrom: 'first-session',
};

const grant = (name = 'alice', amr: readonly string[] = ['pwd', 'otp']): Grant => ({
  subscription: 'default',
  user: { key: `local:${name}`, name, displayName: name, directory: 'local', groups: [] },
  amr,
  shared: false,
  address: '192.0.2.1',
  browser: 'test',
});

/** Sessions on a store, and further processes on the same one. */
async function openSessions(context: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  context.after(() => store.close());
  const events: AuditEvent[] = [];
  const replica = (on: Store = store): Sessions =>
    new Sessions({
      store: on,
      settings: { current: () => validity as Settings, onChange: () => () => {} },
      clock,
      random: systemRandom,
      audit: { record: (event) => events.push(event), flush: async () => {} },
      metrics,
    });
  return { clock, store, events, replica, sessions: replica() };
}

/** A store whose reads wait until `parties` of them have been made, so that all write on the same version. */
function readTogether(store: Store, parties: number): Pick<Store, 'get' | 'put'> & Store {
  let waiting: (() => void)[] = [];
  let met = false;
  return Object.assign(Object.create(store) as Store, {
    get: async (collection: string, key: string) => {
      const document = await store.get<never>(collection, key);
      if (!met) {
        const all = new Promise<void>((resolve) => waiting.push(resolve));
        if (waiting.length === parties) {
          met = true;
          for (const go of waiting) go();
          waiting = [];
        }
        await all;
      }
      return document;
    },
    put: (...parameters: Parameters<Store['put']>) => store.put(...parameters),
  });
}

describe('2FA sessions in the store', () => {
  it('are granted, found again, and listed by their user alone', async (t) => {
    const { sessions } = await openSessions(t);
    const one = await sessions.grant(grant());
    const other = await sessions.grant(grant());
    await sessions.grant(grant('alice2'));
    assert.deepEqual(await sessions.find(referenceTo(one)), one);
    const listed = await sessions.listOf({ subscription: 'default', user: 'local:alice' });
    assert.deepEqual(listed.map(({ id }) => id).sort(), [one.id, other.id].sort());
    assert.equal(await sessions.find({ ...referenceTo(one), user: 'local:alice2' }), undefined);
    assert.equal(await sessions.find({ ...referenceTo(one), id: 'no' }), undefined);
  });

  it('become active by the first opening, which is T1, and stay on that clock', async (t) => {
    const { clock, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    assert.equal(sessions.stateOf(session).name, 'granted');
    assert.equal(sessions.endsAt(session), clock.now() + hour);
    clock.advance(1000);
    const T1 = clock.now();
    const first = await sessions.open(referenceTo(session), T1);
    assert.ok(first.result === 'opened' && first.first);
    assert.equal(sessions.endsAt(first.session), T1 + 8 * hour);
    clock.advance(1000);
    const second = await sessions.open(referenceTo(session), clock.now());
    assert.ok(second.result === 'opened' && !second.first);
    assert.equal(sessions.endsAt(second.session), T1 + 8 * hour);
  });

  it('threat 8: do not open between "expired" and "swept", and are not touched by the try', async (t) => {
    const { clock, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    clock.jump(clock.now() + hour);
    assert.deepEqual(await sessions.open(referenceTo(session), clock.now()), {
      result: 'refused',
      reason: 'expired',
    });
    assert.equal((await sessions.find(referenceTo(session)))?.state.name, 'granted');
    assert.equal((await sessions.open(referenceTo(session), clock.now() - 1)).result, 'opened');
  });

  it('threat 8: get one T1 from two first openings at the same instant on two replicas', async (t) => {
    const { clock, store, replica, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    const together = readTogether(store, 2);
    const [one, other] = [replica(together), replica(together)];
    const openings = await Promise.all([
      one.open(referenceTo(session), clock.now()),
      other.open(referenceTo(session), clock.now()),
    ]);
    assert.deepEqual(openings.map((opening) => opening.result === 'opened' && opening.first).sort(), [
      false,
      true,
    ]);
    const stored = await sessions.find(referenceTo(session));
    assert.ok(stored?.state.name === 'active');
    assert.equal(stored.state.firstSessionAt, clock.now());
  });

  it('threat 8: get one T1 from openings of two processes on one file', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-sessions-'));
    const clock = new ManualClock();
    const stores: SqliteStore[] = [];
    for (let process = 0; process < 2; process++) {
      stores.push(await SqliteStore.open({ path: join(folder, 'store.sqlite'), clock }));
    }
    t.after(async () => {
      for (const store of stores) await store.close();
      await rm(folder, { recursive: true, force: true });
    });
    const { replica } = await openSessions(t);
    const replicas = stores.map((store) => replica(store));
    const [first] = replicas;
    assert.ok(first);
    const session = await first.grant(grant());
    const openings = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (replicas[index % 2] ?? first).open(referenceTo(session), session.verifiedAt),
      ),
    );
    assert.equal(openings.filter((opening) => opening.result === 'opened' && opening.first).length, 1);
    assert.equal(openings.filter(({ result }) => result === 'opened').length, 20);
  });

  it('threat 8: are not opened when a revocation gets in between', async (t) => {
    const { clock, store, replica, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    let interrupted = false;
    const slow = Object.assign(Object.create(store) as Store, {
      get: async (collection: string, key: string) => {
        const document = await store.get<never>(collection, key);
        if (!interrupted) {
          interrupted = true;
          await sessions.revoke(referenceTo(session), { reason: 'ban', actor: 'system' });
        }
        return document;
      },
      put: (...parameters: Parameters<Store['put']>) => store.put(...parameters),
    });
    assert.deepEqual(await replica(slow).open(referenceTo(session), clock.now()), {
      result: 'refused',
      reason: 'revoked',
    });
  });

  it('give up with store-unavailable when every write is lost, and never loop for ever', async (t) => {
    const { clock, store, replica, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    let writes = 0;
    const losing = Object.assign(Object.create(store) as Store, {
      get: (collection: string, key: string) => store.get<never>(collection, key),
      put: async () => {
        writes++;
        throw new GatewayError('conflict');
      },
    });
    await assert.rejects(replica(losing).open(referenceTo(session), clock.now()), {
      code: 'store-unavailable',
    });
    assert.ok(writes <= 1000);
  });

  it('serve many openings of one session at once in one process', async (t) => {
    const { clock, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    const openings = await Promise.all(
      Array.from({ length: 200 }, () => sessions.open(referenceTo(session), clock.now())),
    );
    assert.ok(openings.every(({ result }) => result === 'opened'));
  });
});

describe('revocation', () => {
  it('is announced with its write, recorded once, and stays', async (t) => {
    const { clock, store, events, sessions } = await openSessions(t);
    const heard: Json[] = [];
    store.subscribe('revocations', { message: (message) => heard.push(message) });
    const session = await sessions.grant(grant());
    const reference = referenceTo(session);
    assert.equal(await sessions.revoke(reference, { reason: 'kill', actor: 'local:admin' }), true);
    assert.equal(await sessions.revoke(reference, { reason: 'again', actor: 'local:admin' }), false);
    await delivered();
    assert.deepEqual(heard, [{ user: 'local:alice', session: session.id, reason: 'kill' }]);
    assert.deepEqual(events, [
      {
        type: 'session.revoked',
        user: 'local:alice',
        session: session.id,
        reason: 'kill',
        actor: 'local:admin',
      },
    ]);
    const stored = await sessions.find(reference);
    assert.deepEqual(stored?.state, { name: 'revoked', at: clock.now(), reason: 'kill' });
    assert.equal((await sessions.open(reference, clock.now())).result, 'refused');
  });

  it('of an expired session is still announced, since tunnels may be open', async (t) => {
    const { clock, store, sessions } = await openSessions(t);
    const heard: Json[] = [];
    const session = await sessions.grant(grant());
    await sessions.expire(referenceTo(session), clock.now() + hour, session.state);
    assert.equal((await sessions.find(referenceTo(session)))?.state.name, 'expired');
    store.subscribe('revocations', { message: (message) => heard.push(message) });
    assert.equal(await sessions.revoke(referenceTo(session), { reason: 'kill', actor: 'cli' }), true);
    await delivered();
    assert.equal(heard.length, 1);
  });

  it('of all sessions of a user leaves no live one, and touches nobody else', async (t) => {
    const { sessions } = await openSessions(t);
    for (let count = 0; count < 5; count++) await sessions.grant(grant());
    const other = await sessions.grant(grant('bob'));
    const user = { subscription: 'default', user: 'local:alice' };
    assert.equal(await sessions.revokeAll(user, { reason: 'reset', actor: 'cli' }), 5);
    assert.equal(await sessions.revokeAll(user, { reason: 'reset', actor: 'cli' }), 0);
    assert.ok((await sessions.listOf(user)).every(({ state }) => state.name === 'revoked'));
    assert.equal((await sessions.find(referenceTo(other)))?.state.name, 'granted');
  });

  it('of all sessions of a user includes one that is granted meanwhile', async (t) => {
    const { store, replica, sessions } = await openSessions(t);
    await sessions.grant(grant());
    let granting: Promise<unknown> | undefined;
    const busy = Object.assign(Object.create(store) as Store, {
      get: (collection: string, key: string) => store.get<never>(collection, key),
      put: (...parameters: Parameters<Store['put']>) => store.put(...parameters),
      list: async (...parameters: Parameters<Store['list']>) => {
        const page = await store.list<never>(...parameters);
        granting ??= sessions.grant(grant());
        await granting;
        return page;
      },
    });
    const user = { subscription: 'default', user: 'local:alice' };
    assert.equal(await replica(busy).revokeAll(user, { reason: 'user-removed', actor: 'cli' }), 2);
  });

  it('can be limited to some sessions of a user', async (t) => {
    const { sessions } = await openSessions(t);
    const kept = await sessions.grant(grant());
    await sessions.grant(grant());
    const user = { subscription: 'default', user: 'local:alice' };
    await sessions.revokeAll(user, { reason: 'sign-out', actor: 'cli' }, ({ id }) => id !== kept.id);
    assert.equal((await sessions.find(referenceTo(kept)))?.state.name, 'granted');
  });
});

describe('records of sessions', () => {
  it('outlive their session by a week, and longer while they are retained', async (t) => {
    const { clock, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    clock.jump(clock.now() + 9 * hour + 7 * 24 * hour - 1);
    assert.ok(await sessions.find(referenceTo(session)));
    await sessions.retain(referenceTo(session));
    clock.jump(clock.now() + 6 * 24 * hour);
    assert.ok(await sessions.find(referenceTo(session)));
    clock.jump(clock.now() + 24 * hour);
    assert.equal(await sessions.find(referenceTo(session)), undefined);
    await sessions.retain(referenceTo(session));
    assert.equal(await sessions.find(referenceTo(session)), undefined);
  });

  it('keep an expiry that was seen, although the clock went back', async (t) => {
    const { clock, sessions } = await openSessions(t);
    const session = await sessions.grant(grant());
    const T0 = clock.now();
    clock.jump(T0 + hour);
    await sessions.expire(referenceTo(session), T0 + hour, session.state);
    clock.jump(T0);
    assert.equal((await sessions.open(referenceTo(session), clock.now())).result, 'refused');
    const stored = await sessions.find(referenceTo(session));
    assert.ok(stored && sessions.stateOf(stored).name === 'expired');
  });

  it('list password-only sessions that have not ended, and no others', async (t) => {
    const { sessions } = await openSessions(t);
    await sessions.grant(grant());
    const alone = await sessions.grant(grant('bob', ['pwd']));
    const over = await sessions.grant(grant('carol', ['pwd']));
    await sessions.open(referenceTo(alone), alone.verifiedAt);
    await sessions.revoke(referenceTo(over), { reason: 'sign-out', actor: 'local:carol' });
    const { items } = await sessions.listPasswordOnly({ limit: 10 });
    assert.deepEqual(
      items.map(({ id }) => id),
      [alone.id],
    );
  });
});

describe('an opening', () => {
  it('tells the other replicas of the user when it moves the end of the session, not each time', async (context) => {
    const { sessions, store, clock } = await openSessions(context);
    const heard: Json[] = [];
    store.subscribe('accounts', { message: (message) => heard.push(message) });
    const reference = referenceTo(await sessions.grant(grant()));
    for (let index = 0; index < 50; index++) {
      clock.advance(1_000);
      assert.equal((await sessions.open(reference, clock.now())).result, 'opened');
    }
    await delivered();
    assert.deepEqual(heard, [{ user: 'local:alice' }]);
  });
});
