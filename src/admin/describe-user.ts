import { knownDestinations, type Role } from '../access/index.ts';
import {
  type DirectoryUser,
  type EnabledEntry,
  isOpen,
  type Locks,
  localDirectory,
  type Obligation,
  type PeopleParts,
  type Subject,
  statesOf,
  subjectOfUser,
  type UserState,
} from '../accounts/index.ts';
import { phoneHint } from '../delivery/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Sealer } from '../storage/index.ts';
import { momentOf } from './people.ts';
import type { UserAnswer, UserRow } from './users-shapes.ts';

/** Seconds of a time step. */
const stepSeconds = 30;

/** One line of a page of users. */
export function describeRow(state: UserState): UserRow {
  const { user, role, obligation, enrolledSince, methods, drift, entry, lastSignInAt, locks, seenAt } = state;
  return {
    key: user.key,
    directory: user.directory,
    name: user.name,
    displayName: user.displayName,
    groups: [...user.groups],
    groupsComplete: user.groupsComplete,
    disabled: user.disabled,
    ...(role === undefined ? {} : { role: role as Role }),
    obligation: describeObligation(obligation),
    enrolled: {
      ...(enrolledSince === undefined ? {} : { since: momentOf(enrolledSince) }),
      methods: [...methods],
      ...(drift === undefined ? {} : { drift: drift * stepSeconds }),
    },
    ...(entry === undefined ? {} : { entry: describeOwnEntry(entry) }),
    ...(lastSignInAt === undefined ? {} : { lastSignInAt: momentOf(lastSignInAt) }),
    lockedUntil: describeLocks(locks),
    ...(seenAt === undefined ? {} : { seenAt: momentOf(seenAt) }),
  };
}

export type UserDetailParts = {
  readonly people: PeopleParts;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly sessions: Pick<Sessions, 'listOf' | 'stateOf' | 'endsAt'>;
  /** What a removal from the list took can be put back until then. */
  undoUntil(subject: string): Promise<number | undefined>;
};

/** Everything that may be known of one user, and no secret. `changeable`: by whoever looks. */
export async function describeUser(
  parts: UserDetailParts,
  { user: found, id, state: exists }: Subject,
  changeable: boolean,
): Promise<UserAnswer> {
  const { people, sealer, sessions } = parts;
  const { subscription, clock } = people;
  const user = found ?? nobody(id);
  const [state] = await statesOf(people, [{ user }]);
  const { factors } = await people.factors.read(subscription, id);
  const destinations = await knownDestinations({ ...people, sealer }, user, factors);
  const records = await sessions.listOf({ subscription, user: id });
  const undoUntil = await parts.undoUntil(subjectOfUser(id));
  const met = await people.known.find(subscription, id);
  const local = user.directory === localDirectory;
  return {
    ...describeRow(state as UserState),
    ...(local || met === undefined ? {} : { seenAt: momentOf(met.seenAt) }),
    ...(user.email === undefined ? {} : { email: user.email }),
    ...(user.phone === undefined ? {} : { phoneHint: phoneHint(user.phone) }),
    ...(user.phone === undefined || !changeable ? {} : { phone: user.phone }),
    ...(user.createdAt === undefined ? {} : { createdAt: momentOf(user.createdAt) }),
    local,
    exists: exists === 'known' ? 'yes' : exists === 'gone' ? 'no' : 'unknown',
    changeable,
    apps: factors.apps.map(({ id: app, label, issuer, digits, enrolledAt, lastUsedAt, drift }) => ({
      id: app,
      label,
      issuer,
      digits,
      enrolledAt: momentOf(enrolledAt),
      ...(lastUsedAt === undefined ? {} : { lastUsedAt: momentOf(lastUsedAt) }),
      drift: drift * stepSeconds,
    })),
    destinations: destinations.map(({ enrolledAt, lastUsedAt, ...rest }) => ({
      ...rest,
      ...(enrolledAt === undefined ? {} : { enrolledAt: momentOf(enrolledAt) }),
      ...(lastUsedAt === undefined ? {} : { lastUsedAt: momentOf(lastUsedAt) }),
    })),
    recoveryCodesLeft: factors.recovery.filter(({ usedAt }) => usedAt === undefined).length,
    ticketRequired: factors.ticketHash !== undefined,
    ...(isOpen(factors.bypass, clock.now()) ? { bypassUntil: momentOf(factors.bypass.expiresAt) } : {}),
    sessions: records.flatMap((record) => {
      const { name } = sessions.stateOf(record);
      if (name !== 'granted' && name !== 'active') return [];
      const { amr, verifiedAt, address, browser } = record;
      return [
        {
          id: record.id,
          state: name,
          amr: [...amr],
          verifiedAt: momentOf(verifiedAt),
          endsAt: momentOf(sessions.endsAt(record)),
          address,
          browser,
        },
      ];
    }),
    ...(undoUntil === undefined ? {} : { undoUntil: momentOf(undoUntil) }),
  };
}

/** Of somebody whom nobody can say anything of now but what is enrolled. */
const nobody = (key: string): DirectoryUser => ({
  key,
  directory: key.slice(0, key.indexOf(':')),
  name: key,
  displayName: key,
  groups: [],
  groupsComplete: false,
  disabled: false,
});

export function describeObligation(obligation: Obligation) {
  const { required, rule } = obligation;
  if (!obligation.required) return { required, rule };
  const { since, method } = obligation;
  return { required, rule, method, ...(since === 0 ? {} : { since: momentOf(since) }) };
}

export const describeOwnEntry = ({ mode, since, method, reason, until }: EnabledEntry) => ({
  mode,
  since: momentOf(since),
  ...(method === undefined ? {} : { method }),
  ...(reason === undefined ? {} : { reason }),
  ...(until === undefined ? {} : { until: momentOf(until) }),
});

const describeLocks = ({ codes, password }: Locks) => ({
  ...(codes === undefined ? {} : { codes: lockEnd(codes) }),
  ...(password === undefined ? {} : { password: lockEnd(password) }),
});

const lockEnd = (until: number): string =>
  until === Number.POSITIVE_INFINITY ? 'unlocked' : momentOf(until);
