import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import {
  type AuditEvent,
  type AuditFilter,
  auditAsCsv,
  auditAsJsonLines,
  createAudit,
  createLog,
  createMetrics,
  csvCell,
  everyEntry,
  type FoundEntry,
  type Origin,
  queryAudit,
} from '../../src/audit/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { openRedis } from '../storage/open-redis.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';

const here = { address: '192.0.2.1' };
const alice = { user: 'local:a', name: 'alice' };
const bob = { user: 'local:b', name: 'bob' };

async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const audit = createAudit({
    store,
    clock,
    log: createLog({ destination: { write: () => {} } }),
    metrics: createMetrics({ process: false }),
  });
  const record = async (...events: AuditEvent[]): Promise<void> => {
    for (const event of events) {
      audit.record(event);
      await audit.flush();
      clock.jump(clock.now() + 1_000);
    }
  };
  const types = async (filter: AuditFilter, limit = 50): Promise<string[]> =>
    (await queryAudit(store, filter, { limit })).items.map(({ entry }) => entry.type);
  return { clock, store, audit, record, types };
}

const reset = (who: typeof alice, subscription?: string): AuditEvent => ({
  type: 'user.reset',
  ...who,
  actor: 'local:admin',
  ...(subscription === undefined ? {} : { subscription }),
});
const done = (who: typeof alice, origin: Origin = here): AuditEvent => ({
  type: 'sign-in.done',
  ...who,
  session: 's',
  amr: ['pwd', 'otp'],
  origin,
});
const refused: AuditEvent = { type: 'sign-in.refused', ...alice, reason: 'not-enabled', origin: here };
const started: AuditEvent = { type: 'gateway.started', version: '1' };

