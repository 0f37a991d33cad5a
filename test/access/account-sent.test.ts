import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { not, number, otherNumber, resend, sentSite, sentTo, withNumber } from './sent-code-site.ts';
import { doneOf, minute, refusal, type SignInSite, step, visitor } from './sign-in-site.ts';

const sms = (code: string) => ({ method: 'sms', code }) as const;

async function withApp(site: SignInSite) {
  const { user, phone } = await site.enrolled('alice');
  const { session } = await site.through('alice', phone);
  site.pass(4 * step);
  return { user, session, proof: () => ({ method: 'app', code: phone.code() }) as const, phone };
}

async function withSms(site: SignInSite) {
  const user = await withNumber(site, 'alice');
  const { pending, code } = await sentTo(site, 'alice');
  const { session } = doneOf(await site.signIn.verify(pending, sms(code), visitor));
  site.pass(resend);
  return { user, session };
}

describe('a number of the own account', () => {
  it('is added for a code typed now and the code that went there', async (t) => {
    const site = await sentSite(t);
    const { user, session, proof, phone } = await withApp(site);
    const own = await site.changes.factors(session);
    assert.deepEqual(own.addable, [
      { id: 'app', digits: 6 },
      { id: 'sms', digits: 6 },
    ]);
    const wish = { method: 'sms', phone: number } as const;
    const wrong = { method: 'app', code: site.wrong(phone) } as const;
    await refusal(site.changes.beginSent(session, wish, wrong, visitor), 'wrong-code');
    assert.equal(site.senders.sms.length, 0);
    await refusal(site.changes.confirmSent(session, sms('123456'), visitor), 'wrong-step');
    const sent = await site.changes.beginSent(session, wish, proof(), visitor);
    assert.equal(sent.pending, undefined);
    await refusal(
      site.changes.confirmSent(session, sms(not(site.senders.code('sms'))), visitor),
      'wrong-code',
    );
    const added = await site.changes.confirmSent(session, sms(site.senders.code('sms')), visitor);
    assert.equal(added.status, 'added');
    const { phone: enrolled } = await site.changes.factors(session);
    assert.deepEqual(enrolled, {
      id: added.id,
      hint: '••• 71',
      enrolledAt: site.clock.now(),
      lastUsedAt: site.clock.now(),
      setByAdministrator: false,
    });
    assert.equal((await site.factors(user)).apps.length, 1);
    site.pass(resend);
    const again = await sentTo(site, 'alice');
    doneOf(await site.signIn.verify(again.pending, sms(again.code), visitor));
  });

  it('is sent its code again without another proof, also when the first was not sent', async (t) => {
    const site = await sentSite(t);
    const { session, proof } = await withApp(site);
    await refusal(site.changes.resendSent(session, 'sms', visitor), 'wrong-step');
    site.senders.failure = 'sender-unavailable';
    const wish = { method: 'sms', phone: number } as const;
    await refusal(site.changes.beginSent(session, wish, proof(), visitor), 'sender-unavailable');
    site.senders.failure = undefined;
    await site.changes.resendSent(session, 'sms', visitor);
    await refusal(site.changes.resendSent(session, 'sms', visitor), 'code-just-sent');
    const added = await site.changes.confirmSent(session, sms(site.senders.code('sms')), visitor);
    assert.equal(added.status, 'added');
    await refusal(site.changes.resendSent(session, 'sms', visitor), 'wrong-step');
  });

  it('takes the place of the one before only when its own code has come back', async (t) => {
    const site = await sentSite(t);
    const { user, session } = await withSms(site);
    const before = (await site.factors(user)).phone?.id;
    await site.changes.sendCode(session, 'sms', visitor);
    const wish = { method: 'sms', phone: otherNumber } as const;
    const proof = sms(site.senders.code('sms'));
    await refusal(site.changes.beginSent(session, wish, proof, visitor), 'code-just-sent');
    site.pass(resend);
    await site.changes.resendSent(session, 'sms', visitor);
    assert.equal(site.senders.sms.at(-1)?.to, otherNumber);
    assert.equal((await site.factors(user)).phone?.id, before);
    await site.changes.confirmSent(session, sms(site.senders.code('sms')), visitor);
    assert.notEqual((await site.factors(user)).phone?.id, before);
    assert.equal(site.events('factor.removed')[0]?.method, 'sms');
    site.pass(60 * minute);
    await sentTo(site, 'alice');
    assert.equal(site.senders.sms.at(-1)?.to, otherNumber);
  });

  it('is not proven by the code that proved the change, nor the change by the code of the new number', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ digits: 12 });
    const { session } = await withSms(site);
    await site.changes.sendCode(session, 'sms', visitor);
    const proving = site.senders.code('sms');
    site.pass(resend);
    await site.changes.beginSent(session, { method: 'sms', phone: otherNumber }, sms(proving), visitor);
    const adding = site.senders.code('sms');
    await refusal(site.changes.confirmSent(session, sms(proving), visitor), 'wrong-code');
    await refusal(site.changes.renewRecoveryCodes(session, sms(adding), visitor), 'code-expired');
    await refusal(site.changes.renewRecoveryCodes(session, sms(proving), visitor), 'code-expired');
  });

  it('is not added with the code of another session, and not by a guess without end', async (t) => {
    const site = await sentSite(t);
    const { session } = await withSms(site);
    const other = await sentTo(site, 'alice');
    const second = doneOf(await site.signIn.verify(other.pending, sms(other.code), visitor)).session;
    site.pass(resend);
    await site.changes.sendCode(second, 'sms', visitor);
    const code = site.senders.code('sms');
    await refusal(site.changes.renewRecoveryCodes(session, sms(code), visitor), 'code-expired');
    for (let tries = 0; tries < 4; tries += 1) {
      await refusal(site.changes.renewRecoveryCodes(second, sms(not(code)), visitor), 'wrong-code');
    }
    await refusal(site.changes.renewRecoveryCodes(second, sms(code), visitor), 'locked');
  });

  it('does not renew the tries for codes by a code to a number that was just named', async (t) => {
    const site = await sentSite(t);
    const { user, session, proof, phone } = await withApp(site);
    await site.changes.beginSent(session, { method: 'sms', phone: number }, proof(), visitor);
    site.pass(4 * step);
    const wrong = { method: 'app', code: site.wrong(phone) } as const;
    for (let tries = 0; tries < 3; tries += 1) {
      await refusal(site.changes.renewRecoveryCodes(session, wrong, visitor), 'wrong-code');
    }
    await site.changes.confirmSent(session, sms(site.senders.code('sms')), visitor);
    const last = await refusal(site.changes.renewRecoveryCodes(session, wrong, visitor), 'wrong-code');
    assert.equal(last.params.triesLeft, 0);
    assert.ok((await site.parts.throttle.locks('default', user.key)).codes);
  });

  it('is not added to what a reset has emptied meanwhile', async (t) => {
    const site = await sentSite(t);
    const { user, session, proof } = await withApp(site);
    await site.changes.beginSent(session, { method: 'sms', phone: number }, proof(), visitor);
    const { version } = await site.parts.factorStore.read('default', user.key);
    await site.parts.factorStore.save('default', user.key, { apps: [], recovery: [] }, version);
    const confirming = site.changes.confirmSent(session, sms(site.senders.code('sms')), visitor);
    await refusal(confirming, 'wrong-step');
    assert.deepEqual(await site.factors(user), { apps: [], recovery: [] });
  });

  it('cannot be another than what an administrator has set', async (t) => {
    const site = await sentSite(t);
    const { user, session, proof } = await withApp(site);
    site.destinations.set(user.key, { sms: number });
    const wish = { method: 'sms', phone: otherNumber } as const;
    await refusal(site.changes.beginSent(session, wish, proof(), visitor), 'set-by-administrator');
    await site.changes.beginSent(session, { method: 'sms' }, proof(), visitor);
    assert.equal(site.senders.sms[0]?.to, number);
    await site.changes.confirmSent(session, sms(site.senders.code('sms')), visitor);
    const own = await site.changes.factors(session);
    assert.equal(own.phone?.setByAdministrator, true);
    assert.deepEqual(
      own.addable.map(({ id }) => id),
      ['app'],
    );
  });
});

