import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { AuditRetention, createLog, endOldEntries } from '../../src/audit/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const day = 86_400_000;

async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const log = createLog({ destination: { write: () => {} } });
  const open = async () => {
    const retention = await AuditRetention.open({ store, clock, log });
    t.after(() => retention.close());
    return retention;
  };
  return { clock, store, open, audit: recordingAudit() };
}

describe('how long the audit log is kept', () => {
  it('is a year, until an administrator says otherwise, in force on every replica', async (t) => {
    const { clock, open, audit } = await site(t);
    const [here, there] = [await open(), await open()];
    assert.deepEqual([here.days, here.version], [365, 'absent']);
    await here.change(30, { actor: 'local:o', audit, seen: 'absent' });
    await delivered();
    assert.deepEqual([here.days, there.days, there.duration], [30, 30, 30 * day]);
    assert.equal(there.oldest, clock.now() - 30 * day);
    assert.deepEqual(audit.events, [
      {
        type: 'setting.changed',
        subscription: 'default',
        key: 'auditRetention',
        from: '365',
        to: '30',
        actor: 'local:o',
      },
    ]);
    assert.equal((await open()).days, 30);
  });

  it('is between a day and ten years', async (t) => {
    const { open, audit } = await site(t);
    const retention = await open();
    for (const days of [0, 3_651, 1.5, Number.NaN]) {
      await assert.rejects(retention.change(days, { actor: 'x', audit }), { code: 'invalid-setting' });
    }
    assert.equal(audit.events.length, 0);
  });

  it('is not overwritten by somebody who saw an older one', async (t) => {
    const { open, audit } = await site(t);
    const retention = await open();
    const seen = retention.version;
    await retention.change(30, { actor: 'x', audit, seen });
    await assert.rejects(retention.change(60, { actor: 'y', audit, seen }), { code: 'changed-meanwhile' });
    assert.equal(retention.days, 30);
  });

  it('deletes nothing on account of what cannot be read', async (t) => {
    const { store, open } = await site(t);
    await store.put('site', 'default/audit-retention', { days: 'few' });
    assert.equal((await open()).days, 3_650);
  });

  it('is in force for what is there already: within the hour it is gone for good', async (t) => {
    const { clock, store, open, audit } = await site(t);
    const retention = await open();
    const log = createLog({ destination: { write: () => {} } });
    for (let number = 0; number < 450; number += 1) await store.append('audit', number, { tags: ['a'] });
    clock.jump(clock.now() + 40 * day);
    await store.append('audit', 'young', { tags: ['a'] });
    let ended = 0;
    const counting = {
      endEntries: async (...asked: Parameters<typeof store.endEntries>) => {
        const next = await store.endEntries(...asked);
        ended += 1;
        return next;
      },
    };
    const stop = endOldEntries({ store: counting, retention, clock, log });
    const left = async () => (await store.read('audit', { limit: 1_000 })).items.length;
    clock.advance(3_600_000);
    while (ended < 1) await delivered();
    assert.equal(await left(), 451);
    await retention.change(30, { actor: 'x', audit });
    clock.advance(3_600_000);
    while (ended < 4) await delivered();
    assert.equal(await left(), 1);
    stop();
    clock.advance(3_600_000);
    await delivered();
    assert.equal(ended, 4);
  });
});
