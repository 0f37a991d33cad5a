import type { Destinations, DirectoryUser, Factors } from '../accounts/index.ts';
import { parseEmailAddress } from '../delivery/index.ts';
import {
  destinationHint,
  type MethodId,
  type OfferedMethod,
  type SentMethod,
} from '../second-factors/index.ts';
import type { SecondFactorMethod } from '../settings/index.ts';
import type { SignInParts } from './sign-in-parts.ts';

type MethodParts = Pick<
  SignInParts,
  'subscription' | 'settings' | 'secondFactors' | 'senders' | 'destinations'
>;

/** Whether a method is one that setting *Methods* can name; the others stand in for it. */
const isMethod = (id: MethodId): id is SecondFactorMethod => id !== 'recovery' && id !== 'bypass';

export const isSent = (id: MethodId): id is SentMethod => id === 'sms' || id === 'email';

/**
 * The ways by which this user can prove themselves now. A method that setting *Methods* doesn't name is only for
 * whoever has nothing else that works: so the setting means something, and locks nobody out (decision 0022).
 */
export async function offeredMethods(
  parts: MethodParts,
  user: DirectoryUser,
  factors: Factors,
): Promise<OfferedMethod[]> {
  const { subscription } = parts;
  const { methods, digits } = parts.settings.current(subscription);
  const destinations = await parts.destinations.of(subscription, user);
  const all = parts.secondFactors.flatMap((factor) => {
    if (isSent(factor.method) && !parts.senders.configured(subscription, factor.method)) return [];
    return factor.offer(factors, { subscription, user: user.key, destinations, digits }) ?? [];
  });
  const named = ({ id }: OfferedMethod) => isMethod(id) && methods.includes(id);
  if (!all.some(named)) return all;
  return all.filter((method) => named(method) || !isMethod(method.id));
}

/**
 * What this user can enrol. `sms` without a hint asks for a number. `becomesOwner`: then the app is there if nothing
 * else is, since nobody could mend the settings otherwise.
 */
export async function enrollableMethods(
  parts: MethodParts,
  user: DirectoryUser,
  becomesOwner = false,
): Promise<OfferedMethod[]> {
  const { subscription } = parts;
  const { methods, digits } = parts.settings.current(subscription);
  const destinations = await enrolmentDestinations(parts, user);
  const enrollable = methods.flatMap((id): OfferedMethod[] => {
    if (!isSent(id)) return [{ id, digits }];
    const to = destinations[id];
    // An address is not for the user to choose (product section 3.3).
    const somewhere = id === 'sms' || to !== undefined;
    if (!somewhere || !parts.senders.configured(subscription, id)) return [];
    return [{ id, digits, ...(to === undefined ? {} : { hint: destinationHint(id, to) }) }];
  });
  return enrollable.length === 0 && becomesOwner ? [{ id: 'app', digits }] : enrollable;
}

/**
 * Where the codes of a new enrolment go, as far as the user has no say in it: what an administrator has set, and else
 * the address of their directory. That one is then proven by its code, and kept.
 */
export async function enrolmentDestinations(
  { subscription, destinations }: Pick<SignInParts, 'subscription' | 'destinations'>,
  user: DirectoryUser,
): Promise<Destinations> {
  const set = await destinations.of(subscription, user);
  const email = set.email ?? addressOf(user);
  return { ...set, ...(email === undefined ? {} : { email }) };
}

/** What a directory calls an address need not be one. */
function addressOf({ email }: DirectoryUser): string | undefined {
  try {
    return email === undefined ? undefined : parseEmailAddress(email);
  } catch {
    return undefined;
  }
}

/** The wanted method where it is offered, else the first. */
export const preferred = (methods: readonly OfferedMethod[], wanted: MethodId): MethodId =>
  methods.some((method) => method.id === wanted) ? wanted : (methods[0]?.id ?? 'app');
