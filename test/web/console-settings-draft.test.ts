import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SettingShape } from '../../src/admin/index.ts';
import { isAllowed, patchOf, shownText, typedInto } from '../../src/web/console/settings/draft.ts';

const setting = (changes: Partial<SettingShape> & Pick<SettingShape, 'key' | 'unit'>): SettingShape => ({
  title: changes.key,
  help: '',
  range: '',
  value: undefined,
  text: '',
  default: undefined,
  defaultText: '',
  unreadable: false,
  ...changes,
});

const digits = setting({
  key: 'digits',
  unit: 'digits',
  minimum: 4,
  maximum: 12,
  text: '8',
  defaultText: '6',
});
const enabled = setting({ key: 'enabled', unit: 'switch', text: 'on', defaultText: 'on' });
const methods = setting({ key: 'methods', unit: 'set', text: 'app, sms', defaultText: 'app, sms, email' });
const enrolment = setting({ key: 'enrolment', unit: 'choice', text: 'open', defaultText: 'open' });
const issuer = setting({
  key: 'issuer',
  unit: 'text',
  minimum: 1,
  maximum: 64,
  text: 'Northwind',
  defaultText: 'Sallyport',
});
const message = setting({ key: 'smsMessage', unit: 'text', minimum: 1, maximum: 480, text: '%CODE%' });

describe('settings that are typed and not saved yet', () => {
  it('are shown as typed, as their default once put back, else as they are in force', () => {
    assert.equal(shownText(digits, {}), '8');
    assert.equal(shownText(digits, { digits: '9' }), '9');
    assert.equal(shownText(digits, { digits: null }), '6');
  });

  it('are forgotten when they become what is in force', () => {
    assert.deepEqual(typedInto({ digits: '9' }, digits, '8'), {});
    assert.deepEqual(typedInto({}, digits, null), { digits: null });
    assert.deepEqual(typedInto({}, { ...digits, text: '6' }, null), {});
    assert.deepEqual(typedInto({}, { ...digits, text: '6', unreadable: true }, '6'), { digits: '6' });
  });

  for (const [item, text, allowed] of [
    [digits, '4', true],
    [digits, '12', true],
    [digits, '3', false],
    [digits, '13', false],
    [digits, '6.5', false],
    [digits, '', false],
    [methods, 'app', true],
    [methods, '', false],
    [enrolment, 'ticket', true],
    [enrolment, 'days(365)', true],
    [enrolment, 'days(0)', false],
    [enrolment, 'days()', false],
    [issuer, 'North: wind', false],
    [issuer, '🙂'.repeat(64), true],
    [issuer, ' ', false],
    [message, 'Your code: %CODE%', true],
    [message, 'Your code', false],
  ] as const) {
    it(`${allowed ? 'may' : 'may not'} be ${JSON.stringify(text)} (${item.key})`, () => {
      assert.equal(isAllowed(item, text), allowed);
    });
  }

  it('become values of the API, and null for a default', () => {
    const items = [digits, enabled, methods, enrolment, issuer];
    assert.deepEqual(
      patchOf(items, { digits: '7', enabled: 'off', methods: 'app', enrolment: 'days(14)', issuer: null }),
      { digits: 7, enabled: false, methods: ['app'], enrolment: { days: 14 }, issuer: null },
    );
    assert.deepEqual(patchOf(items, {}), {});
  });

  it('are not sent at all while one of them can’t be saved', () => {
    assert.equal(patchOf([digits, issuer], { digits: '40', issuer: 'Fine' }), undefined);
  });
});
