import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../src/errors.ts';
import type { ListQuery, PutOptions, Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import type { StoreFactory } from './store-factory.ts';

type Kept = { value: number; version: number; expiresAt?: number; terms: readonly string[] };

/** What a store is, in the plainest words: the implementations are held against it. */
class Model {
  readonly #documents = new Map<string, Kept>();
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  get(key: string): Kept | undefined {
    const kept = this.#documents.get(key);
    return kept?.expiresAt !== undefined && kept.expiresAt <= this.#clock.now() ? undefined : kept;
  }

  set(key: string, kept: Kept): void {
    this.#documents.set(key, kept);
  }

  delete(key: string): void {
    this.#documents.delete(key);
  }

  keys({ prefix = '', term = '', after }: Omit<ListQuery, 'limit'>): string[] {
    return [...this.#documents.keys()]
      .filter((key) => this.get(key) !== undefined && key.startsWith(prefix))
      .filter((key) => term === '' || this.get(key)?.terms.some((word) => word.startsWith(term)))
      .filter((key) => after === undefined || compare(key, after) > 0)
      .toSorted(compare);
  }
}

const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

const name = fc.string({
  unit: fc.constantFrom('a', 'b', '/', 'é', '\ud7ff', '\ue000', '\uffff', '\u{1f600}', '\u{10ffff}'),
  minLength: 1,
  maxLength: 3,
});
const guess = fc.constantFrom('none', 'absent', 'current', 'stale');

const command = fc.oneof(
  fc.record({
    do: fc.constant('put' as const),
    key: name,
    value: fc.nat(9),
    guess,
    life: fc.option(fc.integer({ min: -1, max: 30 })),
    terms: fc.array(name, { maxLength: 3 }),
  }),
  fc.record({ do: fc.constant('delete' as const), key: name, guess }),
  fc.record({ do: fc.constant('get' as const), key: name }),
  fc.record({
    do: fc.constant('list' as const),
    prefix: fc.option(name),
    term: fc.option(name),
    after: fc.option(name),
    limit: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ do: fc.constant('wait' as const), time: fc.nat(20) }),
);

type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

async function run(step: Command, store: Store, model: Model, clock: ManualClock): Promise<void> {
  if (step.do === 'wait') return clock.advance(step.time);
  if (step.do === 'list') {
    const query = {
      ...(step.prefix === null ? {} : { prefix: step.prefix }),
      ...(step.term === null ? {} : { term: step.term }),
      ...(step.after === null ? {} : { after: step.after }),
    };
    const expected = model.keys(query);
    const page = await store.list('c', { ...query, limit: step.limit });
    assert.deepEqual(
      page.items.map(({ key }) => key),
      expected.slice(0, step.limit),
    );
    assert.equal(page.next !== undefined, expected.length > step.limit);
    return;
  }
  const kept = model.get(step.key);
  if (step.do === 'get') {
    const found = await store.get('c', step.key);
    assert.deepEqual(
      [found?.value, found?.version, found?.expiresAt],
      [kept?.value, kept?.version, kept?.expiresAt],
    );
    return;
  }
  const current = kept?.version;
  const ifVersion = {
    none: undefined,
    absent: 'absent' as const,
    current: current ?? 1,
    stale: (current ?? 1) - 1,
  }[step.guess];
  const wins = ifVersion === undefined || ifVersion === (current ?? 'absent');
  if (step.do === 'delete') {
    if (ifVersion === 'absent') return;
    const outcome = await settle(store.delete('c', step.key, ifVersion === undefined ? {} : { ifVersion }));
    assert.equal(outcome, wins ? kept !== undefined : 'conflict');
    if (wins) model.delete(step.key);
    return;
  }
  const options: PutOptions = {
    terms: step.terms,
    ...(step.life === null ? {} : { expiresAt: clock.now() + step.life }),
    ...(ifVersion === undefined ? {} : { ifVersion }),
  };
  const outcome = await settle(store.put('c', step.key, step.value, options));
  if (!wins) return assert.equal(outcome, 'conflict');
  assert.ok(typeof outcome === 'number');
  if (current !== undefined) assert.equal(outcome, current + 1);
  model.set(step.key, {
    value: step.value,
    version: outcome,
    terms: step.terms,
    ...(options.expiresAt === undefined ? {} : { expiresAt: options.expiresAt }),
  });
}

const settle = <Result>(call: Promise<Result>): Promise<Result | string> =>
  call.catch((error: unknown) => {
    if (error instanceof GatewayError) return error.code;
    throw error;
  });

export function modelContract(open: StoreFactory): void {
  describe('any sequence of calls', () => {
    it('leaves what a plain map with expiry would hold', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (steps) => {
          const clock = new ManualClock();
          const { store, close } = await open(clock);
          try {
            const model = new Model(clock);
            for (const step of steps) await run(step, store, model, clock);
          } finally {
            await close();
          }
        }),
        { numRuns: 150 },
      );
    });

    it('reads a stream as a sorted, filtered array would', async () => {
      const tag = fc.constantFrom('a', 'b', 'c');
      const entry = fc.record({
        tags: fc.uniqueArray(tag),
        life: fc.option(fc.nat(30)),
        pause: fc.integer({ min: -5, max: 10 }),
      });
      const bound = fc.option(fc.integer({ min: -20, max: 120 }));
      const query = fc.record({
        tags: fc.uniqueArray(tag),
        from: bound,
        to: bound,
        limit: fc.integer({ min: 1, max: 5 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(entry, { maxLength: 30 }), query, async (entries, wanted) => {
          const clock = new ManualClock();
          const start = clock.now();
          const { store, close } = await open(clock);
          try {
            const kept: { at: number; index: number; tags: string[]; end: number }[] = [];
            for (const [index, { tags, life, pause }] of entries.entries()) {
              const end = life === null ? Number.POSITIVE_INFINITY : clock.now() + life;
              kept.push({ at: clock.now(), index, tags, end });
              await store.append('s', index, { tags, ...(life === null ? {} : { expiresAt: end }) });
              clock.jump(clock.now() + pause);
            }
            const from = start + (wanted.from ?? -1e6);
            const to = start + (wanted.to ?? 1e6);
            const expected = kept
              .filter(({ at, end }) => at >= from && at < to && end > clock.now())
              .filter(({ tags }) => wanted.tags.every((name) => tags.includes(name)))
              .toSorted((one, other) => other.at - one.at || other.index - one.index)
              .map(({ index }) => index);
            const found: unknown[] = [];
            for (let before: string | undefined, more = true; more; more = before !== undefined) {
              const { tags, limit } = wanted;
              const page = await store.read('s', {
                tags,
                from,
                to,
                limit,
                ...(before === undefined ? {} : { before }),
              });
              found.push(...page.items.map(({ value }) => value));
              before = page.next;
            }
            assert.deepEqual(found, expected);
          } finally {
            await close();
          }
        }),
        { numRuns: 100 },
      );
    });
  });
}
