import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type EnabledEntry, type Listing, type Obligation, obligation } from '../../src/accounts/index.ts';

const now = 1_000_000;
const enabled = (subject: string, since: number, rest: Partial<EnabledEntry> = {}): EnabledEntry => ({
  subject,
  mode: 'enabled',
  since,
  ...rest,
});
const exempt = (subject: string, until?: number): EnabledEntry => ({
  subject,
  mode: 'exempt',
  since: 5,
  reason: 'kiosk',
  ...(until === undefined ? {} : { until }),
});

const all = enabled('everyone', 10);
const staff = enabled('group:local:staff', 20);
const admins = enabled('group:local:admins', 30);
const own = enabled('user:local:a', 40);

type Row = {
  why: string;
  listing?: Partial<Listing>;
  administrator?: boolean;
  switchedOff?: boolean;
  groupsUnknown?: boolean;
  knownSince?: number;
  expected: Obligation | `${'required'} ${string}` | string;
};

/** `required <rule> <since> <method>` or `free <rule>`. */
const table: Row[] = [
  { why: 'nobody on the list', expected: 'free not-listed' },
  { why: 'everyone', listing: { everyone: all }, expected: 'required everyone 10 app' },
  { why: 'a group', listing: { groups: [staff] }, expected: 'required group 20 app' },
  {
    why: 'several groups: since the first',
    listing: { groups: [admins, staff] },
    expected: 'required group 20 app',
  },
  { why: 'the user', listing: { user: own }, expected: 'required user 40 app' },
  {
    why: 'the most specific entry',
    listing: { everyone: all, groups: [staff], user: own },
    expected: 'required user 40 app',
  },
  {
    why: 'group before everyone',
    listing: { everyone: all, groups: [staff] },
    expected: 'required group 20 app',
  },

  {
    why: 'an exempt user among everyone',
    listing: { everyone: all, user: exempt('user:local:a', now + 1) },
    expected: 'free exempt',
  },
  {
    why: 'an enabled user in an exempt group',
    listing: { user: own, groups: [exempt('group:local:kiosks', now + 1)] },
    expected: 'free exempt',
  },
  {
    why: 'an exempt group among enabled ones',
    listing: { groups: [staff, exempt('group:local:kiosks', now + 1)] },
    expected: 'free exempt',
  },
  {
    why: 'an exemption that has just ended',
    listing: { user: exempt('user:local:a', now) },
    expected: `required user ${now} app`,
  },
  {
    why: 'an exemption that ended before',
    listing: { everyone: all, user: exempt('user:local:a', 500) },
    expected: 'required user 500 app',
  },
  {
    why: 'an exemption without an end',
    listing: { user: exempt('user:local:a') },
    expected: 'required user 5 app',
  },

  {
    why: 'the individual method',
    listing: {
      user: enabled('user:local:a', 40, { method: 'sms' }),
      groups: [enabled('group:local:staff', 20, { method: 'email' })],
    },
    expected: 'required user 40 sms',
  },
  {
    why: "the group's method when the user has none",
    listing: { user: own, groups: [enabled('group:local:staff', 20, { method: 'email' })] },
    expected: 'required user 40 email',
  },
  {
    why: "the group's method before everyone's",
    listing: {
      everyone: enabled('everyone', 10, { method: 'sms' }),
      groups: [enabled('group:local:staff', 20, { method: 'email' })],
    },
    expected: 'required group 20 email',
  },
  {
    why: "everyone's method",
    listing: { everyone: enabled('everyone', 10, { method: 'email' }), groups: [staff] },
    expected: 'required group 20 email',
  },
  {
    why: 'the method of the first group by name',
    listing: {
      groups: [
        enabled('group:local:z', 1, { method: 'sms' }),
        enabled('group:local:b', 2, { method: 'email' }),
      ],
    },
    expected: 'required group 1 email',
  },

  { why: 'groups that are not fully known', groupsUnknown: true, expected: 'required groups-unknown 0 app' },
  {
    why: 'groups not fully known, but the user listed',
    groupsUnknown: true,
    listing: { user: own },
    expected: 'required user 40 app',
  },
  {
    why: 'groups not fully known, but the user exempt',
    groupsUnknown: true,
    listing: { user: exempt('user:local:a', now + 1) },
    expected: 'free exempt',
  },

  {
    why: 'the switch off',
    switchedOff: true,
    listing: { everyone: all, groups: [staff], user: own },
    expected: 'free switched-off',
  },
  {
    why: 'the switch off and groups unknown',
    switchedOff: true,
    groupsUnknown: true,
    expected: 'free switched-off',
  },

  {
    why: 'an administrator on no list',
    administrator: true,
    knownSince: 7,
    expected: 'required administrator 7 app',
  },
  {
    why: 'an administrator who is exempt',
    administrator: true,
    listing: { user: exempt('user:local:a', now + 1) },
    expected: 'required administrator 0 app',
  },
  {
    why: 'an administrator with the switch off',
    administrator: true,
    switchedOff: true,
    expected: 'required administrator 0 app',
  },
  {
    why: "an administrator's own method",
    administrator: true,
    listing: { user: enabled('user:local:a', 40, { method: 'sms' }) },
    expected: 'required administrator 0 sms',
  },

  {
    why: 'a user created after everyone was enabled',
    listing: { everyone: all },
    knownSince: 99,
    expected: 'required everyone 99 app',
  },
  {
    why: 'a user created before they were enabled',
    listing: { user: own },
    knownSince: 9,
    expected: 'required user 40 app',
  },
];