describe('the audit log', () => {
  it('is found by user, kinds, address, actor and time, all of them at once', async (t) => {
    const { clock, record, types } = await site(t);
    const began = clock.now();
    await record(done(alice), reset(alice), refused, done(bob), reset(bob), started);
    assert.deepEqual(await types({ user: 'local:a' }), ['sign-in.refused', 'user.reset', 'sign-in.done']);
    assert.deepEqual(await types({ types: ['sign-in.done', 'user.reset'] }), [
      'user.reset',
      'sign-in.done',
      'user.reset',
      'sign-in.done',
    ]);
    assert.deepEqual(await types({ types: ['user.reset', 'sign-in.refused'], user: 'local:a' }), [
      'sign-in.refused',
      'user.reset',
    ]);
    assert.deepEqual(await types({ address: '192.0.2.1', user: 'local:b' }), ['sign-in.done']);
    assert.deepEqual(await types({ actor: 'local:admin' }), ['user.reset', 'user.reset']);
    assert.deepEqual(await types({ session: 's', user: 'local:b' }), ['sign-in.done']);
    assert.deepEqual(await types({ from: began + 2_000, to: began + 4_000 }), [
      'sign-in.done',
      'sign-in.refused',
    ]);
    assert.deepEqual(await types({ user: 'local:nobody' }), []);
  });

  it("of one subscription holds none of another, and what happens to the site is nobody's", async (t) => {
    const { record, types } = await site(t);
    await record(reset(alice), reset(bob, 'acme'), started, { ...done(bob), subscription: 'acme' });
    assert.deepEqual(await types({ subscription: 'acme' }), ['sign-in.done', 'user.reset']);
    assert.deepEqual(await types({ subscription: 'default' }), ['user.reset']);
    assert.equal((await types({})).length, 4);
  });

  it('comes by page, each entry once, however kinds are mixed', async (t) => {
    const { store, record } = await site(t);
    const events = Array.from({ length: 60 }, (_, n) => [done(alice), reset(bob), refused][n % 3] ?? started);
    await record(...events);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 25 }),
        fc.subarray(['sign-in.done', 'user.reset', 'sign-in.refused'] as const, { minLength: 1 }),
        async (limit, types) => {
          const all: FoundEntry[] = [];
          let after: string | undefined;
          do {
            const page = await queryAudit(store, { types }, { limit, after });
            assert.ok(page.items.length <= limit);
            all.push(...page.items);
            after = page.next;
          } while (after !== undefined);
          assert.equal(all.length, types.length * 20);
          assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
          const times = all.map(({ entry }) => entry.at);
          assert.deepEqual(
            times,
            [...times].sort((a, b) => b - a),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('answers soon although hardly anything matches, and says where to go on', async (t) => {
    const { audit, store } = await site(t);
    audit.record(reset(alice));
    for (let number = 0; number < 4_500; number += 1) audit.record(started);
    await audit.flush();
    const first = await queryAudit(store, { subscription: 'default' }, { limit: 50 });
    assert.deepEqual([first.items.length, first.next !== undefined], [0, true]);
    const second = await queryAudit(store, { subscription: 'default' }, { limit: 50, after: first.next });
    assert.deepEqual([second.items.length, second.next], [1, undefined]);
  });

  it('refuses cursors that are not its own', async (t) => {
    const { store } = await site(t);
    for (const after of ['', 'x', "1' OR 1=1", '1-1-1']) {
      await assert.rejects(queryAudit(store, {}, { limit: 5, after }), { code: 'invalid-request' });
    }
  });
});

describe('entries of one millisecond', () => {
  const inOrder = async (store: Store): Promise<void> => {
    for (let number = 0; number < 12; number += 1) {
      const type = number % 2 === 0 ? 'user.reset' : 'user.unlocked';
      await store.append('audit', { type, at: 1, number }, { tags: [`type:${type}`] });
    }
    const { items } = await queryAudit(store, { types: ['user.reset', 'user.unlocked'] }, { limit: 50 });
    const numbers = items.map(({ entry }) => (entry as unknown as { number: number }).number);
    assert.deepEqual(numbers, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  };

  it('keep their order in the embedded store', async (t) => {
    const { store } = await site(t);
    await inOrder(store);
  });

  it('keep their order in Redis', { skip: missing('redis-server') }, async (t) => {
    const server = await RedisServer.start();
    t.after(() => server.remove());
    const store = await openRedis(server, new ManualClock());
    t.after(() => store.close());
    await inOrder(store);
  });
});

describe('an export of the audit log', () => {
  const text = async (parts: AsyncIterable<string>): Promise<string> =>
    (await Array.fromAsync(parts)).join('');

  it('is one line of JSON for each entry', async (t) => {
    const { store, record } = await site(t);
    await record(done(alice), reset(bob));
    const lines = (await text(auditAsJsonLines(everyEntry(store, {})))).trimEnd().split('\n');
    const [first, second] = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      [first.type, first.user, second.origin.address],
      ['user.reset', 'local:b', here.address],
    );
    assert.match(first.time, /^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('is a table whose columns stay, with the rest as JSON in the last one', async (t) => {
    const { store, record } = await site(t);
    await record(done(alice, { address: '::1', browser: 'Firefox, 1"2' }));
    const [head, row] = (await text(auditAsCsv(everyEntry(store, {})))).split('\r\n');
    assert.equal(
      head,
      'time,type,subscription,user,name,actor,address,browser,application,session,result,reason,details',
    );
    assert.match(
      row ?? '',
      /^[^,]+,sign-in\.done,,local:a,alice,,::1,"Firefox, 1""2",,s,,,"\{""amr"":\[""pwd"",""otp""\]\}"$/,
    );
  });

  it('never holds a cell that a spreadsheet runs', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ''),
        (rest, first) => {
          const cell = csvCell(first + rest);
          const inside = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
          assert.doesNotMatch(inside, /^[=+\-@\t\r\n]/);
          assert.ok(cell.startsWith('"') || !/[",\r\n]/.test(cell));
        },
      ),
    );
  });

  it('reads no more of the store than is taken from it', async (t) => {
    const { store, record } = await site(t);
    await record(...Array.from({ length: 10 }, () => started));
    let reads = 0;
    const counting = {
      read: (...args: Parameters<typeof store.read>) => {
        reads += 1;
        return store.read(...args);
      },
    };
    const lines = auditAsJsonLines(everyEntry(counting as typeof store, {}));
    await lines.next();
    assert.equal(reads, 1);
    await lines.return(undefined);
  });
});
