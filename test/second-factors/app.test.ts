import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AppEnrolment, Factors } from '../../src/accounts/index.ts';
import { systemRandom } from '../../src/random.ts';
import { decodeBase32 } from '../../src/second-factors/base32.ts';
import {
  appFactor,
  claimExpiry,
  draftApp,
  proveDraft,
  timeStep,
  totp,
  totpKey,
} from '../../src/second-factors/index.ts';
import { offering, settings, typedProof } from './typed-proof.ts';

const now = Date.UTC(2026, 0, 15, 9, 0, 10);
const step = 30_000;

function enrolled(
  id: string,
  more: Partial<AppEnrolment> = {},
): { app: AppEnrolment; at: (t: number) => string } {
  const secret = draftApp(systemRandom, id, 'alice', settings).secret;
  const app = {
    id,
    label: '',
    sealedSecret: secret,
    digits: 6,
    issuer: 'Example',
    enrolledAt: 0,
    drift: 0,
    ...more,
  };
  return { app, at: (t) => totp(totpKey(decodeBase32(secret)), t, app.digits) };
}

/** The sealed secret is the secret itself here; sealing has its own tests. */
const factor = appFactor((_, sealed) => sealed);
const having = (...apps: AppEnrolment[]): Factors => ({ apps, recovery: [] });

describe('an authenticator app', () => {
  it('is accepted by its code, with spaces as apps show it, and its last use and drift are learned', async () => {
    const phone = enrolled('phone');
    const code = phone.at(now + step);
    for (const typed of [code, ` ${code.slice(0, 3)} ${code.slice(3)} `]) {
      const verdict = await factor.verify(typedProof({ code: typed, now, factors: having(phone.app) }));
      assert.ok(verdict.result === 'accepted');
      assert.deepEqual(verdict.claims, [{ enrolment: 'phone', step: timeStep(now) + 1 }]);
      const app = verdict.apply(having(phone.app))?.apps[0];
      assert.equal(app?.lastUsedAt, now);
      assert.equal(app?.drift, 1);
      assert.equal(verdict.learnedDrift, undefined);
      assert.equal(verdict.apply(having()), undefined, 'the enrolment is gone');
    }
  });

  it('says how many digits it wants instead of counting letters or a wrong length as a guess', () => {
    const factors = having(enrolled('phone', { digits: 8 }).app);
    for (const typed of ['', '1234567', '123456789', '1234567a', '-1234567', '１２３４５６７８']) {
      assert.deepEqual(factor.malformed(typed, factors), { expected: 8 }, typed);
    }
    assert.equal(factor.malformed('1234 5678', factors), undefined);
  });

  it('keeps the digits it was enrolled with, whatever the setting says now', async () => {
    const phone = enrolled('phone', { digits: 8 });
    const verdict = await factor.verify(
      typedProof({ code: phone.at(now), now, factors: having(phone.app), settings: { digits: 6 } }),
    );
    assert.equal(verdict.result, 'accepted');
  });

  it('tells how many digits to type only when all apps agree', () => {
    assert.equal(factor.offer(having(), offering), undefined);
    assert.deepEqual(factor.offer(having(enrolled('a').app, enrolled('b').app), offering), {
      id: 'app',
      digits: 6,
    });
    const mixed = having(enrolled('a').app, enrolled('b', { digits: 8 }).app);
    assert.deepEqual(factor.offer(mixed, offering), { id: 'app' });
    assert.equal(factor.malformed('12345678', mixed), undefined);
    assert.equal(factor.malformed('123456', mixed), undefined);
  });

  it('accepts either of two phones and learns only of that one', async () => {
    const old = enrolled('old', { drift: 100 });
    const fresh = enrolled('new');
    const verdict = await factor.verify(
      typedProof({ code: old.at(now + 100 * step), now, factors: having(fresh.app, old.app) }),
    );
    assert.ok(verdict.result === 'accepted');
    assert.equal(verdict.enrolment, 'old');
    const after = verdict.apply(having(fresh.app, old.app));
    assert.equal(after?.apps[0], fresh.app);
    assert.equal(after?.apps[1]?.lastUsedAt, now);
  });

  it('calls a claimed code replayed and says when the next one comes', async () => {
    const phone = enrolled('phone');
    const proof = typedProof({ code: phone.at(now), now, factors: having(phone.app), claimed: () => true });
    const verdict = await factor.verify(proof);
    assert.deepEqual(verdict, {
      result: 'replayed',
      claims: [{ enrolment: 'phone', step: timeStep(now) }],
      nextIn: 20,
    });
  });

  it('asks for a second code when the first is far, and tells the drift only with the second', async () => {
    const phone = enrolled('phone');
    const factors = having(phone.app);
    const first = await factor.verify(typedProof({ code: phone.at(now + 40 * step), now, factors }));
    assert.ok(first.result === 'far');
    assert.deepEqual(first.candidates, [{ enrolment: 'phone', step: timeStep(now) + 40, drift: 40 }]);
    const second = await factor.verify(
      typedProof({
        code: phone.at(now + 41 * step),
        now: now + step,
        factors,
        candidates: first.candidates,
      }),
    );
    assert.ok(second.result === 'accepted');
    assert.equal(second.learnedDrift, 40);
    assert.equal(second.apply(factors)?.apps[0]?.drift, 40);
  });

  it("does not let one phone's far code prove another phone", async () => {
    const one = enrolled('one');
    const other = enrolled('other');
    const factors = having(one.app, other.app);
    const first = await factor.verify(typedProof({ code: one.at(now + 40 * step), now, factors }));
    assert.ok(first.result === 'far');
    const second = await factor.verify(
      typedProof({
        code: other.at(now + 41 * step),
        now: now + step,
        factors,
        candidates: first.candidates,
      }),
    );
    assert.equal(second.result, 'far');
  });

  it('keeps claims for the whole window, whatever the discrepancy becomes, and a day', () => {
    const claim = { enrolment: 'phone', step: timeStep(now) };
    assert.equal(claimExpiry(claim), claim.step * step + 481 * step + 86_400_000);
  });
});

