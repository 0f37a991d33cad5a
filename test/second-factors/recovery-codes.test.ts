import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Factors } from '../../src/accounts/index.ts';
import { systemRandom } from '../../src/random.ts';
import { newRecoveryCodes, recoveryCodesLeft, recoveryFactor } from '../../src/second-factors/index.ts';
import { offering, typedProof } from './typed-proof.ts';

const user = 'local:alice';
const issued = newRecoveryCodes(systemRandom, user);
const factors: Factors = { apps: [], recovery: issued.stored };
const [first = '', second = ''] = issued.codes;

describe('recovery codes', () => {
  it('are ten different ones of 80 bits in groups of four', () => {
    assert.equal(new Set(issued.codes).size, 10);
    for (const code of issued.codes) assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('are stored as hashes that name neither code nor user', () => {
    const stored = JSON.stringify(issued.stored);
    for (const code of issued.codes) {
      assert.ok(!stored.includes(code));
      assert.ok(!stored.includes(code.replaceAll('-', '')));
    }
    assert.ok(!stored.includes(user));
  });

  it('are accepted once', async () => {
    const verdict = await recoveryFactor.verify(typedProof({ user, factors, code: first }));
    assert.ok(verdict.result === 'accepted');
    const after = verdict.apply(factors);
    assert.ok(after);
    assert.equal(recoveryCodesLeft(after), 9);
    const again = await recoveryFactor.verify(typedProof({ user, factors: after, code: first }));
    assert.equal(again.result, 'replayed');
    assert.equal(verdict.apply(after), undefined, 'a second taker of the same code changes nothing');
    assert.equal(
      (await recoveryFactor.verify(typedProof({ user, factors: after, code: second }))).result,
      'accepted',
    );
  });

  it('forgive lower case, missing or odd hyphens, spaces, and I, L and O', async () => {
    const code = 'ABCD-0123-EFGH-1JKM';
    const { stored } = newRecoveryCodes(
      { bytes: () => lettersOf(code), integer: systemRandom.integer },
      user,
    );
    const one: Factors = { apps: [], recovery: stored.slice(0, 1) };
    for (const typed of ['abcd0123efgh1jkm', ' ABCD O123  EFGH LJKM ', 'ABCD–0I23–EFGH–iJKM']) {
      assert.equal(recoveryFactor.malformed(typed, one), undefined, typed);
      assert.equal(
        (await recoveryFactor.verify(typedProof({ user, factors: one, code: typed }))).result,
        'accepted',
      );
    }
  });

  it('are no good for another user', async () => {
    const verdict = await recoveryFactor.verify(typedProof({ user: 'local:bob', factors, code: first }));
    assert.equal(verdict.result, 'wrong');
  });

  it('call anything of another shape malformed, so that it is not counted as a guess', () => {
    for (const typed of ['', '123456', `${first}0`, first.slice(1), 'UUUU-UUUU-UUUU-UUUU', '💥'.repeat(16)]) {
      assert.deepEqual(recoveryFactor.malformed(typed, factors), { expected: 16 }, typed);
    }
  });

  it('are offered as long as one is left', () => {
    assert.deepEqual(recoveryFactor.offer(factors, offering), { id: 'recovery' });
    const used = factors.recovery.map((code) => ({ ...code, usedAt: 1 }));
    assert.equal(recoveryFactor.offer({ apps: [], recovery: used }, offering), undefined);
    assert.equal(recoveryFactor.offer({ apps: [], recovery: [] }, offering), undefined);
  });
});

function lettersOf(code: string): Buffer {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Buffer.from([...code.replaceAll('-', '')].map((letter) => alphabet.indexOf(letter)));
}
