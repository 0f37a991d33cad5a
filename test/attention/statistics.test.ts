import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { LiveSessions, Statistics } from '../../src/attention/index.ts';
import type { AuditEvent } from '../../src/audit/index.ts';
import { SettingsService } from '../../src/settings/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const hour = 3_600_000;
const origin = { address: '192.0.2.7' };
const done = (session: string): AuditEvent => ({
  ...{ type: 'sign-in.done', user: 'local:a', name: 'a', session, amr: ['pwd', 'otp'], origin },
});
const wrong: AuditEvent = { type: 'sign-in.password', result: 'refused', name: 'a', origin };

async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const warned: string[] = [];
  const log = { warn: (_: unknown, message: string) => void warned.push(message) };
  return { clock, store, log, warned };
}

describe('the statistics', () => {
  it('add what every replica has seen, by hour and by day', async (t) => {
    const { clock, store, log } = await site(t);
    const one = new Statistics({ store, clock, log });
    const two = new Statistics({ store, clock, log });
    one.hear(done('1'));
    two.hear(done('2'));
    two.hear({ ...wrong, repeated: 7 } as AuditEvent);
    await Promise.all([one.flush(), two.flush()]);
    clock.advance(hour);
    one.hear(wrong);
    await one.flush();
    const hours = await two.read('default', { unit: 'hour', count: 3 });
    assert.deepEqual(
      hours.map(({ signIns, refusals }) => [signIns, refusals]),
      [
        [0, 0],
        [2, 7],
        [0, 1],
      ],
    );
    const [day] = await two.read('default', { unit: 'day', count: 1 });
    assert.deepEqual([day?.signIns, day?.refusals], [2, 8]);
    assert.equal(day?.from, Date.UTC(2026, 0, 15));
    assert.deepEqual(await one.read('acme', { unit: 'hour', count: 1 }), [
      { from: Date.UTC(2026, 0, 15, 10), signIns: 0, refusals: 0, sessions: 0 },
    ]);
  });

  it('are written once a minute, and lose nothing while the store is away', async (t) => {
    const { clock, store, log, warned } = await site(t);
    let away = true;
    const flaky = {
      get: store.get.bind(store),
      getMany: store.getMany.bind(store),
      delete: store.delete.bind(store),
      put: (...call: Parameters<typeof store.put>) =>
        away ? Promise.reject(new Error('away')) : store.put(...call),
    };
    const statistics = new Statistics({ store: flaky, clock, log });
    statistics.hear(done('1'));
    clock.advance(60_000);
    await statistics.flush();
    assert.equal(warned.length > 0, true);
    away = false;
    statistics.hear(done('2'));
    await statistics.flush();
    const [now] = await statistics.read('default', { unit: 'hour', count: 1 });
    assert.equal(now?.signIns, 2);
  });
});

describe('live sessions', () => {
  it('are counted until they end, are revoked, or time is over', async (t) => {
    const { clock, store, log } = await site(t);
    const audit = recordingAudit();
    const settings = await SettingsService.open({
      ...{ store, clock, audit, serverName: 'here' },
      log: { ...log, error: () => {} },
    });
    t.after(() => settings.close());
    const live = new LiveSessions({ store, clock, settings, log });
    const count = async () => {
      clock.advance(15_000);
      return live.count('default');
    };
    for (const id of ['1', '2', '3']) live.hear(done(id));
    assert.deepEqual(await count(), { granted: 3, active: 0 });
    const active: AuditEvent = {
      ...{ type: 'session.active', user: 'local:a', name: 'a', session: '1', application: 'x', origin },
    };
    live.hear(active);
    live.hear({
      type: 'session.revoked',
      user: 'local:a',
      session: '2',
      reason: 'sign-out',
      actor: 'local:a',
    });
    assert.deepEqual(await count(), { granted: 1, active: 1 });
    clock.advance(hour);
    assert.deepEqual(await count(), { granted: 0, active: 1 });
    clock.advance(8 * hour);
    assert.deepEqual(await count(), { granted: 0, active: 0 });
  });
});
