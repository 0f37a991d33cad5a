import { type DirectoryUser, type Factors, subscriptionOf } from '../accounts/index.ts';
import { destinationHint, type SentMethod, sentEnrolment } from '../second-factors/index.ts';
import type { Rooms } from '../server/index.ts';

/** A number or address that codes go to, as an administrator sees it. Times in Unix milliseconds. */
export type KnownDestination = {
  readonly method: SentMethod;
  /** Masked. */
  readonly hint: string;
  /** Absent: an administrator has set it, and no code has proven it yet. */
  readonly enrolledAt?: number;
  readonly lastUsedAt?: number;
  readonly setByAdministrator: boolean;
};

/** Where this user's codes go, or will go once they are enrolled. */
export async function describeDestinations(
  { administration, sealer }: Rooms,
  user: DirectoryUser,
  factors: Factors,
): Promise<KnownDestination[]> {
  const { list, factors: documents } = administration;
  const subscription = subscriptionOf(user);
  const set = await list.destinations(subscription, user);
  return (['sms', 'email'] as const).flatMap((method): KnownDestination[] => {
    const enrolment = sentEnrolment(factors, method);
    const proven = enrolment && sealer.open(documents.record(subscription, user.key), enrolment.sealedTo);
    const to = set[method] ?? proven;
    if (to === undefined) return [];
    const { enrolledAt, lastUsedAt } = enrolment ?? {};
    return [
      {
        method,
        hint: destinationHint(method, to),
        ...(enrolledAt === undefined ? {} : { enrolledAt }),
        ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
        setByAdministrator: set[method] !== undefined,
      },
    ];
  });
}
