import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Candidate, type Drift, type Judgement, judge } from '../../src/second-factors/drift-guard.ts';

const now = 59_000_000;
const day = Math.floor(now / 2880);
const rules = { discrepancy: 480, tolerance: 2 };

/** Offsets in steps from `now`, instead of steps. */
function judgeAt(
  offsets: number[],
  known: Drift | 'learning',
  more: { rules?: typeof rules; claimed?: number[]; candidates?: Candidate[]; now?: number } = {},
): Judgement {
  const at = more.now ?? now;
  return judge(more.rules ?? rules, known, {
    now: at,
    matches: offsets.map((offset) => at + offset),
    claimed: new Set((more.claimed ?? []).map((offset) => at + offset)),
    candidates: more.candidates ?? [],
  });
}

describe('the drift guard', () => {
  const table: [
    what: string,
    drift: number,
    tolerance: number,
    discrepancy: number,
    offset: number,
    result: string,
  ][] = [
    ['the very step', 0, 2, 480, 0, 'accepted'],
    ['the edge of the tolerance', 0, 2, 480, 2, 'accepted'],
    ['the other edge', 0, 2, 480, -2, 'accepted'],
    ['one beyond the tolerance', 0, 2, 480, 3, 'far'],
    ['one beyond on the other side', 0, 2, 480, -3, 'far'],
    ['the edge of the discrepancy', 0, 2, 480, 480, 'far'],
    ['beyond the discrepancy', 0, 2, 480, 481, 'wrong'],
    ['near the learned drift', 100, 2, 480, 99, 'accepted'],
    ['right in time but far from the learned drift', 100, 2, 480, 0, 'far'],
    ['near the learned drift but beyond the discrepancy', 9, 2, 8, 9, 'wrong'],
    ['a tolerance of 0', 0, 0, 480, 0, 'accepted'],
    ['one step off with a tolerance of 0', 0, 0, 480, 1, 'far'],
    ['a tolerance as wide as the discrepancy', 0, 480, 480, -480, 'accepted'],
    ['the same, whatever was learned before', 3, 3, 3, -3, 'accepted'],
    ['a discrepancy of 0', 0, 2, 0, 0, 'accepted'],
    ['a discrepancy of 0, one step off', 0, 2, 0, 1, 'wrong'],
  ];
  for (const [what, drift, tolerance, discrepancy, offset, result] of table) {
    it(`calls ${what} ${result}`, () => {
      assert.equal(judgeAt([offset], { drift }, { rules: { tolerance, discrepancy } }).result, result);
    });
  }

  it('knows no code that matches nothing', () => {
    assert.deepEqual(judgeAt([], { drift: 0 }), { result: 'wrong' });
  });

  it('claims every matching step, not only the one it accepts', () => {
    const judged = judgeAt([0, -300, 411], { drift: 0 });
    assert.equal(judged.result, 'accepted');
    assert.deepEqual('claims' in judged && judged.claims, [now - 300, now, now + 411]);
  });

  it('refuses digits of which any step was claimed, at either end of the discrepancy', () => {
    assert.equal(judgeAt([0], { drift: 0 }, { claimed: [0] }).result, 'replayed');
    assert.equal(judgeAt([0, 411], { drift: 0 }, { claimed: [411] }).result, 'replayed');
    assert.equal(judgeAt([411], { drift: 0 }, { claimed: [411] }).result, 'replayed');
  });

  it('claims a far code when first seen, so that waiting for its time gains nothing', () => {
    const seen = judgeAt([200], { drift: 0 });
    assert.equal(seen.result, 'far');
    assert.deepEqual('claims' in seen && seen.claims, [now + 200]);
    assert.equal(judgeAt([0], { drift: 0 }, { now: now + 200, claimed: [0] }).result, 'replayed');
  });

  describe('with a far code before', () => {
    const candidates = [{ step: now + 50, drift: 50 }];
    const rows: [what: string, after: number, offset: number, result: string][] = [
      ['the next code at the same drift', 1, 50, 'accepted'],
      ['a code three steps later', 3, 50, 'accepted'],
      ['a code four steps later', 4, 50, 'far'],
      ['a drift one more', 1, 51, 'accepted'],
      ['a drift one less, one step later', 2, 49, 'accepted'],
      ['a drift two more', 1, 52, 'far'],
      ['a drift two less', 3, 48, 'far'],
      ['the same step at a later time', 1, 49, 'far'],
      ['a step before it', 0, 49, 'far'],
      ['an unrelated far code', 1, -200, 'far'],
      ['a code near the learned drift', 1, 1, 'accepted'],
    ];
    for (const [what, after, offset, result] of rows) {
      it(`calls ${what} ${result}`, () => {
        const judged = judgeAt([offset], { drift: 0 }, { now: now + after, candidates });
        assert.equal(judged.result, result);
      });
    }

    it('learns the drift of the second code at once and keeps count of the moves', () => {
      const known = { drift: 0, driftMoves: { day, count: 2 } };
      const judged = judgeAt([51], known, { now: now + 1, candidates });
      assert.deepEqual(judged, {
        result: 'accepted',
        claims: [now + 52],
        learned: { drift: 51, driftMoves: { day, count: 2 } },
        proven: true,
      });
    });

    it('does not call a near code a proof of drift', () => {
      const judged = judgeAt([1], { drift: 0 }, { now: now + 1, candidates });
      assert.equal(judged.result === 'accepted' && judged.proven, false);
    });

    it('refuses the second code when it was claimed', () => {
      assert.equal(
        judgeAt([50], { drift: 0 }, { now: now + 1, candidates, claimed: [50] }).result,
        'replayed',
      );
    });

    it('replaces the candidates with those of the latest far code', () => {
      const judged = judgeAt([-200], { drift: 0 }, { now: now + 1, candidates });
      assert.deepEqual('candidates' in judged && judged.candidates, [{ step: now - 199, drift: -200 }]);
    });
  });

  describe('learning', () => {
    const accepted = (judged: Judgement): Drift => {
      assert.ok(judged.result === 'accepted', judged.result);
      return judged.learned;
    };

    it('moves by one step at a time towards the device', () => {
      assert.deepEqual(accepted(judgeAt([2], { drift: 0 })), { drift: 1, driftMoves: { day, count: 1 } });
      assert.deepEqual(accepted(judgeAt([-2], { drift: 0 })), { drift: -1, driftMoves: { day, count: 1 } });
      assert.deepEqual(accepted(judgeAt([7], { drift: 7 })), { drift: 7 });
    });

    it('moves at most twice a day, so that nobody walks it away', () => {
      let known: Drift = { drift: 0 };
      for (let round = 0; round < 10; round += 1) known = accepted(judgeAt([known.drift + 2], known));
      assert.equal(known.drift, 2);
      known = accepted(judgeAt([known.drift + 2], known, { now: now + 2880 }));
      assert.deepEqual(known, { drift: 3, driftMoves: { day: day + 1, count: 1 } });
    });

    it('gives no new moves when the clock jumps back a day', () => {
      const known = { drift: 0, driftMoves: { day, count: 2 } };
      assert.deepEqual(accepted(judgeAt([2], known, { now: now - 5 * 2880 })), known);
    });

    it('takes the drift of an enrolment from its first near code', () => {
      assert.deepEqual(accepted(judgeAt([-2], 'learning')), { drift: -2 });
      assert.equal(judgeAt([-3], 'learning').result, 'far');
      const candidates = [{ step: now - 3, drift: -3 }];
      assert.deepEqual(accepted(judgeAt([-4], 'learning', { now: now + 2, candidates })), { drift: -4 });
    });
  });

  const offset = fc.integer({ min: -500, max: 500 });
  const anyKnown = fc.oneof(
    fc.constant('learning' as const),
    fc.record({ drift: offset, driftMoves: fc.record({ day: fc.constant(day), count: fc.nat(2) }) }),
    fc.record({ drift: offset }),
  );
  const anyTyped = fc.record({
    offsets: fc.uniqueArray(offset, { maxLength: 4 }),
    claimed: fc.uniqueArray(offset, { maxLength: 4 }),
    candidates: fc.array(fc.record({ step: offset.map((each) => now + each), drift: offset }), {
      maxLength: 3,
    }),
  });
  const anyRules = fc.record({
    discrepancy: fc.integer({ min: 0, max: 480 }),
    tolerance: fc.integer({ min: 0, max: 480 }),
  });

  it('never accepts a claimed step, a step beyond the discrepancy, or anything far without a proof', () => {
    fc.assert(
      fc.property(anyRules, anyKnown, anyTyped, (given, known, { offsets, claimed, candidates }) => {
        const judged = judgeAt(offsets, known, { rules: given, claimed, candidates });
        const within = offsets.filter((each) => Math.abs(each) <= given.discrepancy);
        if ('claims' in judged) {
          assert.deepEqual([...judged.claims].sort(), within.map((each) => now + each).sort());
        } else {
          assert.deepEqual(within, []);
        }
        if (judged.result !== 'accepted') return;
        assert.ok(within.every((each) => !claimed.includes(each)));
        const drift = known === 'learning' ? 0 : known.drift;
        const near = within.some(
          (each) => given.tolerance >= given.discrepancy || Math.abs(each - drift) <= given.tolerance,
        );
        assert.equal(judged.proven, !near);
        if (near && known !== 'learning') assert.ok(Math.abs(judged.learned.drift - drift) <= 1);
        if (!near) assert.ok(candidates.length > 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('never moves the learned drift more than twice within a day, whatever is accepted', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 50 }), (errors) => {
        let known: Drift = { drift: 0 };
        for (const error of errors) known = acceptedOr(judgeAt([known.drift + error], known), known);
        assert.ok(Math.abs(known.drift) <= 2);
      }),
    );
  });
});

const acceptedOr = (judged: Judgement, otherwise: Drift): Drift =>
  judged.result === 'accepted' ? judged.learned : otherwise;
