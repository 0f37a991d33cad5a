import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countSend, failSend, type SendCount } from '../../src/access/send-allowance-arithmetic.ts';

const second = 1000;
const minute = 60_000;
const hour = 60 * minute;
const sms = (at: number) => ({ at, method: 'sms' }) as const;
const email = (at: number) => ({ at, method: 'email' }) as const;
const failed = (at: number) => ({ at, method: 'sms', failed: true }) as const;
const now = 10 * hour;

type Case = readonly [string, SendCount['sends'], 'sms' | 'email', 'allowed' | readonly [string, number]];

const cases: readonly Case[] = [
  ['the first one', [], 'sms', 'allowed'],
  ['one 29 s after another', [sms(now - 29 * second)], 'sms', ['just-sent', now + second]],
  ['one 30 s after another', [sms(now - 30 * second)], 'sms', 'allowed'],
  ['one by another method at once', [sms(now)], 'email', 'allowed'],
  ['one right after one that failed', [failed(now)], 'sms', 'allowed'],
  [
    'the fifth',
    [sms(now - 50 * minute), sms(now - 40 * minute), email(now - 30 * minute), sms(now - 20 * minute)],
    'sms',
    'allowed',
  ],
  [
    'the sixth within an hour, of both methods together',
    [5, 4, 3, 2, 1].map((tens) => (tens % 2 === 0 ? email : sms)(now - tens * 10 * minute)),
    'email',
    ['too-many', now + 10 * minute],
  ],
  [
    'the sixth when the first is an hour ago',
    [6, 4, 3, 2, 1].map((tens) => sms(now - tens * 10 * minute)),
    'sms',
    'allowed',
  ],
  [
    'one after nineteen that failed',
    Array.from({ length: 19 }, () => failed(now - minute)),
    'sms',
    'allowed',
  ],
  [
    'one after twenty that failed',
    Array.from({ length: 20 }, () => failed(now - minute)),
    'sms',
    ['too-many', now + 59 * minute],
  ],
  ['one after a clock that jumped back', [sms(now + hour)], 'sms', ['just-sent', now + 30 * second]],
];

describe('whether a code is sent', () => {
  for (const [name, sends, method, expected] of cases) {
    it(`${name}: ${typeof expected === 'string' ? expected : expected[0]}`, () => {
      const counted = countSend({ sends }, method, now);
      assert.deepEqual(counted.allowed ? 'allowed' : [counted.reason, counted.until], expected);
    });
  }

  it('counts what is allowed, and forgets what is an hour ago', () => {
    const counted = countSend({ sends: [sms(now - hour), sms(now - minute)] }, 'email', now);
    assert.ok(counted.allowed);
    assert.deepEqual(counted.count.sends, [sms(now - minute), email(now)]);
  });

  it('gives back the very one that was not sent', () => {
    const count = { sends: [sms(now), email(now), sms(now + second)] };
    assert.deepEqual(failSend(count, 'sms', now), { sends: [failed(now), email(now), sms(now + second)] });
    assert.deepEqual(failSend(count, 'email', now + second), count);
  });
});
