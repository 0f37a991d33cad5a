import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AuditEntry, createAudit, createLog, createMetrics } from '../../src/audit/index.ts';
import type { Json } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';

describe('the stream of audit entries', () => {
  it('can be asked for one user, one session, one address, newest first, until entries are too old', async (t) => {
    const clock = new ManualClock();
    const store = await openStore(clock);
    t.after(() => store.close());
    const log = createLog({ destination: { write: () => {} } });
    const metrics = createMetrics({ process: false });
    const audit = createAudit({ store, clock, log, metrics, retention: { duration: 2 * 86_400_000 } });
    const read = async (tag: string) => {
      const page = await store.read<AuditEntry & Json>('audit', { tags: [tag], limit: 9 });
      return page.items.map(({ value }) => value.type);
    };
    const [alice, bob] = [
      { user: 'local:a', name: 'alice' },
      { user: 'local:b', name: 'bob' },
    ];
    const [here, there] = [{ address: '192.0.2.1' }, { address: '192.0.2.2' }];
    audit.record({ type: 'sign-in.password', result: 'accepted', ...alice, origin: here });
    audit.record({ type: 'sign-in.password', result: 'accepted', ...bob, origin: there });
    clock.jump(clock.now() + 1_000);
    audit.record({ type: 'sign-in.done', ...alice, session: 's', amr: ['pwd', 'otp'], origin: there });
    await audit.flush();
    assert.deepEqual(await read('user:local:a'), ['sign-in.done', 'sign-in.password']);
    assert.deepEqual(await read('session:s'), ['sign-in.done']);
    assert.deepEqual(await read('address:192.0.2.2'), ['sign-in.done', 'sign-in.password']);
    assert.deepEqual(await read('type:sign-in.done'), ['sign-in.done']);
    clock.jump(clock.now() + 2 * 86_400_000 - 1);
    assert.deepEqual(await read('user:local:a'), ['sign-in.done']);
    clock.jump(clock.now() + 1);
    assert.deepEqual(await read('user:local:a'), []);
  });
});
