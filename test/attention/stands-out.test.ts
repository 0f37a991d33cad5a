import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DirectoryUser, EnabledEntry } from '../../src/accounts/index.ts';
import { countPeople, type PeopleCount, standsOut } from '../../src/attention/index.ts';
import { readSettings } from '../../src/settings/index.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1);
const { settings } = readSettings(undefined, 'here');
const people: PeopleCount = {
  ...{ users: 3, enabled: 3, enrolled: 3, notEnrolled: 0, exempt: 0, overdue: 0, overdueNames: [] },
  ...{ bySms: 0, byEmail: 0, countedAt: now },
};
const calm = {
  ...{ settings, people, localOwner: true, certificates: [], now },
  configured: { sms: false, email: false },
};

describe('what stands out', () => {
  it('is nothing on a site that is well', () => {
    assert.deepEqual(standsOut(calm), []);
  });

  const table: readonly (readonly [string, Partial<Parameters<typeof standsOut>[0]>, string, boolean])[] = [
    ['the switch', { settings: { ...settings, enabled: false } }, 'two-factors-off', true],
    ['owners of directories alone', { localOwner: false }, 'no-local-owner', false],
    ['codes by SMS without a sender', { people: { ...people, bySms: 2 } }, 'sender-missing', true],
    ['a store that keeps nothing', { storeDoubt: 'appendonly no' }, 'store-not-persistent', true],
    ['a window without the guard', { settings: { ...settings, driftTolerance: 480 } }, 'guard-off', true],
    [
      'a certificate of ten days',
      { certificates: [{ file: 'a.pem', expiresAt: now + 10 * day }] },
      'certificate-expiring',
      false,
    ],
    [
      'a certificate of yesterday',
      { certificates: [{ file: 'a.pem', expiresAt: now - day }] },
      'certificate-expiring',
      true,
    ],
    [
      'somebody who never enrolled',
      { people: { ...people, overdue: 1, overdueNames: ['dora'] } },
      'not-enrolled',
      false,
    ],
  ];
  for (const [what, facts, kind, serious] of table) {
    it(`is ${what}`, () => {
      const [first, ...others] = standsOut({ ...calm, ...facts });
      assert.deepEqual([first?.kind, first?.serious, others.length], [kind, serious, 0]);
    });
  }

  it('is no narrow window without the guard, nor a sender that nobody uses', () => {
    const narrow = { ...settings, discrepancy: 10, driftTolerance: 10 };
    assert.deepEqual(standsOut({ ...calm, settings: narrow }), []);
  });
});

describe('the count of people', () => {
  const user = (name: string, more: Partial<DirectoryUser> = {}): DirectoryUser => ({
    ...{ key: `local:${name}`, directory: 'local', name, displayName: name, groups: [] },
    ...{ groupsComplete: true, disabled: false, createdAt: now - 30 * day },
    ...more,
  });
  async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
    yield* items;
  }
  const count = (
    users: readonly DirectoryUser[],
    entries: readonly EnabledEntry[],
    enrolled: readonly string[],
  ) =>
    countPeople(
      {
        users: () => each(users),
        entries: () => each(entries),
        enrolments: () => each(enrolled.map((name) => ({ user: `local:${name}`, methods: ['app'] }))),
        administrators: () => each(['local:boss']),
      },
      'default',
      { now, enabled: true },
    );

  it('follows the rules of who is asked: users, groups by their folded names, everybody, administrators', async () => {
    const users = [
      user('ann', { groups: ['Staff'] }),
      user('ben'),
      user('boss'),
      user('kiosk'),
      user('new', { groups: ['Staff'], createdAt: now - day }),
      user('off', { groups: ['Staff'], disabled: true }),
    ];
    const entries: EnabledEntry[] = [
      { subject: 'group:local:staff', mode: 'enabled', since: now - 20 * day, method: 'sms' },
      { subject: 'user:local:kiosk', mode: 'exempt', since: 0, until: now + day, reason: 'a kiosk' },
    ];
    const counted = await count(users, entries, ['boss']);
    assert.deepEqual(
      { ...counted, countedAt: 0 },
      {
        ...{
          users: 6,
          enabled: 4,
          enrolled: 1,
          notEnrolled: 3,
          exempt: 1,
          overdue: 1,
          overdueNames: ['ann'],
        },
        ...{ bySms: 3, byEmail: 0, countedAt: 0 },
      },
    );
  });

  it('calls nobody late of whom nothing is known', async () => {
    const unknown = user('ldap', { groupsComplete: false, createdAt: 0 });
    assert.equal((await count([unknown], [], [])).overdue, 0);
  });
});
