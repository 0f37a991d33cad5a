import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { explainUser, type WhyFacts, whyRules } from '../../src/access/index.ts';
import { type DirectoryUser, type EnabledEntry, type Factors, obligation } from '../../src/accounts/index.ts';
import { createCatalogue, languages } from '../../src/catalogue/index.ts';

const now = 1_000_000;
const user: DirectoryUser = {
  key: 'local:a',
  directory: 'local',
  name: 'alice',
  displayName: 'Alice',
  groups: ['staff'],
  groupsComplete: true,
  disabled: false,
  createdAt: 5,
};
const none: Factors = { apps: [], recovery: [] };
const enrolled: Factors = { ...none, phone: { id: 'p', sealedTo: 'x', enrolledAt: 1 } };
const plain: WhyFacts = {
  now,
  user,
  grants: [],
  settings: { enabled: true, unlistedUsers: 'allow', enrolment: 'open' },
  listing: { groups: [] },
  factors: enrolled,
  locks: {},
};
const entry = (more: Partial<EnabledEntry> = {}): EnabledEntry => ({
  subject: 'everyone',
  mode: 'enabled',
  since: 10,
  ...more,
});

/** The verdict, and what the rule that decided it says. */
function because(facts: Partial<WhyFacts>): string {
  const { verdict, steps } = explainUser({ ...plain, ...facts });
  for (const language of languages) {
    const texts = createCatalogue().texts(language, ['console-why']);
    for (const { rule, says } of steps) assert.ok(`console.why.${rule}.${says}` in texts, `${rule} ${says}`);
  }
  assert.deepEqual(
    steps.map(({ rule }) => rule),
    whyRules,
  );
  const decided = steps
    .filter(({ outcome }) => outcome === 'decides')
    .map(({ rule, says }) => `${rule}.${says}`);
  return [verdict, ...decided].join(' ');
}

describe('why a user is asked or refused', () => {
  const everyone = { groups: [], everyone: entry() };
  const staff = entry({ subject: 'group:local:staff' });
  for (const [expected, facts] of [
    ['password-alone unlisted.allow', {}],
    ['refused unlisted.deny', { settings: { ...plain.settings, unlistedUsers: 'deny' } }],
    ['refused account.gone', { user: undefined }],
    ['refused account.disabled', { user: { ...user, disabled: true } }],
    ['refused password-lock.locked', { locks: { password: now + 1 }, listing: everyone }],
    ['password-alone unlisted.allow', { locks: { password: now } }],
    [
      'two-factors administrator.has enrolment.enrolled',
      { grants: [{ role: 'auditor', subscription: 'acme', since: 1 }] },
    ],
    ['password-alone switch.off', { settings: { ...plain.settings, enabled: false }, listing: everyone }],
    [
      'two-factors administrator.has enrolment.enrolled',
      { settings: { ...plain.settings, enabled: false }, grants: [{ role: 'owner', since: 1 }] },
    ],
    [
      'password-alone exemption.exempt',
      { listing: { groups: [staff], user: entry({ mode: 'exempt', until: now + 1, reason: 'kiosk' }) } },
    ],
    [
      'two-factors own-entry.enabled enrolment.enrolled',
      { listing: { groups: [], user: entry({ mode: 'exempt', until: now, subject: 'user:local:a' }) } },
    ],
    ['two-factors group-entry.enabled enrolment.enrolled', { listing: { groups: [staff] } }],
    ['two-factors everyone-entry.enabled enrolment.enrolled', { listing: everyone }],
    ['two-factors groups-unknown.unknown enrolment.enrolled', { user: { ...user, groupsComplete: false } }],
    ['enrol everyone-entry.enabled enrolment.open', { listing: everyone, factors: none }],
    [
      'enrol everyone-entry.enabled enrolment.ticket',
      { listing: everyone, factors: { ...none, ticketHash: 'h' } },
    ],
    [
      'refused everyone-entry.enabled enrolment.closed',
      {
        listing: everyone,
        factors: none,
        now: 10 + 86_400_000,
        settings: { ...plain.settings, enrolment: { days: 1 } },
      },
    ],
    [
      'refused everyone-entry.enabled enrolment.enrolled code-lock.shut',
      { listing: everyone, locks: { codes: Number.POSITIVE_INFINITY } },
    ],
    ['password-alone unlisted.allow', { locks: { codes: now + 1 } }],
  ] as const satisfies readonly (readonly [string, Partial<WhyFacts>])[]) {
    it(`is told as ${expected}`, () => assert.equal(because(facts), expected));
  }

  it('follows the very rules by which two factors are asked', () => {
    const anyEntry = fc.record({
      subject: fc.constantFrom('everyone', 'user:local:a', 'group:local:staff'),
      mode: fc.constantFrom('enabled' as const, 'exempt' as const),
      since: fc.integer({ min: 0, max: 2 * now }),
      until: fc.integer({ min: 0, max: 2 * now }),
    });
    fc.assert(
      fc.property(
        fc.record({
          user: fc.option(anyEntry, { nil: undefined }),
          everyone: fc.option(anyEntry, { nil: undefined }),
          groups: fc.array(anyEntry, { maxLength: 3 }),
        }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('allow' as const, 'deny' as const),
        (listing, groupsComplete, administrator, enabled, unlistedUsers) => {
          const required = obligation(
            { listing, groupsComplete, administrator, knownSince: 5, now },
            { enabled },
          );
          const { verdict } = explainUser({
            ...plain,
            listing,
            user: { ...user, groupsComplete },
            grants: administrator ? [{ role: 'helpdesk', since: 1 }] : [],
            settings: { enabled, unlistedUsers, enrolment: 'open' },
          });
          if (required.required) assert.equal(verdict, 'two-factors');
          else if (required.rule === 'not-listed' && unlistedUsers === 'deny')
            assert.equal(verdict, 'refused');
          else assert.equal(verdict, 'password-alone');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
