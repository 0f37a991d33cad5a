import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Concern, Observer, StandingConcerns } from '../../src/attention/index.ts';
import type { AuditEvent } from '../../src/audit/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';

const minute = 60_000;
const down: AuditEvent = {
  ...{ type: 'server.health', application: 'desktops', server: 'http://10.0.0.11:8080', state: 'down' },
};
const up: AuditEvent = { ...down, state: 'up' } as AuditEvent;

/** Two replicas on one store, and what each of them told. */
async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const told: string[] = [];
  const log = { warn: (_: unknown, message: string) => void told.push(`warned: ${message}`) };
  const replica = (name: string) => {
    const concerns = new StandingConcerns({ store, clock, log });
    concerns.listen({
      raised: (_, { kind }: Concern) => void told.push(`${name} raised ${kind}`),
      cleared: (_, { kind }: Concern) => void told.push(`${name} cleared ${kind}`),
    });
    const observer = new Observer({ store, clock, log, concerns });
    const settled = async () => {
      await observer.settled();
      await concerns.settled();
    };
    return { concerns, observer, settled };
  };
  return { clock, store, told, one: replica('one'), two: replica('two') };
}

describe('what stands', () => {
  it('is told by one replica when it begins and when it is over, however many have seen it', async (t) => {
    const { told, one, two } = await site(t);
    one.observer.hear(down);
    await one.settled();
    two.observer.hear(down);
    await two.settled();
    const [concern] = await two.concerns.list('default');
    assert.equal(concern?.kind, 'server-down');
    assert.equal(concern?.since, Date.UTC(2026, 0, 15, 9));
    one.observer.hear(up);
    two.observer.hear(up);
    await one.settled();
    await two.settled();
    assert.equal(told.length, 2, String(told));
    assert.equal(told[0], 'one raised server-down');
    assert.match(told[1] ?? '', /cleared server-down/);
    assert.deepEqual(await one.concerns.list('default'), []);
  });

  it('keeps its beginning while it lasts, and is forgotten when whoever saw it is gone', async (t) => {
    const { clock, told, one } = await site(t);
    one.observer.hear(down);
    await one.settled();
    for (let passed = 0; passed < 60; passed += 5) {
      clock.advance(5 * minute);
      await one.settled();
    }
    assert.equal((await one.concerns.list('default'))[0]?.since, Date.UTC(2026, 0, 15, 9));
    await one.concerns.close();
    clock.advance(16 * minute);
    assert.deepEqual(await one.concerns.list('default'), []);
    assert.deepEqual(told, ['one raised server-down']);
  });

  it('is not looked for in the store by events that end what never began', async (t) => {
    const { store, one } = await site(t);
    let asked = 0;
    const get = store.get.bind(store);
    store.get = (...call) => {
      asked += 1;
      return get(...call);
    };
    const sent: AuditEvent = {
      ...{ type: 'message.sent', subscription: 'default', channel: 'sms', purpose: 'code', to: '••• 71' },
    };
    for (let index = 0; index < 50; index += 1) one.observer.hear(sent);
    await one.settled();
    assert.equal(asked, 0);
  });

  it('is a wave when ten different users are locked within a quarter of an hour, on whichever replica', async (t) => {
    const { clock, told, one, two } = await site(t);
    const lock = async (subject: string, at = one) => {
      at.observer.hear({ type: 'lockout', scope: 'user-password', subject });
      await at.settled();
    };
    for (let index = 0; index < 30; index += 1) await lock('local:same');
    for (let index = 0; index < 9; index += 1) await lock(`local:early${index}`);
    clock.advance(16 * minute);
    for (let index = 0; index < 9; index += 1) await lock(`local:u${index}`, index % 2 === 0 ? one : two);
    assert.deepEqual(
      told.filter((each) => each.includes('wave')),
      ['one raised lockout-wave'],
    );
    clock.advance(61 * minute);
    for (let index = 0; index < 9; index += 1) await lock(`local:v${index}`, index % 2 === 0 ? one : two);
    assert.deepEqual(await one.concerns.list('default'), []);
    await lock('local:v9', two);
    assert.equal((await one.concerns.list('default'))[0]?.kind, 'lockout-wave');
  });
});
