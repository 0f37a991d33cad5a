import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RenewalStep } from '../../src/access/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { referenceTo } from '../../src/sessions/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { jumblingStore } from './jumbling-store.ts';
import { number, sentSite, withNumber } from './sent-code-site.ts';
import {
  type Done,
  doneOf,
  minute,
  type Phone,
  pendingOf,
  refusal,
  SignInSite,
  step,
  visitor,
} from './sign-in-site.ts';

const hour = 60 * minute;
type Session = Done['session'];

async function signedIn(t: TestContext, options: Parameters<typeof SignInSite.open>[1] = {}) {
  const site = await SignInSite.open(t, options);
  const { user, phone, recoveryCodes } = await site.enrolled('alice');
  const { session } = await site.through('alice', phone);
  site.pass(5 * step);
  return { site, user, phone, recoveryCodes, session };
}

const byApp = (phone: Phone, offset = 0) => ({ method: 'app', code: phone.code(offset) }) as const;

function renewedOf(answer: RenewalStep): Extract<RenewalStep, { status: 'renewed' }> {
  assert.ok(answer.status === 'renewed', answer.status);
  return answer;
}

const outcomeOf = async (work: Promise<RenewalStep>): Promise<string> => {
  try {
    return (await work).status;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
};

describe('renewing a session', () => {
  it('begins both clocks anew, with a token of its own, and is audited', async (t) => {
    const { site, user, phone, session } = await signedIn(t);
    await site.sessions.open(referenceTo(session), site.clock.now());
    site.pass(8 * hour - minute);
    const before = site.audit.events.length;
    const { session: after, issued } = renewedOf(await site.renewals.renew(session, byApp(phone), visitor));
    assert.equal(site.sessions.endsAt(after), site.clock.now() + 8 * hour);
    assert.deepEqual([after.id, after.amr, after.verifiedAt], [session.id, ['pwd', 'otp'], site.clock.now()]);
    assert.deepEqual(await site.sessions.find(referenceTo(session)), after);
    const verdict = await (
      site.parts.tokens as unknown as { verifySession(token: string, origin: string): Promise<unknown> }
    ).verifySession(issued.token, 'https://gateway.example.com');
    assert.equal((verdict as { result: string }).result, 'valid');
    const origin = { address: visitor.address, browser: visitor.browser };
    const who = { user: user.key, name: 'alice', session: session.id, method: 'app', origin };
    assert.deepEqual(site.audit.events.slice(before), [
      { type: 'sign-in.factor', result: 'accepted', ...who },
      { type: 'session.renewed', ...who },
    ]);
  });

  it('takes any method of the user, and says by which the session now stands', async (t) => {
    const { site, recoveryCodes, session } = await signedIn(t);
    const methods = await site.renewals.methods(session);
    assert.deepEqual(
      methods.map(({ id }) => id),
      ['app', 'recovery', 'bypass'],
    );
    const proof = { method: 'recovery', code: recoveryCodes[0] ?? '' } as const;
    const { session: after } = renewedOf(await site.renewals.renew(session, proof, visitor));
    assert.deepEqual(after.amr, ['pwd', 'recovery']);
    await refusal(site.renewals.renew(session, proof, visitor), 'code-already-used');
  });

  it('sends a code that is good for this and nothing else', async (t) => {
    const site = await sentSite(t);
    const user = await withNumber(site, 'bob');
    void number;
    const pending = pendingOf(await site.begin('bob'), 'verify');
    await site.signIn.sendCode(pending, 'sms', visitor);
    const code = site.senders.code('sms');
    const { session } = doneOf(await site.signIn.verify(pending, { method: 'sms', code }, visitor));
    site.pass(31_000);
    const sent = await site.renewals.sendCode(session, 'sms', visitor);
    assert.equal(sent.pending, undefined);
    const proof = { method: 'sms', code: site.senders.code('sms') } as const;
    const other = pendingOf(await site.begin('bob'), 'verify');
    await refusal(site.signIn.verify(other, proof, visitor), 'code-expired');
    await refusal(site.changes.renewRecoveryCodes(session, proof, visitor), 'code-expired');
    renewedOf(await site.renewals.renew(session, proof, visitor));
    await refusal(site.renewals.renew(session, proof, visitor), 'code-expired');
    assert.ok(user);
  });

  it('asks for the next code where the clock of the device is off, and takes the failure back', async (t) => {
    const { site, phone, session } = await signedIn(t);
    const far = await site.renewals.renew(session, byApp(phone, 50), visitor);
    assert.equal(far.status, 'confirm-drift');
    const after = renewedOf(await site.renewals.renew(session, byApp(phone, 51), visitor));
    assert.equal(after.clockOffset, 51 * 30);
    await refusal(site.renewals.renew(session, byApp(phone, 51), visitor), 'code-already-used');
  });

  it('lets a far code of a sign-in confirm nothing here, nor of another session', async (t) => {
    const { site, phone, session } = await signedIn(t);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await site.signIn.verify(pending, byApp(phone, 50), visitor);
    assert.equal((await site.renewals.renew(session, byApp(phone, 51), visitor)).status, 'confirm-drift');
  });

  it('counts wrong codes with those of signing in, and locks with them', async (t) => {
    const { site, phone, session } = await signedIn(t);
    for (let tries = 0; tries < 4; tries += 1) {
      const wrong = { method: 'app', code: site.wrong(phone) } as const;
      await refusal(site.renewals.renew(session, wrong, visitor), 'wrong-code');
    }
    await refusal(site.renewals.renew(session, byApp(phone), visitor), 'locked');
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.verify(pending, byApp(phone), visitor), 'locked');
    assert.deepEqual(await site.sessions.find(referenceTo(session)), session);
  });

  it('takes a code once: not from a sign-in, and not twice', async (t) => {
    const { site, phone, session } = await signedIn(t);
    const proof = byApp(phone);
    await site.through('alice', phone);
    await refusal(site.renewals.renew(session, proof, visitor), 'code-already-used');
  });

  it('brings nothing back that has ended', async (t) => {
    const { site, phone, session } = await signedIn(t);
    site.pass(hour);
    await refusal(site.renewals.renew(session, byApp(phone), visitor), 'sign-in-expired');
    const { session: other } = await signedInAgain(site, phone);
    await site.sessions.revoke(referenceTo(other), { reason: 'sign-out', actor: 'local:alice' });
    await refusal(site.renewals.renew(other, byApp(phone), visitor), 'sign-in-expired');
    assert.equal(site.events('session.renewed').length, 0);
  });

  it('is not for a password alone, a disabled user, or one who may not sign in any more', async (t) => {
    const { site, user, phone, session } = await signedIn(t);
    const passwordOnly: Session = { ...session, amr: ['pwd'] };
    await refusal(site.renewals.renew(passwordOnly, byApp(phone), visitor), 'not-allowed');
    assert.deepEqual(await site.renewals.methods(passwordOnly), []);

    site.obligation = { required: false, rule: 'not-listed' };
    site.settings.change({ unlistedUsers: 'deny' });
    await refusal(site.renewals.renew(session, byApp(phone), visitor), 'not-enabled');
    assert.deepEqual(await site.renewals.methods(session), []);
    site.settings.change({ unlistedUsers: 'allow' });

    site.directory.disable(user.key);
    await refusal(site.renewals.renew(session, byApp(phone), visitor), 'account-disabled');
    await refusal(site.renewals.sendCode(session, 'sms', visitor), 'account-disabled');
    assert.deepEqual(await site.renewals.methods(session), []);
    assert.ok(user);
  });

  it('is over with a reset, whatever code was typed before', async (t) => {
    const { site, user, phone, session } = await signedIn(t);
    const { version } = await site.parts.factorStore.read('default', user.key);
    await site.parts.factorStore.save('default', user.key, { apps: [], recovery: [] }, version);
    await refusal(site.renewals.renew(session, byApp(phone), visitor), 'method-not-available');
  });

  it('with one code at the same moment happens once, on whatever replica', async (t) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const clock = new ManualClock();
      const store = await openStore(clock);
      const { site, phone, session } = await signedIn(t, { clock, store: jumblingStore(store, seed * 7919) });
      const outcomes = await Promise.all(
        Array.from({ length: 4 }, () => outcomeOf(site.renewals.renew(session, byApp(phone), visitor))),
      );
      assert.equal(outcomes.filter((each) => each === 'renewed').length, 1, outcomes.join());
      assert.equal(site.events('session.renewed').length, 1);
      await store.close();
    }
  });
});

async function signedInAgain(site: SignInSite, phone: Phone): Promise<Done> {
  site.pass(5 * step);
  const done = await site.through('alice', phone);
  site.pass(5 * step);
  return done;
}
