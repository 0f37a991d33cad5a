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

  it('is told so after the password where nothing is enrolled, and enrols nothing', async (t) => {
    const { site, bar } = await barredSite(t, 'expired');
    site.directory.add('alice');
    bar();
    await assert.rejects(site.signIn.begin(credentials, visitor), { code: 'account-expired' });
  });
});
