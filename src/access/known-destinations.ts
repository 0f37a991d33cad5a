import type { DirectoryUser, EnabledList, FactorDocuments, Factors } from '../accounts/index.ts';
import { destinationHint, type SentMethod, sentEnrolment } from '../second-factors/index.ts';
import type { Sealer } from '../storage/index.ts';

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

type DestinationParts = {
  readonly subscription: string;
  readonly list: Pick<EnabledList, 'destinations'>;
  readonly factors: Pick<FactorDocuments, 'record'>;
  readonly sealer: Pick<Sealer, 'open'>;
};

/** Where this user's codes go, or will go once they are enrolled. */
export async function knownDestinations(
  { subscription, list, factors: documents, sealer }: DestinationParts,
  user: DirectoryUser,
  factors: Factors,
): Promise<KnownDestination[]> {
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
