import type { TestContext } from 'node:test';
import {
  type AdministrationParts,
  type AppEnrolment,
  type DirectoryUser,
  EnabledList,
  FactorDocuments,
  KnownUsers,
  LocalGroups,
  LocalUsers,
  Obligations,
  RemovedFactorsArchive,
} from '../../src/accounts/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { systemRandom } from '../../src/random.ts';
import type { Settings, SettingsReader } from '../../src/settings/index.ts';
import { readSettings } from '../../src/settings/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

export const subscription = 'default';

/** The rooms around accounts/, on a real store; sessions are only remembered as having been ended. */
export async function openSite(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const sealer = openSealer(clock);
  const audit = recordingAudit();
  const ended: string[] = [];
  const forgotten: string[] = [];
  const administrators = new Set<string>();
  const changed: { settings: Partial<Settings> } = { settings: {} };
  const settings: SettingsReader = {
    current: () => ({ ...readSettings(undefined, 'test').settings, ...changed.settings }),
    onChange: () => () => {},
  };
  /** Users of other directories: what they say, or that they do not answer. */
  const elsewhere = new Map<string, DirectoryUser | 'down'>();

  /** The same rooms over a store that may die. */
  function over(through: Store) {
    const shared = { store: through, clock, random: systemRandom };
    const groups = new LocalGroups(shared);
    const users = new LocalUsers({ ...shared, sealer, groups });
    const list = new EnabledList({ store: through, sealer, installedAt: 1_000 });
    const factors = new FactorDocuments(through);
    const obligations = new Obligations({ list, factors, settings, clock });
    const archive = new RemovedFactorsArchive({ store: through, sealer, factors });
    const parts: AdministrationParts = {
      subscription,
      clock,
      random: systemRandom,
      audit,
      users,
      list,
      factors,
      obligations,
      archive,
      known: new KnownUsers({ store: through, clock }),
      roles: {
        isAdministrator: async (user) => administrators.has(user),
        async sparingLastOwner(user, work) {
          if (administrators.has(user) && administrators.size === 1) throw new GatewayError('last-owner');
          return work();
        },
      },
      sessions: {
        async revokeAll({ user }, { reason, actor }) {
          ended.push(`${user} ${reason} ${actor}`);
          return 1;
        },
      },
      async findUser(key) {
        const found = elsewhere.get(key);
        if (found === 'down') throw new Error('the directory does not answer');
        return found ?? users.find(key);
      },
      async forgetDevices({ user }) {
        forgotten.push(`devices ${user}`);
      },
      async forgetAccount({ user }) {
        forgotten.push(`account ${user}`);
      },
    };
    return parts;
  }

  const parts = over(store);
  const groups = new LocalGroups({ store, clock, random: systemRandom });

  /** One enrolled app whose secret says whose it is. */
  function appOf(user: string): AppEnrolment {
    const record = parts.factors.record(subscription, user);
    return {
      id: `app of ${user}`,
      label: 'phone',
      sealedSecret: sealer.seal(record, 'totp-secret', `secret of ${user}`),
      digits: 6,
      issuer: 'Test',
      enrolledAt: clock.now(),
      drift: 3,
    };
  }

  async function enrolled(name: string): Promise<string> {
    const { key } = await parts.users.create({ name });
    const recovery = [{ hash: 'h' }];
    await parts.factors.save(subscription, key, { apps: [appOf(key)], recovery }, 'absent');
    return key;
  }

  /** The opened secrets of what a user has enrolled. */
  async function secretsOf(user: string): Promise<string[]> {
    const { factors } = await parts.factors.read(subscription, user);
    const record = parts.factors.record(subscription, user);
    return factors.apps.map(({ sealedSecret }) => sealer.open(record, sealedSecret));
  }

  async function isRequired(key: string): Promise<boolean> {
    const user = await parts.findUser(key);
    if (user === undefined) throw new Error(`${key} is gone`);
    return (await parts.obligations.of(subscription, user, administrators.has(key))).required;
  }

  return {
    ...{ clock, store, sealer, audit, ended, forgotten, administrators, changed, elsewhere },
    ...{ over, parts, groups, enrolled, secretsOf, isRequired },
  };
}
