import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressHint, parseEmailAddress, parsePhoneNumber, phoneHint } from '../../src/delivery/index.ts';

describe('phone numbers', () => {
  it('are understood as people write them in international format', async () => {
    for (const [typed, e164] of [
      ['+14155552671', '+14155552671'],
      [' +1 (415) 555-2671 ', '+14155552671'],
      ['+33 6 12 34 56 78', '+33612345678'],
      ['0033 6 12 34 56 78', '+33612345678'],
      ['+49 (0) 151 23456789', '+4915123456789'],
      ['+44.7911.123456', '+447911123456'],
      ['+32 0 470 12 34 56', '+32470123456'],
    ] as const) {
      assert.equal(await parsePhoneNumber(typed), e164, typed);
    }
  });

  it('are refused when no message could arrive there', async () => {
    const refused = [
      '',
      '0612345678',
      '4155552671',
      '+1',
      '+1415',
      '+14155552671 ext. 5',
      '+1415555267199999',
    ];
    refused.push(
      'call me',
      '+33 6 12',
      '+999123456789',
      `+1${'4'.repeat(100_000)}`,
      '+1415555\n2671 x',
      '0000',
    );
    for (const typed of refused) {
      await assert.rejects(parsePhoneNumber(typed), { code: 'invalid-phone-number' }, typed.slice(0, 40));
    }
  });
});

describe('email addresses', () => {
  it('are one plain address, internationalised ones included', () => {
    for (const [typed, address] of [
      ['alice@example.com', 'alice@example.com'],
      [' alice.b+codes@Mail.Example.COM ', 'alice.b+codes@mail.example.com'],
      ['zoë@example.com', 'zoë@example.com'],
      ['alice@bücher.example', 'alice@xn--bcher-kva.example'],
      ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
      ["o'brien@example.com", "o'brien@example.com"],
    ] as const) {
      assert.equal(parseEmailAddress(typed), address, typed);
    }
  });

  it('are refused when they are something else, or could smuggle in another recipient or header', () => {
    const refused = [
      '',
      'alice',
      '@example.com',
      'alice@',
      'alice@localhost.',
      'alice@-a.example',
      'a..b@example.com',
    ];
    refused.push('alice@example.com, bob@example.com', 'Alice <alice@example.com>', '"a b"@example.com');
    refused.push('alice@example.com\r\nBcc: bob@example.com', 'alice@[127.0.0.1]', 'alice@127.0.0.1');
    refused.push('a@b@example.com', 'al ice@example.com', `${'a'.repeat(65)}@example.com`);
    refused.push(
      `a@${'b.'.repeat(200)}com`,
      'x'.repeat(100_000),
      'alice@exa_mple.com',
      '<alice@example.com>',
    );
    for (const typed of refused) {
      assert.throws(() => parseEmailAddress(typed), { code: 'invalid-address' }, typed.slice(0, 60));
    }
  });
});

describe('hints', () => {
  it('show who is meant to whom it belongs, and little else', () => {
    assert.equal(phoneHint('+14155552671'), '••• 71');
    assert.equal(addressHint('alice@example.com'), 'a•••@example.com');
    assert.equal(addressHint('zoë@example.com'), 'z•••@example.com');
    assert.equal(addressHint('not an address'), '•••');
    assert.equal(addressHint('@example.com'), '•••');
  });
});
