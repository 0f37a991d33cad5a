import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Phone } from './sign-in-site.ts';
import { doneOf, minute, pendingOf, refusal, SignInSite, step, visitor } from './sign-in-site.ts';

async function signedIn(site: SignInSite) {
  const { user, phone, recoveryCodes } = await site.enrolled('alice');
  const { session } = await site.through('alice', phone);
  site.pass(4 * step);
  return { user, phone, recoveryCodes, session };
}

const by = (phone: Phone) => ({ method: 'app', code: phone.code() }) as const;

describe('the own account', () => {
  it('shows factors without any secret', async (t) => {
    const site = await SignInSite.open(t);
    const { phone, session } = await signedIn(site);
    const own = await site.changes.factors(session);
    assert.equal(own.apps.length, 1);
    assert.deepEqual(own.recoveryCodes, { total: 10, left: 10 });
    assert.deepEqual(own.methods, [{ id: 'app', digits: 6 }, { id: 'recovery' }]);
    assert.doesNotMatch(JSON.stringify(own), /sealed|hash/i);
    assert.ok(!JSON.stringify(own).includes(phone.secret));
  });

  it('takes a further phone for a code of the first and a code of the new one', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone, session } = await signedIn(site);
    await refusal(site.changes.confirmApp(session, { code: '123456' }, visitor), 'wrong-step');
    await refusal(
      site.changes.beginApp(session, { method: 'app', code: site.wrong(phone) }, visitor),
      'wrong-code',
    );
    const setup = await site.changes.beginApp(session, by(phone), visitor);
    const fresh = site.phone(setup.secret);
    await refusal(site.changes.confirmApp(session, { code: site.wrong(fresh) }, visitor), 'wrong-code');
    assert.equal((await site.factors(user)).apps.length, 1);
    const added = await site.changes.confirmApp(session, { code: fresh.code(), label: 'New' }, visitor);
    assert.equal(added.status, 'added');
    assert.equal((await site.factors(user)).apps.length, 2);
    await refusal(site.changes.confirmApp(session, { code: fresh.code(1) }, visitor), 'wrong-step');
    site.pass(4 * step);
    await site.through('alice', fresh);
    await site.through('alice', phone);
  });

  it('asks a further phone whose clock is off for a second code', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone, session } = await signedIn(site);
    const fresh = site.phone((await site.changes.beginApp(session, by(phone), visitor)).secret);
    const confirm = () => site.changes.confirmApp(session, { code: fresh.code(9) }, visitor);
    assert.deepEqual(await confirm(), { status: 'confirm-drift' });
    site.pass(step);
    assert.equal((await confirm()).status, 'added');
    assert.equal((await site.factors(user)).apps[1]?.drift, 9);
  });

  it('does not renew the tries for codes by a code of a key that was just shown', async (t) => {
    const site = await SignInSite.open(t);
    const { phone, session } = await signedIn(site);
    const fresh = site.phone((await site.changes.beginApp(session, by(phone), visitor)).secret);
    const guess = { method: 'app', code: site.wrong(phone) } as const;
    for (let round = 0; round < 3; round += 1) {
      await refusal(site.changes.renewRecoveryCodes(session, guess, visitor), 'wrong-code');
    }
    assert.equal((await site.changes.confirmApp(session, { code: fresh.code() }, visitor)).status, 'added');
    const error = await refusal(site.changes.renewRecoveryCodes(session, guess, visitor), 'wrong-code');
    assert.equal(error.params.triesLeft, 0);
    await refusal(site.changes.renewRecoveryCodes(session, by(phone), visitor), 'locked');
  });

  it('does not use the code that proved one change for another', async (t) => {
    const site = await SignInSite.open(t);
    const { phone, session } = await signedIn(site);
    const proof = by(phone);
    await site.changes.renewRecoveryCodes(session, proof, visitor);
    await refusal(site.changes.renewRecoveryCodes(session, proof, visitor), 'code-already-used');
  });

  it('removes a phone for a code, but never the last', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone, session } = await signedIn(site);
    const first = (await site.factors(user)).apps[0]?.id ?? '';
    await refusal(site.changes.removeFactor(session, first, by(phone), visitor), 'last-factor');
    const fresh = site.phone((await site.changes.beginApp(session, by(phone), visitor)).secret);
    await site.changes.confirmApp(session, { code: fresh.code() }, visitor);
    site.pass(4 * step);
    await refusal(site.changes.removeFactor(session, 'unknown', by(phone), visitor), 'not-found');
    await refusal(
      site.changes.removeFactor(session, first, { method: 'app', code: site.wrong(phone) }, visitor),
      'wrong-code',
    );
    await site.changes.removeFactor(session, first, by(fresh), visitor);
    assert.equal((await site.factors(user)).apps.length, 1);
    site.pass(4 * step);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.verify(pending, by(phone), visitor), 'wrong-code');
    assert.equal(site.events('factor.removed').length, 1);
  });

  it('keeps one factor when two sessions remove one each at the same moment', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone, session } = await signedIn(site);
    const fresh = site.phone((await site.changes.beginApp(session, by(phone), visitor)).secret);
    await site.changes.confirmApp(session, { code: fresh.code() }, visitor);
    site.pass(4 * step);
    const ids = (await site.factors(user)).apps.map((app) => app.id);
    await Promise.allSettled([
      site.changes.removeFactor(session, ids[0] ?? '', by(phone), visitor),
      site.changes.removeFactor(session, ids[1] ?? '', by(fresh), visitor),
    ]);
    assert.equal((await site.factors(user)).apps.length, 1);
  });

  it('gives new recovery codes and voids the old ones', async (t) => {
    const site = await SignInSite.open(t);
    const { recoveryCodes, phone, session } = await signedIn(site);
    const fresh = await site.changes.renewRecoveryCodes(session, by(phone), visitor);
    assert.equal(fresh.length, 10);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(
      site.signIn.verify(pending, { method: 'recovery', code: recoveryCodes[0] ?? '' }, visitor),
      'wrong-code',
    );
    doneOf(await site.signIn.verify(pending, { method: 'recovery', code: fresh[0] ?? '' }, visitor));
  });

  it('changes the password for the current one, and ends the other sessions', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone, session } = await signedIn(site);
    await site.through('alice', phone);
    assert.equal((await site.live(user)).length, 3);
    const change = (current: string, next: string) =>
      site.changes.changePassword(session, current, next, visitor);
    await refusal(change('wrong', 'a new password'), 'wrong-password');
    await refusal(change("alice's password", 'short'), 'password-too-weak');
    await change("alice's password", 'a new password');
    assert.deepEqual(
      (await site.live(user)).map((each) => each.id),
      [session.id],
    );
    assert.equal((await site.begin('alice', visitor, 'a new password')).status, 'verify');
  });

  it('counts wrong current passwords like wrong passwords at the door', async (t) => {
    const site = await SignInSite.open(t);
    const { session } = await signedIn(site);
    for (let round = 0; round < 10; round += 1) {
      await refusal(
        site.changes.changePassword(session, 'wrong', 'a new password', visitor),
        'wrong-password',
      );
    }
    await refusal(
      site.changes.changePassword(session, "alice's password", 'a new password', visitor),
      'locked',
    );
    await refusal(site.begin('alice'), 'locked');
    site.pass(minute);
    await site.changes.changePassword(session, "alice's password", 'a new password', visitor);
  });

  it('changes the password on a known device while an attacker keeps the name locked', async (t) => {
    const site = await SignInSite.open(t);
    const { phone } = await signedIn(site);
    const { session, device } = await site.through('alice', phone);
    for (let round = 0; round < 10; round += 1) {
      await refusal(site.begin('alice', visitor, 'wrong'), 'invalid-credentials');
    }
    const change = (from: typeof visitor & { device?: string }) =>
      site.changes.changePassword(session, "alice's password", 'a new password', from);
    await refusal(change(visitor), 'locked');
    await change({ ...visitor, device: device?.token ?? '' });
  });

  it('signs out everywhere', async (t) => {
    const site = await SignInSite.open(t);
    const { user, session } = await signedIn(site);
    await site.changes.signOutEverywhere(session);
    assert.deepEqual(await site.live(user), []);
  });

  it('changes nothing for a user who was disabled or has no factor any more', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone, session } = await signedIn(site);
    const setup = await site.changes.beginApp(session, by(phone), visitor);
    await site.store.delete('factors', `default/${user.key}`);
    const fresh = site.phone(setup.secret);
    await refusal(site.changes.confirmApp(session, { code: fresh.code() }, visitor), 'wrong-step');
    await refusal(site.changes.beginApp(session, by(phone), visitor), 'method-not-available');
    site.directory.disable(user.key);
    await refusal(site.changes.renewRecoveryCodes(session, by(phone), visitor), 'account-disabled');
  });
});
