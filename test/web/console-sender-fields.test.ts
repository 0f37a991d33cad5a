import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emailFields, patchOf, smsFields, storedText } from '../../src/web/console/messages/fields.ts';

const email = {
  host: 'smtp.northwind.example',
  port: 587,
  security: 'starttls' as const,
  user: 'gateway',
  from: 'codes@northwind.example',
  hourlyBudget: 1000,
  used: 3,
  password: true,
};

describe('a sender that is typed', () => {
  it('is sent whole when there was none, without what was left empty', () => {
    const typed = { accountSid: ' AC1 ', authToken: 'secret', sender: '+15005550006' };
    assert.deepEqual(patchOf(smsFields, undefined, typed), {
      accountSid: 'AC1',
      authToken: 'secret',
      sender: '+15005550006',
      countries: [],
      hourlyBudget: 100,
    });
    const { ca, user, ...sent } = patchOf(emailFields, undefined, { host: 'h', from: 'f' }) as Record<
      string,
      unknown
    >;
    assert.equal(ca ?? user, undefined);
    assert.deepEqual(sent, { host: 'h', from: 'f', security: 'starttls', port: 587, hourlyBudget: 1000 });
  });

  it('is sent by what was touched when there is one; empty takes away what may be missing, and keeps a secret', () => {
    assert.deepEqual(patchOf(emailFields, email, {}), {});
    assert.deepEqual(patchOf(emailFields, email, { user: '', password: '', host: '' }), {
      user: null,
      host: '',
    });
  });

  it('has its countries apart, however they were separated', () => {
    assert.deepEqual(patchOf(smsFields, undefined, { countries: 'FR, +33;US  DE' }), {
      ...patchOf(smsFields, undefined, {}),
      countries: ['FR', '+33', 'US', 'DE'],
    });
  });

  it('lets the server refuse what is no number, rather than guess one', () => {
    assert.deepEqual(patchOf(emailFields, email, { port: '58a7' }), { port: -1 });
  });

  it('never shows a secret', () => {
    for (const field of emailFields.filter(({ kind }) => kind === 'secret')) {
      assert.equal(storedText(field, email), '');
    }
  });
});
