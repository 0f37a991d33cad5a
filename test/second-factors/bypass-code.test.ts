import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bypassHash, type Factors } from '../../src/accounts/index.ts';
import { bypassFactor } from '../../src/second-factors/index.ts';
import { offering, typedProof } from './typed-proof.ts';

const user = 'local:alice';
const code = '7QH2-M0XV-9ERT';
const issuedAt = Date.UTC(2026, 0, 15, 9);
const expiresAt = issuedAt + 3_600_000;
const factors: Factors = {
  apps: [],
  recovery: [],
  bypass: { hash: bypassHash(user, code), issuedAt, expiresAt },
};
const tried = (given: Partial<Parameters<typeof typedProof>[0]>) =>
  bypassFactor.verify(typedProof({ user, factors, code, now: issuedAt, ...given }));

describe('the helpdesk factor', () => {
  it('accepts its code once', async () => {
    const verdict = await tried({});
    assert.ok(verdict.result === 'accepted');
    const after = verdict.apply(factors);
    assert.equal(after?.bypass?.usedAt, issuedAt);
    assert.equal(verdict.apply(after), undefined, 'a second taker changes nothing');
    assert.equal((await tried({ factors: after })).result, 'replayed');
  });

  it('takes it until its last millisecond, and not in the next', async () => {
    assert.equal((await tried({ now: expiresAt - 1 })).result, 'accepted');
    assert.equal((await tried({ now: expiresAt })).result, 'wrong');
    assert.equal((await tried({ now: expiresAt + 1 })).result, 'wrong');
  });

  it('applies to nothing once the code was replaced or taken away meanwhile', async () => {
    const verdict = await tried({});
    assert.ok(verdict.result === 'accepted');
    assert.equal(verdict.apply({ apps: [], recovery: [] }), undefined);
    const hash = bypassHash(user, '0000-0000-0000');
    assert.equal(verdict.apply({ ...factors, bypass: { hash, issuedAt, expiresAt } }), undefined);
  });

  it('knows nothing of other codes, other users, or a user without one', async () => {
    assert.equal((await tried({ code: '7QH2-M0XV-9ERV' })).result, 'wrong');
    assert.equal((await tried({ user: 'local:bob' })).result, 'wrong');
    assert.equal((await tried({ factors: { apps: [], recovery: [] } })).result, 'wrong');
  });

  it('forgives how it is typed, and calls another shape malformed', async () => {
    for (const typed of ['7qh2m0xv9ert', ' 7QH2 MOXV 9ERT ', '7QH2–M0XV–9ert']) {
      assert.equal(bypassFactor.malformed(typed, factors), undefined, typed);
      assert.equal((await tried({ code: typed })).result, 'accepted', typed);
    }
    for (const typed of ['', '123456', `${code}0`, '7QH2-M0XV-9ER', 'UUUU-UUUU-UUUU']) {
      assert.deepEqual(bypassFactor.malformed(typed, factors), { expected: 12 }, typed);
    }
  });

  it('is offered whether a code is out or not: nobody learns from it, and nobody has to begin anew', () => {
    assert.deepEqual(bypassFactor.offer(factors, offering), { id: 'bypass' });
    assert.deepEqual(bypassFactor.offer({ apps: [], recovery: [] }, offering), { id: 'bypass' });
  });
});
