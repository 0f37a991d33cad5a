import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SignInSite } from './sign-in-site.ts';

const visitor = { address: '192.0.2.1' };

describe('an expired password of a directory', () => {
  it('is replaced after the second factor, by typing the old one once more', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    site.directory.change(user.key, { mustChange: true });
    site.directory.wantsCurrent = true;
    site.directory.lockout = { threshold: 5, window: 60_000 };
    const begun = await site.begin('alice');
    const pending = begun.status === 'verify' ? begun.pending.token : assert.fail(begun.status);
    const step = await site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor);
    assert.deepEqual(step, { status: 'change-password', needsCurrent: true });

    const change = (current?: string) =>
      site.signIn.changePassword(pending, 'a better one than before', visitor, current);
    await assert.rejects(change(), { code: 'wrong-password' });
    await assert.rejects(change('a wrong one'), { code: 'wrong-password' });
    await assert.rejects(change('another wrong one'), { code: 'wrong-password' });
    await assert.rejects(
      change("alice's password"),
      { code: 'locked' },
      'the directory would lock the account',
    );
    site.pass(60_000);
    assert.equal((await change("alice's password")).status, 'done');
    assert.equal(site.directory.accounts.get(user.key)?.password, 'a better one than before');
  });
});
