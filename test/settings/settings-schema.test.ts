import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { describeSettings } from '../../src/settings/index.ts';
import { checkPatch, formatSetting, parsePatch, readSettings } from '../../src/settings/setting-values.ts';
import { type SettingKey, settingKeys, settingRows } from '../../src/settings/settings-schema.ts';

const defaults = readSettings(undefined, 'gateway.example.com').settings;

describe('the settings of a fresh installation', () => {
  it('are those of the product', () => {
    assert.deepEqual(defaults, {
      enabled: true,
      methods: ['app', 'sms', 'email'],
      discrepancy: 480,
      driftTolerance: 2,
      issuer: 'gateway.example.com - Sallyport',
      validityAfterFirstSession: 480,
      countFrom: 'first-session',
      validityBeforeFirstSession: 3_600,
      digits: 6,
      smsMessage: 'Your %ISSUER% verification code is: %CODE%',
      codeLifespan: 10,
      closeAtExpiry: false,
      unlistedUsers: 'allow',
      rdpLogon: 'on-request',
      enrolment: 'open',
      helpdesk: '',
    });
  });

  for (const [serverName, issuer] of [
    ['host:8080', 'host-8080 - Sallyport'],
    ['', 'Sallyport'],
    ['  ', 'Sallyport'],
    ['x'.repeat(100), `${'x'.repeat(52)} - Sallyport`],
  ] as const) {
    it(`have a valid issuer when the server is called "${serverName.slice(0, 12)}"`, () => {
      assert.equal(readSettings(undefined, serverName).settings.issuer, issuer);
    });
  }

  it('have a valid issuer whatever the server is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (serverName) => {
        const { issuer } = readSettings(undefined, serverName).settings;
        assert.equal(checkPatch({ issuer }).issuer, issuer);
      }),
    );
  });
});