describe('removing', () => {
  it('takes one of several, and never the last of who needs one', async (t) => {
    const site = await sentSite(t);
    const { user, session } = await withSms(site);
    const id = (await site.factors(user)).phone?.id ?? '';
    await refusal(site.changes.removeFactor(session, id, sms('123456'), visitor), 'last-factor');
    await site.changes.sendCode(session, 'sms', visitor);
    const setup = await site.changes.beginApp(session, sms(site.senders.code('sms')), visitor);
    const phone = site.phone(setup.secret);
    await site.changes.confirmApp(session, { code: phone.code() }, visitor);
    site.pass(4 * step);
    const proof = { method: 'app', code: phone.code() } as const;
    await refusal(site.changes.removeFactor(session, 'another', proof, visitor), 'not-found');
    await site.changes.removeFactor(session, id, proof, visitor);
    assert.equal((await site.factors(user)).phone, undefined);
    assert.equal(site.events('factor.removed')[0]?.method, 'sms');
    site.pass(4 * step);
    const begun = await site.begin('alice');
    assert.ok(begun.status === 'verify');
    assert.ok(begun.methods.every(({ id: method }) => method !== 'sms'));
    await site.through('alice', phone);
  });

  it('takes the last, with its recovery codes, from who needs none any more', async (t) => {
    const site = await sentSite(t);
    const { user, session } = await withSms(site);
    const id = (await site.factors(user)).phone?.id ?? '';
    site.obligation = { required: false, rule: 'not-listed' };
    await site.changes.sendCode(session, 'sms', visitor);
    await site.changes.removeFactor(session, id, sms(site.senders.code('sms')), visitor);
    assert.deepEqual(await site.factors(user), { apps: [], recovery: [] });
  });
});
