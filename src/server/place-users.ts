import type { Roles } from '../access/index.ts';
import {
  type DirectoryUser,
  defaultSubscription,
  type Subscriptions,
  unknownSubscription,
} from '../accounts/index.ts';
import type { PlaceOf } from '../first-factors/index.ts';

/**
 * Fills in where users belong. Whoever administers the whole site belongs to `default` whatever the rules say: no
 * mistake in them takes the site from its owners, and no administrator of another subscription can reset one. Users of
 * a deleted subscription count as disabled.
 */
export function createPlaceOf(subscriptions: Subscriptions, roles: Pick<Roles, 'roleIn'>): PlaceOf {
  return (user, aliases) => {
    if (!subscriptions.several) return user;
    const id = subscriptions.of({ ...user, aliases });
    return id === defaultSubscription ? user : elsewhere(user, id);
  };

  async function elsewhere(user: DirectoryUser, id: string): Promise<DirectoryUser> {
    if ((await roles.roleIn(user.key, undefined)) !== undefined) return user;
    if (id === unknownSubscription || subscriptions.get(id) !== undefined)
      return { ...user, subscription: id };
    return { ...user, subscription: id, disabled: true };
  }
}

/** The subscription whose host a sign-in leads to; undefined when it leads to nobody's. */
export function subscriptionOfPlace(
  subscriptions: Pick<Subscriptions, 'ofHost'>,
  returnTo: string | undefined,
): string | undefined {
  if (returnTo === undefined || !URL.canParse(returnTo)) return undefined;
  return subscriptions.ofHost(new URL(returnTo).host);
}

/** Who is told what the administrators of a subscription should know: its own ones, or else the site's owners. */
export async function* administratorsOf(
  roles: Pick<Roles, 'owners' | 'everybody'>,
  subscription: string,
): AsyncGenerator<string> {
  let own = false;
  if (subscription !== defaultSubscription) {
    for await (const { user, grants } of roles.everybody()) {
      const is = grants.some(
        (grant) =>
          grant.subscription === subscription && (grant.role === 'owner' || grant.role === 'administrator'),
      );
      if (!is) continue;
      own = true;
      yield user;
    }
  }
  if (!own) yield* roles.owners();
}