describe('the range of', () => {
  const cases: Record<SettingKey, { good: readonly unknown[]; bad: readonly unknown[] }> = {
    enabled: { good: [true, false], bad: ['on', 1, null] },
    methods: { good: [['app'], ['email', 'sms']], bad: [[], ['fax'], 'app', [1], null] },
    discrepancy: { good: [0, 3, 480], bad: [-1, 481, 2.5, '3', Number.NaN, null] },
    driftTolerance: { good: [0, 2, 480], bad: [-1, 481, 0.5, '2'] },
    issuer: {
      good: ['A', 'x'.repeat(64), 'Ärzte - 東京', '🚪'.repeat(64)],
      bad: ['', '  ', 'a:b', 'x'.repeat(65), 'a\nb', '\ud800', 5],
    },
    validityAfterFirstSession: { good: [1, 43_200], bad: [0, 43_201, 1.5, Number.POSITIVE_INFINITY] },
    countFrom: { good: ['first-session', 'last-session'], bad: ['first', '', true] },
    validityBeforeFirstSession: { good: [30, 86_400], bad: [29, 86_401] },
    digits: { good: [4, 12], bad: [3, 13, '6'] },
    smsMessage: {
      good: ['%CODE%', `%CODE%${'x'.repeat(474)}`],
      bad: ['', 'no code', `%CODE%${'x'.repeat(475)}`],
    },
    codeLifespan: { good: [1, 60], bad: [0, 61] },
    closeAtExpiry: { good: [true, false], bad: ['off', 0] },
    unlistedUsers: { good: ['allow', 'deny'], bad: ['maybe', false] },
    rdpLogon: { good: ['deny', 'on-request', 'after-verification'], bad: ['allow', true] },
    enrolment: {
      good: ['open', 'ticket', { days: 1 }, { days: 365 }],
      bad: ['days', { days: 0 }, { days: 366 }, { days: 1.5 }, { days: 3, more: 1 }, {}, ['open']],
    },
    helpdesk: { good: ['', '+44 20 7946 0000', 'x'.repeat(200)], bad: ['x'.repeat(201), 7] },
  };

  for (const key of settingKeys) {
    it(`${key} is what the product says`, () => {
      for (const value of cases[key].good) assert.ok(key in checkPatch({ [key]: value }), String(value));
      for (const value of cases[key].bad) {
        assert.throws(
          () => checkPatch({ [key]: value }),
          { code: 'invalid-setting', params: { setting: key, allowed: settingRows[key].range } },
          JSON.stringify(value),
        );
      }
    });
  }

  it('an unknown setting is nothing at all, not even one that every object has', () => {
    for (const key of ['unknown', '__proto__', 'constructor', 'toString', '']) {
      const patch = Object.fromEntries([[key, 1]]);
      assert.throws(() => checkPatch(patch), { code: 'unknown-setting' });
      assert.throws(() => parsePatch(Object.fromEntries([[key, '1']])), { code: 'unknown-setting' });
    }
  });

  it('is never left, whatever is offered', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingKeys), fc.anything(), (key, value) => {
        try {
          const stored = JSON.parse(JSON.stringify(checkPatch({ [key]: value })));
          assert.deepEqual(readSettings(stored, 'x').unreadable, []);
        } catch (error) {
          assert.equal(Reflect.get(Object(error), 'code'), 'invalid-setting');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a typed value', () => {
  for (const [key, typed, value] of [
    ['enabled', 'off', false],
    ['enabled', ' ON ', true],
    ['discrepancy', '3', 3],
    ['methods', 'app, sms', ['app', 'sms']],
    ['methods', 'email app app', ['app', 'email']],
    ['enrolment', 'days(14)', { days: 14 }],
    ['enrolment', 'Days ( 7 )', { days: 7 }],
    ['enrolment', 'ticket', 'ticket'],
    ['countFrom', 'last-session', 'last-session'],
    ['helpdesk', 'call: 12', 'call: 12'],
  ] as const) {
    it(`${key} "${typed}" is understood`, () => {
      assert.deepEqual(checkPatch(parsePatch({ [key]: typed }))[key], value);
    });
  }

  for (const [key, typed] of [
    ['enabled', 'perhaps'],
    ['enabled', 'constructor'],
    ['discrepancy', ''],
    ['discrepancy', '3.0'],
    ['discrepancy', '1e2'],
    ['discrepancy', '0x10'],
    ['discrepancy', '99999999999999999999'],
    ['methods', ''],
    ['enrolment', 'days()'],
    ['enrolment', 'days(0)'],
  ] as const) {
    it(`${key} "${typed}" is refused`, () => {
      assert.throws(() => checkPatch(parsePatch({ [key]: typed })), { code: 'invalid-setting' });
    });
  }

  it('that was printed can be typed again', () => {
    const value = fc.record({
      enabled: fc.boolean(),
      methods: fc.uniqueArray(fc.constantFrom('app', 'sms', 'email'), { minLength: 1 }),
      discrepancy: fc.integer({ min: 0, max: 480 }),
      enrolment: fc.oneof(
        fc.constantFrom('open', 'ticket'),
        fc.integer({ min: 1, max: 365 }).map((days) => ({ days })),
      ),
      helpdesk: fc.string({ maxLength: 200 }).filter((text) => !/\p{Cc}/u.test(text)),
    });
    fc.assert(
      fc.property(value, (patch) => {
        const { settings } = readSettings(checkPatch(patch), 'x');
        const typed = Object.fromEntries(settingKeys.map((key) => [key, formatSetting(key, settings)]));
        assert.deepEqual(readSettings(checkPatch(parsePatch(typed)), 'x').settings, settings);
      }),
    );
  });
});

describe('a stored value that cannot be read', () => {
  it('never weakens: the strictest value is in force instead', () => {
    const broken = Object.fromEntries(settingKeys.map((key) => [key, { broken: true }]));
    const { settings, unreadable } = readSettings(broken, 'x');
    assert.deepEqual(unreadable, settingKeys);
    assert.deepEqual(settings, {
      ...readSettings(undefined, 'x').settings,
      enabled: true,
      methods: ['app'],
      discrepancy: 0,
      driftTolerance: 0,
      validityAfterFirstSession: 1,
      validityBeforeFirstSession: 30,
      digits: 12,
      codeLifespan: 1,
      closeAtExpiry: true,
      unlistedUsers: 'deny',
      rdpLogon: 'deny',
      enrolment: 'ticket',
    });
  });

  for (const whole of [null, 'text', 7, [], ['enabled']] as const) {
    it(`as a whole (${JSON.stringify(whole)}) shuts every setting`, () => {
      const { settings, unreadable } = readSettings(whole, 'x');
      assert.equal(unreadable.length, settingKeys.length);
      assert.equal(settings.enabled, true);
      assert.equal(settings.unlistedUsers, 'deny');
    });
  }

  it('leaves its readable neighbours alone', () => {
    const { settings, unreadable } = readSettings({ discrepancy: 5, digits: 'six', future: 1 }, 'x');
    assert.deepEqual(unreadable, ['digits']);
    assert.equal(settings.discrepancy, 5);
  });
});

describe('the reference of settings', () => {
  it('has a row for each', () => {
    const rows = describeSettings().trim().split('\n');
    assert.equal(rows.length, settingKeys.length + 2);
    assert.ok(rows.includes('| Discrepancy | `discrepancy` | steps | 0–480 | `480` |'));
  });
});
