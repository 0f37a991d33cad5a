import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ReplicaQuestions } from '../../src/access/index.ts';
import type { AuditEvent } from '../../src/audit/index.ts';
import type { RemoteSessionView } from '../../src/proxy/index.ts';
import { systemRandom } from '../../src/random.ts';
import { LiveTunnels } from '../../src/server/live-tunnels.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';

const tunnel = (id: string, user = 'local:anna', application = 'desk'): RemoteSessionView => ({
  id,
  application,
  server: 'http://10.0.0.11:8080',
  session: `session-of-${user}`,
  subscription: 'default',
  user,
  name: user.slice(6),
  address: '192.0.2.1',
  openedAt: 0,
  bytesIn: 1,
  bytesOut: 2,
});

/** What carries these tunnels, and forgets what was closed. */
function carrying(tunnels: readonly RemoteSessionView[]) {
  const open = new Map(tunnels.map((each) => [each.id, each]));
  return {
    tunnels: () => [...open.values()],
    closeTunnel(id: string) {
      const found = open.get(id);
      open.delete(id);
      return found;
    },
  };
}

/** Replicas that carry these tunnels. */
async function open(t: TestContext, carried: readonly (readonly RemoteSessionView[])[]) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  const events: AuditEvent[] = [];
  const audit = { record: (event: AuditEvent) => void events.push(event) };
  const replicas = carried.map((tunnels) => {
    const questions = new ReplicaQuestions({ store, clock, random: systemRandom });
    questions.start();
    t.after(() => questions.close());
    return new LiveTunnels({ replicas: questions, random: systemRandom, audit, here: carrying(tunnels) });
  });
  t.after(() => store.close());
  const close = async (which: number, order: { tunnel: string; subscription?: string }) => {
    const closed = replicas[which]?.close({ note: 'said so', actor: 'local:olivia', ...order });
    for (let turn = 0; turn < 50; turn += 1) await delivered();
    clock.advance(500);
    return closed;
  };
  const list = async (which: number, ...query: Parameters<LiveTunnels['list']>) => {
    const listed = replicas[which]?.list(...query);
    for (let turn = 0; turn < 50; turn += 1) await delivered();
    clock.advance(500);
    const found = await listed;
    assert.ok(found);
    return found;
  };
  return { store, list, close, events };
}

const idsOf = ({ tunnels }: { tunnels: readonly { id: string }[] }): string =>
  tunnels
    .map(({ id }) => id)
    .sort()
    .join();

describe('the live tunnels of all replicas', () => {
  it('are told by each for itself, and narrowed by user, session and application', async (t) => {
    const [bert, mail] = [tunnel('b', 'local:bert'), tunnel('m', 'local:anna', 'mail')];
    const { list } = await open(t, [[tunnel('a1')], [tunnel('a2'), bert, mail], []]);
    const all = await list(0);
    assert.equal(idsOf(all), 'a1,a2,b,m');
    assert.deepEqual([all.replicas, all.more], [3, false]);
    assert.equal(new Set(all.tunnels.map(({ replica }) => replica)).size, 2);
    assert.equal(idsOf(await list(1)), 'a1,a2,b,m', 'whoever is asked');
    assert.equal(idsOf(await list(2, { user: 'local:anna' })), 'a1,a2,m');
    assert.equal(idsOf(await list(2, { session: 'session-of-local:bert' })), 'b');
    assert.equal(idsOf(await list(2, { user: 'local:anna', application: 'mail' })), 'm');
  });

  it('are at most five thousand of each, and it is said that there are more', async (t) => {
    const many = Array.from({ length: 5_001 }, (_, index) => tunnel(`t${index}`));
    const { list } = await open(t, [[tunnel('a')], many]);
    const found = await list(0);
    assert.equal(found.tunnels.length, 5_001);
    assert.equal(new Set(found.tunnels.map(({ id }) => id)).size, 5_001);
    assert.deepEqual([found.replicas, found.more], [2, true]);
    assert.equal((await list(0, { user: 'local:bert' })).more, false);
  });

  it('are those of the replicas that answer in time, whatever others say', async (t) => {
    const { store, list } = await open(t, [[tunnel('a')], [tunnel('b')]]);
    const subscription = store.subscribe('replicas', {
      message(message) {
        const { asks } = message as { asks?: string };
        if (asks === undefined) return;
        for (const part of [null, 'nonsense', { tunnels: 7 }, []]) {
          store.publish('replicas', { answers: asks, part }).catch(() => {});
        }
      },
    });
    const found = await list(0);
    assert.deepEqual([idsOf(found), found.replicas], ['a,b', 2]);
    await store.publish('replicas', ['nonsense']);
    await store.publish('replicas', { asks: 7, kind: 'tunnels' });
    await store.publish('replicas', { answers: 'nobody', part: {} });
    assert.equal(idsOf(await list(1)), 'a,b');
    subscription.close();
  });

  it('are closed on whichever replica carries them, once, and the audit log says why', async (t) => {
    const { list, close, events } = await open(t, [[tunnel('a')], [tunnel('b'), tunnel('c')]]);
    assert.equal(await close(0, { tunnel: 'b' }), true);
    assert.equal(await close(0, { tunnel: 'b' }), false, 'it is closed already');
    assert.equal(await close(1, { tunnel: 'c', subscription: 'default' }), true);
    assert.equal(await close(1, { tunnel: 'a', subscription: 'other' }), false, "it is another's");
    assert.equal(await close(1, { tunnel: 'nobody' }), false);
    assert.equal(idsOf(await list(0)), 'a');
    assert.deepEqual(
      events.map(
        (event) => event.type === 'remote-session.closed' && [event.tunnel, event.note, event.actor],
      ),
      [
        ['b', 'said so', 'local:olivia'],
        ['c', 'said so', 'local:olivia'],
      ],
    );
  });

  it('are its own where there is no other', async () => {
    const audit = { record() {} };
    const here = carrying([tunnel('a')]);
    const alone = new LiveTunnels({ replicas: undefined, random: systemRandom, audit, here });
    const found = await alone.list();
    assert.deepEqual([idsOf(found), found.replicas], ['a', 1]);
  });
});
