import { foldName, termsOf } from '../../src/accounts/fold-name.ts';
import { noFactors, subjectOfUser, userKey } from '../../src/accounts/index.ts';
import { randomName } from '../../src/random.ts';
import { type Rooms, subscription } from '../../src/server/index.ts';

export type CrowdOptions = {
  readonly users: number;
  /** How many of them are on the list by name, the first ones first. Default: none. */
  readonly listed?: number;
  /** How many have an authenticator app, the first ones first. Default: none. */
  readonly enrolled?: number;
};

/** Somebody of the crowd: always the same for the same number. */
export type Passer = {
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
};

/** So many writes at once: enough to keep the store busy, few enough to be answered in time. */
const atOnce = 64;
const day = 86_400_000;

const given = [
  ...[
    'Alice',
    'Amir',
    'Anouk',
    'Benoît',
    'Carla',
    'Chen',
    'Dalia',
    'David',
    'Elif',
    'Emma',
    'Farid',
    'Fiona',
  ],
  ...['Grace', 'Hana', 'Hugo', 'Ines', 'Ivan', 'Jonas', 'Julie', 'Kenji', 'Léa', 'Liam', 'Lucía', 'Magda'],
  ...['Marco', 'Mei', 'Nadia', 'Noah', 'Olga', 'Omar', 'Paul', 'Priya', 'Quentin', 'Rosa', 'Samir', 'Sofia'],
  ...['Tariq', 'Théo', 'Uma', 'Vera', 'Wanda', 'Xavier', 'Yara', 'Zoé'],
];
const family = [
  ...['Abadie', 'Bernard', 'Costa', 'Durand', 'Eriksson', 'Fischer', 'García', 'Haddad', 'Ito', 'Jansen'],
  ...['Kowalski', 'Lambert', 'Martin', 'Nguyen', 'Okafor', 'Petit', 'Quintero', 'Rossi', 'Schmidt', 'Tanaka'],
  ...['Ueda', 'Vogel', 'Weber', 'Xu', 'Yılmaz', 'Zimmer', 'Almeida', 'Brandt', 'Castelli', 'Dubois', 'Engel'],
];

/** The one with this number, counted from 0. The two lists have no common divisor, so every pair of them comes. */
export function passer(index: number): Passer {
  const first = given[index % given.length] ?? '';
  const last = family[index % family.length] ?? '';
  const plain = (text: string): string =>
    text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ı', 'i').toLowerCase();
  const round = Math.floor(index / (given.length * family.length));
  const name = `${plain(first)}.${plain(last)}${round === 0 ? '' : round + 1}`;
  return { name, displayName: `${first} ${last}`, email: `${name}@northwind.example` };
}

/**
 * Fills a store with local users, written as `LocalUsers` leaves them (`test/accounts/crowd.test.ts` holds that): by the room
 * itself it would take thrice as long. Nobody of them has a password. Resolves to their keys.
 */
export async function addCrowd(rooms: Rooms, options: CrowdOptions): Promise<string[]> {
  const { list, factors, clock, random } = rooms.administration;
  const { users, listed = 0, enrolled = 0 } = options;
  const keys: string[] = [];
  const now = clock.now();
  await eachOf(users, async (index) => {
    const who = passer(index);
    const key = userKey('local', randomName(random));
    const stored = { ...who, memberships: [], disabled: false, createdAt: now };
    const terms = termsOf(who.name, who.displayName, who.email);
    await Promise.all([
      rooms.store.put('users', `${subscription}/${key}`, stored, { terms }),
      rooms.store.put('user-names', `${subscription}/local/${foldName(who.name)}`, { user: key, at: now }),
    ]);
    keys[index] = key;
    if (index < listed) {
      const since = now - (index % 90) * day;
      await list.put(subscription, { subject: subjectOfUser(key), mode: 'enabled', since });
    }
    if (index >= enrolled) return;
    const record = factors.record(subscription, key);
    const sealedSecret = rooms.sealer.seal(record, 'totp-secret', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
    const app = { id: 'one', label: 'Phone', sealedSecret, digits: 6, issuer: 'Northwind', drift: index % 3 };
    const enrolledAt = now - (index % 60) * day;
    await factors.replace(subscription, key, { ...noFactors, apps: [{ ...app, enrolledAt }] });
  });
  return keys;
}

/** Does `work` for 0 … count - 1, so many at a time. */
async function eachOf(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
