import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePhoneNumber } from '../../src/delivery/index.ts';
import { number, otherNumber, resend, sentSite, sentTo, withNumber } from './sent-code-site.ts';
import { doneOf, minute, outcome, pendingOf, refusal, visitor } from './sign-in-site.ts';

const sms = (code: string) => ({ method: 'sms', code }) as const;

describe('a sign-in that somebody keeps up', () => {
  it('threat 2: ends, however often another code is asked for', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ codeLifespan: 60 });
    await withNumber(site, 'alice');
    let { pending } = await sentTo(site, 'alice');
    let sent = 1;
    for (; sent < 10; sent += 1) {
      site.pass(25 * minute);
      const again = await site.signIn.sendCode(pending, 'sms', visitor).catch(() => undefined);
      if (again === undefined) break;
      pending = again.pending?.token ?? pending;
    }
    assert.equal(sent, 3, 'the first, and two more within the hour');
    // What was sent last is still good, and then it is over.
    site.pass(34 * minute);
    assert.equal(await outcome(site.signIn.verify(pending, sms('000000'), visitor)), 'wrong-code');
    site.pass(2 * minute);
    await refusal(site.signIn.verify(pending, sms(site.senders.code('sms')), visitor), 'sign-in-expired');
  });

  it('threat 2: ends while nothing is enrolled yet too', async (t) => {
    const site = await sentSite(t);
    site.settings.change({ codeLifespan: 60 });
    site.directory.add('alice');
    let pending = pendingOf(await site.begin('alice'), 'enrol');
    const send = () => site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
    pending = (await send()).pending?.token ?? pending;
    site.pass(59 * minute);
    pending = (await send()).pending?.token ?? pending;
    site.pass(2 * minute);
    await refusal(send(), 'sign-in-expired');
    doneOf(await site.signIn.confirmSent(pending, sms(site.senders.code('sms')), visitor));
  });
});

describe('a code on its way to a number that is not the right one any more', () => {
  it('threat 3: proves nothing once an administrator has taken the number away', async (t) => {
    const site = await sentSite(t);
    const user = await withNumber(site, 'alice');
    site.destinations.set(user.key, { sms: otherNumber });
    const stolen = await sentTo(site, 'alice');
    assert.equal(site.senders.sms.at(-1)?.to, otherNumber);
    site.destinations.delete(user.key);
    await refusal(site.signIn.verify(stolen.pending, sms(stolen.code), visitor), 'code-expired');
    site.pass(resend);
    const { pending, code } = await sentTo(site, 'alice');
    assert.equal(site.senders.sms.at(-1)?.to, number);
    doneOf(await site.signIn.verify(pending, sms(code), visitor));
  });

  for (const [before, now] of [
    [undefined, { sms: otherNumber }],
    [{ sms: otherNumber }, undefined],
  ]) {
    it(`threat 3: renews no session and changes no account, ${now ? 'replaced' : 'taken away'}`, async (t) => {
      const site = await sentSite(t);
      const user = await withNumber(site, 'alice');
      const { pending, code } = await sentTo(site, 'alice');
      const { session } = doneOf(await site.signIn.verify(pending, sms(code), visitor));
      if (before !== undefined) site.destinations.set(user.key, before);
      site.pass(resend);
      await site.renewals.sendCode(session, 'sms', visitor);
      const renewing = sms(site.senders.code('sms'));
      site.pass(resend);
      await site.changes.sendCode(session, 'sms', visitor);
      const changing = sms(site.senders.code('sms'));
      if (now === undefined) site.destinations.delete(user.key);
      else site.destinations.set(user.key, now);
      await refusal(site.renewals.renew(session, renewing, visitor), 'code-expired');
      await refusal(site.changes.renewRecoveryCodes(session, changing, visitor), 'code-expired');
    });
  }
});

describe('somebody who wants messages that others pay for', () => {
  it('threat 10: has no more of them by being known on many devices', async (t) => {
    const site = await sentSite(t);
    await withNumber(site, 'alice');
    const devices: string[] = [];
    while (devices.length < 6) {
      site.pass(61 * minute);
      const { pending, code } = await sentTo(site, 'alice');
      const { device } = doneOf(await site.signIn.verify(pending, sms(code), visitor));
      assert.ok(device);
      devices.push(device.token);
    }
    site.pass(61 * minute);
    const before = site.senders.sms.length;
    let refused = 0;
    for (let round = 0; round < 5; round += 1) {
      site.pass(resend);
      for (const device of devices) {
        const from = { ...visitor, device };
        const pending = pendingOf(await site.begin('alice', from), 'verify');
        await site.signIn.sendCode(pending, 'sms', from).catch(() => {
          refused += 1;
        });
      }
    }
    assert.equal(site.senders.sms.length - before, 20);
    assert.equal(refused, 10);
    // Whoever is no known device has their own, as before.
    await sentTo(site, 'alice');
  });
});

describe('what a message says', () => {
  for (const issuer of [
    '%CODE%',
    '%ISSUER%%CODE%',
    '{{code}}',
    '$t(messages.code.text)',
    '$&$1',
    '<b>x</b>',
  ]) {
    it(`threat 21: has the code where it belongs, whatever the issuer is: ${issuer}`, async (t) => {
      const site = await sentSite(t);
      site.settings.change({ issuer, smsMessage: 'Your %ISSUER% verification code is: %CODE%' });
      site.directory.add('alice', undefined, { email: 'alice@example.org' });
      const pending = pendingOf(await site.begin('alice'), 'enrol');
      await site.signIn.beginSent(pending, { method: 'email' }, visitor);
      const mail = site.senders.emails.at(-1);
      const code = site.senders.code('email');
      assert.equal(mail?.subject, `Your ${issuer} verification code`);
      assert.equal(mail?.text.split(code).length, 2);
      site.pass(resend);
      await site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
      const text = site.senders.sms.at(-1)?.text;
      const sent = site.senders.code('sms');
      assert.equal(text, `Your ${issuer} verification code is: ${sent}`);
    });
  }
});

describe('a number that is typed', () => {
  it('threat 16d: is one number however it is written, or none', async () => {
    const same = [
      '+1 415 555 2671',
      '+1 (415) 555-2671',
      '0014155552671',
      '+１４１５５５５２６７１',
      '＋14155552671',
      '+1.415.555.2671',
      ' +14155552671 ',
    ];
    for (const typed of same) {
      const read = await parsePhoneNumber(typed).catch(() => 'refused');
      assert.ok(read === number || read === 'refused', `${typed}: ${read}`);
    }
    const none = [
      '+1 415 555 2671 ext. 5',
      '+14155552671;ext=5',
      '+14155552671x5',
      '+14155552671,5',
      '+14155552671#5',
      '+14155552671;phone-context=+33',
      'tel:+14155552671',
      '+14155552671, +33612345678',
      '+14155552671\n+33612345678',
      '+14155552671\u0000',
      '\u202e+14155552671',
      '4155552671',
      '++14155552671',
      '+1415555267A',
      '+1-900-555-2671',
    ];
    for (const typed of none)
      await assert.rejects(parsePhoneNumber(typed), { code: 'invalid-phone-number' }, typed);
  });
});
