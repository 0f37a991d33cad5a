import type { RoleGrant, Roles } from '../access/index.ts';
import {
  type DirectoryUser,
  defaultSubscription,
  type Subscriptions,
  unknownSubscription,
} from '../accounts/index.ts';
import type { PlaceOf } from '../first-factors/index.ts';
import type { SessionRecord } from '../sessions/index.ts';

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

/** Whose hosts and pages are whose. */
export class HostSubscriptions {
  readonly #subscriptions: Subscriptions;

  constructor(subscriptions: Subscriptions) {
    this.#subscriptions = subscriptions;
  }

  /** The subscription that a `Host` belongs to; undefined for everybody's. Asked with every request. */
  at(host: string | undefined): string | undefined {
    if (!this.#subscriptions.hasHosts || host === undefined) return undefined;
    // A client may write the scheme's own port, which is not part of what was assigned.
    return this.#subscriptions.ofHost(host) ?? this.#subscriptions.ofHost(host.replace(/:(?:80|443)$/, ''));
  }

  /** The subscription whose host an address leads to; undefined when it leads to nobody's. */
  ofPlace(address: string | undefined): string | undefined {
    return address !== undefined && URL.canParse(address) ? this.at(new URL(address).host) : undefined;
  }

  nameOf(id: string): string | undefined {
    return id === defaultSubscription ? undefined : this.#subscriptions.get(id)?.name;
  }
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

/**
 * The roles that a session may use: users of `default` administer whatever they were given; others only where they
 * belong, since the administrators there can reset them.
 */
export const grantsThatHold = (
  { subscription: home }: Pick<SessionRecord, 'subscription'>,
  grants: readonly RoleGrant[],
): readonly RoleGrant[] =>
  home === defaultSubscription ? grants : grants.filter(({ subscription }) => subscription === home);
