import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressGroup, createNetworkTest } from '../../src/access/throttle-address.ts';
import {
  type AddressCount,
  addressCodeRule,
  addressPasswordRule,
  codeRule,
  countAddressTry,
  countTry,
  type FailureCount,
  freeTriesLeft,
  passwordRule,
  uncountAddressTry,
  uncountTry,
  waitAfter,
} from '../../src/access/throttle-arithmetic.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 15, 9);

describe('the waits after wrong codes', () => {
  it('are none for four, then 1, 2, 4 … 60 minutes, and for ever from the hundredth on', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 50, 99].map((n) => waitAfter(codeRule, n) / minute);
    assert.deepEqual(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    for (const shut of [100, 101, 1e9]) assert.equal(waitAfter(codeRule, shut), Number.POSITIVE_INFINITY);
  });

  it('begin after ten wrong passwords and never shut', () => {
    const waits = [9, 10, 11, 16, 100, 1e6].map((n) => waitAfter(passwordRule, n) / minute);
    assert.deepEqual(waits, [0, 1, 2, 60, 60, 60]);
  });

  it('tell how many tries are left before the next wait', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((n) => freeTriesLeft(codeRule, n)),
      [3, 2, 1, 0, 0],
    );
  });

  it('let one try through per wait', () => {
    const count = { failures: 4, lastAt: start };
    assert.deepEqual(countTry(codeRule, count, start + minute - 1), {
      allowed: false,
      count,
      until: start + minute,
    });
    const tried = countTry(codeRule, count, start + minute);
    assert.deepEqual(tried, { allowed: true, count: { failures: 5, lastAt: start + minute } });
    assert.equal(countTry(codeRule, tried.count, start + 3 * minute - 1).allowed, false);
    assert.equal(countTry(codeRule, tried.count, start + 3 * minute).allowed, true);
  });

  it('give no time when the count is shut', () => {
    const count = { failures: 100, lastAt: 0 };
    assert.deepEqual(countTry(codeRule, count, start), { allowed: false, count });
  });

  it('begin anew, and do not last until the clock has caught up, when it jumps back', () => {
    const count = { failures: 5, lastAt: start };
    const back = start - 100 * minute;
    const tried = countTry(codeRule, count, back);
    assert.deepEqual(tried, {
      allowed: false,
      count: { failures: 5, lastAt: back },
      until: back + 2 * minute,
    });
    assert.equal(countTry(codeRule, tried.count, back + 2 * minute).allowed, true);
  });

  it('allow at most as many tries in a time as the rule says, however they are spread', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 * minute }), { maxLength: 200 }), (pauses) => {
        let now = start;
        let count: FailureCount | undefined;
        let tries = 0;
        for (const pause of pauses) {
          now += pause;
          const tried = countTry(codeRule, count, now);
          if (tried.allowed) tries += 1;
          count = tried.count;
        }
        let fewest = 0;
        for (let spent = 0; fewest < tries && spent <= now - start; fewest += 1) {
          spent += fewest + 1 < codeRule.free ? 0 : waitAfter(codeRule, fewest + 1);
        }
        assert.equal(count?.failures ?? 0, tries);
        assert.ok(tries <= fewest, `${tries} tries in ${now - start} ms`);
      }),
    );
  });

  it('give back one try as if it had not been made', () => {
    const before = { failures: 6, lastAt: start };
    const later = start + 10 * minute;
    const { count } = countTry(codeRule, before, later);
    assert.deepEqual(uncountTry(count, { before, at: later }), before);
    const other = { failures: 8, lastAt: later + 1 };
    assert.deepEqual(uncountTry(other, { before, at: later }), { failures: 7, lastAt: later + 1 });
    assert.deepEqual(uncountTry({ failures: 0, lastAt: 0 }, { before: undefined, at: later }).failures, 0);
  });
});

describe('the limit of an address', () => {
  for (const [what, rule] of Object.entries({ codes: addressCodeRule, passwords: addressPasswordRule })) {
    it(`lets ${rule.limit} wrong ${what} through within any ${rule.window / minute} minutes`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 0, max: rule.window / rule.limit }), { maxLength: 200 }),
          (pauses) => {
            let now = start;
            let count: AddressCount | undefined;
            const allowed: number[] = [];
            for (const pause of pauses) {
              now += pause;
              const tried = countAddressTry(rule, count, now);
              if (tried.allowed) allowed.push(now);
              else assert.ok(tried.until !== undefined && tried.until > now);
              count = tried.count;
              assert.ok(count.at.length <= rule.limit);
            }
            for (const from of allowed) {
              const within = allowed.filter((each) => each >= from && each < from + rule.window);
              assert.ok(within.length <= rule.limit);
            }
          },
        ),
        { numRuns: 50 },
      );
    });
  }

  it('is open again when the oldest is out of the window', () => {
    const at = Array.from({ length: 50 }, (_, index) => start + index);
    const refused = countAddressTry(addressCodeRule, { at }, start + 100);
    assert.ok(!refused.allowed);
    assert.equal(refused.until, start + 60 * minute);
    assert.ok(countAddressTry(addressCodeRule, { at }, start + 60 * minute).allowed);
  });

  it('does not last longer than its window when the clock jumps back', () => {
    const at = Array.from({ length: 50 }, () => start);
    const back = start - 1e9;
    const refused = countAddressTry(addressCodeRule, { at }, back);
    assert.ok(!refused.allowed);
    assert.ok(countAddressTry(addressCodeRule, refused.count, back + 60 * minute).allowed);
  });

  it('gives back one try of a moment', () => {
    assert.deepEqual(uncountAddressTry({ at: [1, 2, 2, 3] }, 2), { at: [1, 2, 3] });
    assert.deepEqual(uncountAddressTry({ at: [1] }, 2), { at: [1] });
  });
});

describe('an address', () => {
  const groups: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['', 'unknown'],
    ['not an address', 'unknown'],
  ];
  for (const [address, group] of groups) {
    it(`${address || '(empty)'} counts as ${group}`, () => assert.equal(addressGroup(address), group));
  }

  it('is in a trusted network or not, in either family', () => {
    const trusted = createNetworkTest(['192.168.0.0/16', '10.1.2.3', '2001:db8::/32']);
    for (const address of ['192.168.3.4', '::ffff:192.168.3.4', '10.1.2.3', '2001:db8:9::1']) {
      assert.ok(trusted(address), address);
    }
    for (const address of ['192.169.0.1', '10.1.2.4', '2001:db9::1', '', 'x']) {
      assert.ok(!trusted(address), address);
    }
  });
});
