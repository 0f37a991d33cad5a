import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { SignInSite } from './sign-in-site.ts';

/** Somebody whose directory bars them with the right password only. */
const barredSite = async (t: TestContext, because?: 'expired' | 'logon-hours' | 'workstation') => {
  const site = await SignInSite.open(t);
  const bar = () => {
    const { verify } = site.directory;
    site.directory.verify = async (name, password) => {
      const verdict = await verify.call(site.directory, name, password);
      if (verdict.result !== 'accepted') return verdict;
      return { result: 'disabled', user: verdict.user, ...(because === undefined ? {} : { because }) };
    };
  };
  return { site, bar };
};
const visitor = { address: '192.0.2.1' };
const credentials = { username: 'alice', password: "alice's password" };

describe('an account that its directory lets in no more', () => {
  for (const [because, code] of [
    [undefined, 'account-disabled'],
    ['expired', 'account-expired'],
    ['logon-hours', 'outside-logon-hours'],
    ['workstation', 'logon-restricted'],
  ] as const) {
    it(`is told so after both factors: ${code}`, async (t) => {
      const { site, bar } = await barredSite(t, because);
      const { phone } = await site.enrolled('alice');
      bar();
      await assert.rejects(site.signIn.begin({ ...credentials, password: 'wrong' }, visitor), {
        code: 'invalid-credentials',
      });
      site.pass(60_000);
      const step = await site.signIn.begin(credentials, visitor);
      assert.equal(step.status, 'verify');
      const pending = step.status === 'verify' ? step.pending.token : '';
      await assert.rejects(site.signIn.verify(pending, { method: 'app', code: site.wrong(phone) }, visitor), {
        code: 'wrong-code',
      });
      await assert.rejects(site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor), {
        code,
      });
      site.pass(60_000);
      await assert.rejects(site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor), {
        code: 'sign-in-expired',
      });
    });
  }

  it('threat 2: gets from its pending sign-in nothing but the reason: no other step, no device, no session', async (t) => {
    const { site, bar } = await barredSite(t);
    const { user, phone, recoveryCodes } = await site.enrolled('alice');
    const before = (await site.live(user)).length;
    bar();
    const begin = async (): Promise<string> => {
      const step = await site.signIn.begin(credentials, visitor);
      return step.status === 'verify' ? step.pending.token : assert.fail(step.status);
    };
    const pending = await begin();
    await assert.rejects(site.signIn.beginApp(pending, visitor), { code: 'wrong-step' });
    await assert.rejects(site.signIn.confirmApp(pending, { code: phone.code() }, visitor), {
      code: 'wrong-step',
    });
    const setup = { method: 'sms', phone: '+14155552671' } as const;
    await assert.rejects(site.signIn.beginSent(pending, setup, visitor), { code: 'wrong-step' });
    await assert.rejects(site.signIn.changePassword(pending, 'another long password', visitor), {
      code: 'wrong-step',
    });
    // At the same moment, by several methods: whoever wins is told no.
    const proofs = [
      { method: 'app', code: phone.code() },
      { method: 'recovery', code: recoveryCodes[0] ?? '' },
      { method: 'recovery', code: recoveryCodes[1] ?? '' },
    ] as const;
    const answers = await Promise.allSettled(
      proofs.map((proof) => site.signIn.verify(pending, proof, visitor)),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.equal((await site.live(user)).length, before);
    assert.equal(site.events('sign-in.done').length, 1, 'only the one that enrolled');
    // What is let in again begins again: the pending sign-in of before stays barred.
    site.pass(120_000);
    const late = await begin();
    site.directory.verify = Object.getPrototypeOf(site.directory).verify;
    await assert.rejects(site.signIn.verify(late, { method: 'app', code: phone.code() }, visitor), {
      code: 'account-disabled',
    });
  });

  it('is told so after the password where nothing is enrolled, and enrols nothing', async (t) => {
    const { site, bar } = await barredSite(t, 'expired');
    site.directory.add('alice');
    bar();
    await assert.rejects(site.signIn.begin(credentials, visitor), { code: 'account-expired' });
  });
});