const summary = (found: Obligation): string =>
  found.required ? `required ${found.rule} ${found.since} ${found.method}` : `free ${found.rule}`;

describe('whether two factors apply', () => {
  for (const row of table) {
    it(`with ${row.why}: ${row.expected}`, () => {
      const found = obligation(
        {
          listing: { groups: [], ...row.listing },
          groupsComplete: row.groupsUnknown !== true,
          administrator: row.administrator ?? false,
          knownSince: row.knownSince ?? 0,
          now,
        },
        { enabled: row.switchedOff !== true },
      );
      assert.equal(summary(found), row.expected);
    });
  }

  const entry = (subject: string) =>
    fc.record(
      {
        subject: fc.constant(subject),
        mode: fc.constantFrom('enabled' as const, 'exempt' as const),
        since: fc.nat(2 * now),
        until: fc.nat(2 * now),
        method: fc.constantFrom('app' as const, 'sms' as const, 'email' as const),
      },
      { requiredKeys: ['subject', 'mode', 'since'] },
    );
  const question = fc.record({
    listing: fc.record({
      everyone: fc.option(entry('everyone'), { nil: undefined }),
      user: fc.option(entry('user:local:a'), { nil: undefined }),
      groups: fc.array(
        fc.constantFrom('a', 'b', 'c').chain((name) => entry(`group:local:${name}`)),
        { maxLength: 3 },
      ),
    }),
    groupsComplete: fc.boolean(),
    administrator: fc.boolean(),
    knownSince: fc.nat(2 * now),
    now: fc.constant(now),
  });

  it('is never denied for an administrator, and never without a switch, an exemption or an absence to blame', () => {
    fc.assert(
      fc.property(question, fc.boolean(), (asked, on) => {
        const found = obligation(asked, { enabled: on });
        if (asked.administrator) assert.ok(found.required);
        if (found.required) return;
        const entries = [asked.listing.everyone, asked.listing.user, ...asked.listing.groups];
        const live = entries.some((each) => each?.mode === 'exempt' && (each.until ?? 0) > now);
        const listed = entries.some((each) => each !== undefined);
        assert.equal(found.rule, !on ? 'switched-off' : live ? 'exempt' : 'not-listed');
        if (found.rule === 'not-listed') assert.ok(!listed && asked.groupsComplete);
      }),
    );
  });
});
