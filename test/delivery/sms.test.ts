import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { DeliveryFailure } from '../../src/delivery/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { freePort } from '../support/free-port.ts';
import { deliverySite, number, subscription } from './delivery-site.ts';

const text = 'Your Example verification code is: 493817';
const sms = { subscription, to: number, text, user: 'local:alice' };
const told = { subscription, channel: 'sms', purpose: 'code', to: '••• 71', user: 'local:alice' };

/** What the promise rejected with: the code, the kind of failure, and the provider's code. */
async function failureOf(sending: Promise<void>) {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    const cause = error.cause instanceof DeliveryFailure ? error.cause : undefined;
    return { code: error.code, kind: cause?.kind, providerError: cause?.providerError };
  }
  throw new assert.AssertionError({ message: 'it was sent' });
}

describe('an SMS', () => {
  it('is handed to Twilio once, as its API wants it', async (t) => {
    const { delivery, twilio, events, configureSms } = await deliverySite(t);
    assert.equal(delivery.configured(subscription, 'sms'), false);
    await configureSms();
    assert.equal(delivery.configured(subscription, 'sms'), true);
    await delivery.sendSms(sms);
    assert.deepEqual(twilio.taken, [{ To: number, From: '+15005550006', Body: text }]);
    assert.deepEqual(events.at(-1), { type: 'message.sent', ...told });
  });

  it('goes by a messaging service where one is named', async (t) => {
    const { delivery, twilio, configureSms } = await deliverySite(t);
    const sender = `MG${'0f'.repeat(16)}`;
    await configureSms({ sender });
    await delivery.sendSms(sms);
    assert.deepEqual(twilio.taken, [{ To: number, MessagingServiceSid: sender, Body: text }]);
  });

  it('is refused without a sender, and nobody is asked', async (t) => {
    const { delivery, twilio, events } = await deliverySite(t);
    assert.equal((await failureOf(delivery.sendSms(sms))).code, 'sender-unavailable');
    assert.deepEqual(events, [{ type: 'message.refused', ...told, reason: 'not-configured' }]);
    assert.equal(twilio.requests.length, 0);
  });

  for (const [status, twilioCode, sentence, code, kind] of [
    [
      400,
      21211,
      `The 'To' number ${number} is not a valid phone number.`,
      'invalid-phone-number',
      'recipient',
    ],
    [400, 21614, `'To' number: ${number}, is not a mobile number`, 'invalid-phone-number', 'recipient'],
    [
      400,
      21608,
      `The number ${number} is unverified. Trial accounts cannot…`,
      'sender-unavailable',
      'unverified-number',
    ],
    [400, 21610, 'Attempt to send to unsubscribed recipient', 'sender-unavailable', 'opted-out'],
    [400, 21408, 'Permission to send an SMS has not been enabled', 'country-not-allowed', 'country'],
    [400, 21606, 'The From phone number is not a valid, SMS-capable…', 'sender-unavailable', 'sender'],
    [401, 20003, 'Authenticate', 'sender-unavailable', 'credentials'],
    [429, 20429, 'Too Many Requests', 'sender-unavailable', 'rate-limit'],
    [500, 20500, 'An internal server error has occurred', 'sender-unavailable', 'provider-trouble'],
    [400, 99999, 'Something new', 'sender-unavailable', 'refused'],
  ] as const) {
    it(`that Twilio answers with ${twilioCode} is ${code}, and asked for once`, async (t) => {
      const { delivery, twilio, events, configureSms, told: everything } = await deliverySite(t);
      await configureSms();
      twilio.fail(status, twilioCode, sentence);
      const failure = await failureOf(delivery.sendSms(sms));
      assert.deepEqual(failure, { code, kind, providerError: String(twilioCode) });
      assert.equal(twilio.requests.length, 1);
      const event = events.at(-1);
      assert.ok(event?.type === 'message.failed');
      assert.deepEqual(event, {
        type: 'message.failed',
        ...told,
        reason: kind,
        providerError: String(twilioCode),
        explanation: event.explanation,
      });
      assert.match(event.explanation ?? '', /\w+/);
      assert.ok(!everything().includes(number.slice(1)), everything());
    });
  }

  it('fails in order when whatever answers is not Twilio', async (t) => {
    const { delivery, twilio, configureSms } = await deliverySite(t);
    await configureSms();
    const answers: Record<string, [kind: string, answer: (response: ServerResponse) => void]> = {
      'a page': ['unintelligible', (response) => response.end('<html>Welcome!</html>')],
      'no message': ['unintelligible', (response) => response.end('{}')],
      null: ['unintelligible', (response) => response.end('null')],
      'a list': ['unintelligible', (response) => response.end('[[[]]]')],
      404: ['unintelligible', (response) => response.writeHead(404).end('not here')],
      302: ['unintelligible', (response) => response.writeHead(302, { Location: '/elsewhere' }).end()],
      'a flood': ['unintelligible', (response) => response.end('x'.repeat(1_000_000))],
      'a reset': ['unreachable', (response) => response.destroy()],
      'odd types': ['unintelligible', (response) => response.writeHead(400).end('{"message":5,"code":"x"}')],
    };
    for (const [name, [kind, answer]] of Object.entries(answers)) {
      twilio.answer(answer);
      const failure = await failureOf(delivery.sendSms(sms));
      assert.deepEqual([failure.code, failure.kind], ['sender-unavailable', kind], name);
    }
    assert.equal(twilio.requests.length, Object.keys(answers).length);
    twilio.answer();
    await delivery.sendSms(sms);
  });

  it('is given up after the deadline, however slowly the answer trickles', async (t) => {
    const { clock, delivery, twilio, configureSms } = await deliverySite(t);
    await configureSms();
    twilio.answer((response) => void response.writeHead(201).write('{'));
    const asked = twilio.next();
    const failing = failureOf(delivery.sendSms(sms));
    await asked;
    clock.advance(9_999);
    clock.advance(1);
    assert.deepEqual(await failing, {
      code: 'sender-unavailable',
      kind: 'no-answer',
      providerError: 'ERR_CANCELED',
    });
    assert.equal(twilio.requests.length, 1);
  });

  it('says so when nobody listens', async (t) => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const { delivery, configureSms } = await deliverySite(t, { twilioUrl: nobody });
    await configureSms();
    const failure = await failureOf(delivery.sendSms(sms));
    assert.deepEqual(failure, {
      code: 'sender-unavailable',
      kind: 'unreachable',
      providerError: 'ECONNREFUSED',
    });
  });

  it('tells nobody the token, the code or the number, whatever the provider says', async (t) => {
    const { delivery, twilio, configureSms, told: everything } = await deliverySite(t);
    await configureSms();
    const basic = Buffer.from(`${twilio.accountSid}:${twilio.authToken}`).toString('base64');
    for (const words of [
      `${text} could not be sent to ${number}`,
      `code 4938-17 to +1 (415) 555-2671 by ${twilio.authToken}`,
      `Authorization: Basic ${basic}`,
      '493817',
    ]) {
      twilio.fail(400, 20001, words);
      await failureOf(delivery.sendSms(sms));
    }
    for (const secret of [text, '493817', '4938-17', '5552671', '555-2671', twilio.authToken, basic]) {
      assert.ok(!everything().includes(secret), secret);
    }
  });

  it('goes to allowed countries only: by prefix, or by country where a prefix has many', async (t) => {
    const { delivery, events, configureSms } = await deliverySite(t);
    const numbers = {
      us: number,
      jamaica: '+18764123456',
      france: '+33612345678',
      satellite: '+870773111632',
    };
    const allowed = async (): Promise<string[]> => {
      const passed: string[] = [];
      for (const [name, to] of Object.entries(numbers)) {
        const sent = delivery.sendSms({ ...sms, to }).then(
          () => true,
          (error: unknown) => {
            assert.ok(error instanceof GatewayError && error.code === 'country-not-allowed', String(error));
            return false;
          },
        );
        if (await sent) passed.push(name);
      }
      return passed;
    };
    await configureSms();
    assert.deepEqual(await allowed(), Object.keys(numbers));
    await configureSms({ countries: ['+1', '+33'] });
    assert.deepEqual(await allowed(), ['us', 'jamaica', 'france']);
    await configureSms({ countries: ['US', 'FR'] });
    assert.deepEqual(await allowed(), ['us', 'france']);
    await configureSms({ countries: ['+1876'] });
    assert.deepEqual(await allowed(), ['jamaica']);
    assert.equal(events.at(-1)?.type, 'message.refused');
  });

  it('is refused while a hundred are on their way, and given up when the gateway stops', async (t) => {
    const { delivery, twilio, events, configureSms } = await deliverySite(t);
    await configureSms({ hourlyBudget: 1000 });
    twilio.answer(() => {});
    const sent = Array.from({ length: 100 }, () => failureOf(delivery.sendSms(sms)));
    while (twilio.requests.length < 100) await twilio.next();
    assert.equal((await failureOf(delivery.sendSms(sms))).code, 'sender-unavailable');
    const last = events.at(-1);
    assert.deepEqual(last?.type === 'message.refused' && last.reason, 'busy');
    await delivery.close();
    for (const each of sent) assert.equal((await each).kind, 'no-answer');
    assert.equal(twilio.requests.length, 100);
  });

  it('goes to no number that only costs', async (t) => {
    const { delivery, twilio, configureSms } = await deliverySite(t);
    await configureSms();
    for (const to of ['+33899123456', '+19005551234', 'nobody', '']) {
      assert.equal((await failureOf(delivery.sendSms({ ...sms, to }))).code, 'invalid-phone-number', to);
    }
    assert.equal(twilio.requests.length, 0);
  });
});
