import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oddsOfGuessing } from '../../src/access/odds-of-guessing.ts';

const standard = { digits: 6, discrepancy: 480, driftTolerance: 2, methods: ['app', 'sms', 'email'] };

describe('the odds of guessing a code', () => {
  it('count the tries that the lockout leaves: four at once, then after 1, 2, 4 … 60 minutes, a hundred at most', () => {
    const { day, month, monthSetBack } = oddsOfGuessing(standard);
    // 4 free, six more within 63 minutes, then one an hour: at 123, 183 … 1,383 minutes.
    assert.equal(day.tries, 4 + 6 + 22);
    assert.equal(month.tries, 100);
    assert.equal(monthSetBack.tries, 30 * day.tries);
  });

  const table: readonly (readonly [string, Partial<typeof standard>, number, number, number])[] = [
    // what, rules, chances, day, month: by hand from tries × chances × ⌈2³¹ / 10^digits⌉ / 2³¹
    ['six digits, the guard on', {}, 5, 32 * 5 * 1.00024e-6, 100 * 5 * 1.00024e-6],
    ['the narrowest window', { discrepancy: 0 }, 1, 32 * 1.00024e-6, 100 * 1.00024e-6],
    ['eight digits', { digits: 8 }, 5, 32 * 5 * 1.0245e-8, 100 * 5 * 1.0245e-8],
    ['ten digits and more are 31 bits', { digits: 12 }, 5, (32 * 5) / 2 ** 31, (100 * 5) / 2 ** 31],
    ['sent codes alone', { methods: ['sms'] }, 1, 32e-6, 100e-6],
  ];
  for (const [what, rules, chances, day, month] of table) {
    it(`${what}: ${chances} chances a guess`, () => {
      const odds = oddsOfGuessing({ ...standard, ...rules });
      assert.equal(odds.chances, chances);
      assertClose(odds.day.probability, day, 0.003);
      assertClose(odds.month.probability, month, 0.003);
      assertClose(odds.monthSetBack.probability, 30 * day, 0.005);
    });
  }

  it('say what a wide window without the guard costs: nearly two hundred times as much', () => {
    const open = oddsOfGuessing({ ...standard, driftTolerance: 480 });
    assert.equal(open.chances, 961);
    const guarded = oddsOfGuessing(standard);
    const times = open.day.probability / guarded.day.probability;
    assert.ok(times > 180 && times < 193, String(times));
    assert.ok(open.monthSetBack.probability > 0.55 && open.monthSetBack.probability < 0.65);
  });

  it('count far codes that the next one confirms: with four digits they are felt', () => {
    const four = { ...standard, digits: 4, driftTolerance: 0 };
    const without = oddsOfGuessing({ ...four, discrepancy: 0 }).day.probability;
    const with480 = oddsOfGuessing(four).day.probability;
    assert.ok(with480 > without * 1.05, `${with480} ${without}`);
    assert.ok(with480 < without * 1.5, `${with480} ${without}`);
  });

  it('are probabilities, and grow with every setting that weakens', () => {
    let before = 0;
    for (const driftTolerance of [0, 1, 2, 10, 100, 480]) {
      const { month } = oddsOfGuessing({ ...standard, digits: 4, driftTolerance });
      assert.ok(month.probability > before && month.probability <= 1);
      before = month.probability;
    }
  });
});

function assertClose(actual: number, expected: number, share: number): void {
  assert.ok(Math.abs(actual - expected) <= expected * share, `${actual} is not ${expected}`);
}
