import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Factors } from '../../src/accounts/index.ts';
import { newSentCode, sentCodeHash, sentFactor, smsText } from '../../src/second-factors/index.ts';
import type { OpenSentCode } from '../../src/second-factors/second-factor.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { offering, typedProof } from './typed-proof.ts';

const factor = sentFactor('sms', (_holder, sealed) => sealed);
const factors: Factors = {
  apps: [],
  recovery: [],
  phone: { id: 'phone', sealedTo: '+14155552671', enrolledAt: 0 },
};
const sent = (changes: Partial<OpenSentCode> = {}): OpenSentCode => ({
  id: 'code',
  enrolment: 'phone',
  digits: 6,
  expiresAt: Date.UTC(2026, 0, 15, 9, 10),
  isRight: (code) => code === '012345',
  ...changes,
});

describe('a code that is sent', () => {
  it('has so many digits, every one of them as likely as another', () => {
    const chance = new SeededRandom(7);
    const random = {
      bytes: (size: number) => Buffer.alloc(size),
      integer: (limit: number) => Math.floor(chance.fraction() * limit),
    };
    const seen = new Map<string, number>();
    for (let round = 0; round < 500; round += 1) {
      const code = newSentCode(random, 12);
      assert.match(code, /^\d{12}$/);
      for (const digit of code) seen.set(digit, (seen.get(digit) ?? 0) + 1);
    }
    assert.equal(seen.size, 10);
    for (const [digit, times] of seen) assert.ok(Math.abs(times - 600) < 120, `${digit}: ${times}`);
  });

  it('has another hash under another key, for another code, and for anything else it is bound to', () => {
    const key = Buffer.alloc(32, 1);
    const bound = ['default', 'local:a', 'p', 'sms', 'id', 'phone', '+1'];
    const hashes = [
      sentCodeHash(key, bound, '123456'),
      sentCodeHash(Buffer.alloc(32, 2), bound, '123456'),
      sentCodeHash(key, bound, '123457'),
      ...bound.map((_, index) => sentCodeHash(key, bound.with(index, 'else'), '123456')),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
    assert.equal(sentCodeHash(key, bound, '123456'), hashes[0]);
  });

  it('stands in the message of the setting, whatever the issuer is called', () => {
    const values = { code: '012345', issuer: '%CODE% $1 %ISSUER%' };
    assert.equal(smsText('%ISSUER%: %CODE%', values), '%CODE% $1 %ISSUER%: 012345');
    assert.equal(smsText('%code% %CODE%', values), '%code% 012345');
  });

  it('is offered to who has enrolled a number, to the number of an administrator first', () => {
    assert.equal(factor.offer({ apps: [], recovery: [] }, offering), undefined);
    assert.deepEqual(factor.offer(factors, offering), { id: 'sms', hint: '••• 71', digits: 6 });
    const set = { ...offering, destinations: { sms: '+33612345678' }, digits: 8 };
    assert.deepEqual(factor.offer(factors, set), { id: 'sms', hint: '••• 78', digits: 8 });
  });

  it('is asked for with the digits it was sent with', () => {
    assert.equal(factor.malformed('123 456', factors, sent()), undefined);
    for (const typed of ['12345', '1234567', '12345a', '１２３４５６', '']) {
      assert.deepEqual(factor.malformed(typed, factors, sent()), { expected: 6 }, typed);
    }
  });

  const verdicts: readonly (readonly [
    string,
    Parameters<typeof typedProof>[0],
    OpenSentCode | undefined,
    string,
  ])[] = [
    ['the right one', { code: '012345', factors }, sent(), 'accepted'],
    ['the right one in groups', { code: '012 345', factors }, sent(), 'accepted'],
    ['a wrong one', { code: '012346', factors }, sent(), 'wrong'],
    ['the right one again', { code: '012345', factors, claimed: () => true }, sent(), 'replayed'],
    ['a wrong one after it', { code: '012346', factors, claimed: () => true }, sent(), 'wrong'],
    ['any when none was sent', { code: '012345', factors }, undefined, 'void'],
    [
      'the right one of a number that is gone',
      { code: '012345', factors },
      sent({ enrolment: 'old' }),
      'void',
    ],
  ];
  for (const [name, given, code, expected] of verdicts) {
    it(`${name}: ${expected}`, async () => {
      const verdict = await factor.verify({ ...typedProof(given), sent: code });
      assert.equal(verdict.result, expected);
      if (verdict.result !== 'accepted') return;
      assert.deepEqual(verdict.claims, [{ enrolment: 'code', step: Date.UTC(2026, 0, 15, 9, 10) / 30_000 }]);
      assert.equal(verdict.apply(factors)?.phone?.lastUsedAt, typedProof(given).now);
      assert.equal(verdict.apply({ apps: [], recovery: [] }), undefined);
    });
  }
});
