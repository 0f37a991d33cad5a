import type { SecondFactorMethod } from '../settings/index.ts';
import type { DirectoryUser, EnabledEntry, Factors, Obligation } from './account.ts';
import type { AdministrationParts } from './administration-parts.ts';
import { subjectOfUser } from './enabled-list.ts';
import type { KnownUser, KnownUsers } from './known-users.ts';
import { localDirectory } from './local-users.ts';

/** When each kind can be tried again, Unix milliseconds or Infinity; absent where nothing waits. */
export type Locks = { readonly codes?: number; readonly password?: number };

/** What a page of users says of each; times in Unix milliseconds. */
export type UserState = {
  readonly user: DirectoryUser;
  readonly role?: string;
  /** By the groups that are known: of other directories those of when they were last heard of. */
  readonly obligation: Obligation;
  /** Absent: nothing is enrolled. */
  readonly enrolledSince?: number;
  readonly methods: readonly SecondFactorMethod[];
  /** Steps of 30 s that the clock of the app used last is ahead. */
  readonly drift?: number;
  readonly entry?: EnabledEntry;
  readonly lastSignInAt?: number;
  readonly locks: Locks;
  readonly seenAt?: number;
};

export type UserStateParts = Pick<
  AdministrationParts,
  'subscription' | 'list' | 'factors' | 'obligations'
> & {
  readonly known: Pick<KnownUsers, 'lastSignIns'>;
  locks(subscription: string, user: string): Promise<Locks>;
  /** What they administer of this subscription. */
  roleOf(user: string, subscription: string): Promise<string | undefined>;
  isAdministrator(user: string): Promise<boolean>;
};

/** What is known of each of a few users: a handful of reads each, all at once, and of no directory. */
export async function statesOf(
  parts: UserStateParts,
  people: readonly Pick<KnownUser, 'user' | 'seenAt'>[] | readonly { readonly user: DirectoryUser }[],
): Promise<UserState[]> {
  const { subscription, known } = parts;
  const users = people.map(({ user }) => user);
  const signIns = await known.lastSignIns(
    subscription,
    users.map(({ key }) => key),
  );
  return Promise.all(
    people.map(async (person, index) => {
      const seenAt = 'seenAt' in person ? person.seenAt : undefined;
      const lastSignInAt = signIns[index];
      return {
        ...(await stateOf(parts, person.user)),
        ...(lastSignInAt === undefined ? {} : { lastSignInAt }),
        ...(seenAt === undefined || person.user.directory === localDirectory ? {} : { seenAt }),
      };
    }),
  );
}

async function stateOf(parts: UserStateParts, user: DirectoryUser): Promise<UserState> {
  const { subscription, list, factors: documents, obligations } = parts;
  const [administrator, role, entry, { factors }, locks] = await Promise.all([
    parts.isAdministrator(user.key),
    parts.roleOf(user.key, subscription),
    list.get(subscription, subjectOfUser(user.key)),
    documents.read(subscription, user.key),
    parts.locks(subscription, user.key),
  ]);
  return {
    user,
    obligation: await obligations.of(subscription, user, administrator),
    ...enrolmentOf(factors),
    locks,
    ...(role === undefined ? {} : { role }),
    ...(entry === undefined ? {} : { entry }),
  };
}

/** What a user's document says in short. */
function enrolmentOf({
  apps,
  phone,
  email,
}: Factors): Pick<UserState, 'enrolledSince' | 'methods' | 'drift'> {
  const all = [...apps, phone, email].flatMap((each) => each?.enrolledAt ?? []);
  const methods: SecondFactorMethod[] = [];
  if (apps.length > 0) methods.push('app');
  if (phone !== undefined) methods.push('sms');
  if (email !== undefined) methods.push('email');
  const [latest] = [...apps].sort((one, other) => (other.lastUsedAt ?? 0) - (one.lastUsedAt ?? 0));
  return {
    ...(all.length === 0 ? {} : { enrolledSince: Math.min(...all) }),
    methods,
    ...(latest === undefined ? {} : { drift: latest.drift }),
  };
}