describe('an app that is not enrolled yet', () => {
  const draft = draftApp(systemRandom, 'new', 'alice', settings);
  const at = (t: number): string => totp(totpKey(decodeBase32(draft.secret)), t, draft.digits);

  it('has a secret of 160 random bits', () => {
    assert.equal(decodeBase32(draft.secret).length, 20);
    assert.notEqual(draftApp(systemRandom, 'new', 'alice', settings).secret, draft.secret);
  });

  it('learns its drift from the first code within the tolerance', async () => {
    const proven = await proveDraft(typedProof({ code: at(now - 2 * step), now, factors: having() }), draft);
    assert.ok(proven.result === 'accepted');
    assert.deepEqual(proven.learned, { drift: -2 });
    assert.deepEqual(proven.claimed, [{ enrolment: 'new', step: timeStep(now) - 2 }]);
  });

  it('asks for a second code beyond it', async () => {
    const first = await proveDraft(typedProof({ code: at(now - 300 * step), now, factors: having() }), draft);
    assert.ok(first.result === 'far');
    const second = await proveDraft(
      typedProof({
        code: at(now - 298 * step),
        now: now + 2 * step,
        factors: having(),
        candidates: first.candidates,
      }),
      draft,
    );
    assert.ok(second.result === 'accepted' && second.proven);
    assert.deepEqual(second.learned, { drift: -300 });
  });

  it('knows wrong, malformed and claimed codes', async () => {
    const wrong = at(now + 1000 * step);
    assert.equal(
      (await proveDraft(typedProof({ code: wrong, now, factors: having() }), draft)).result,
      'wrong',
    );
    assert.deepEqual(await proveDraft(typedProof({ code: '12345', now, factors: having() }), draft), {
      result: 'malformed',
      expected: 6,
    });
    const claimed = typedProof({ code: at(now), now, factors: having(), claimed: () => true });
    assert.equal((await proveDraft(claimed, draft)).result, 'replayed');
  });
});
