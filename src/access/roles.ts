import type { Actor } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import {
  type Document,
  isConflict,
  type Page,
  requireVersion,
  type Store,
  versionTag,
} from '../storage/index.ts';
import { type Role, strongestRole } from './role-rank.ts';

/** One role of a user, in one place. */
export type RoleGrant = {
  readonly role: Role;
  /** Where it holds; absent: in the whole site. */
  readonly subscription?: string;
  /** Unix milliseconds. */
  readonly since: number;
  /** Absent for the first owner. */
  readonly by?: Actor;
};

/** A user who administers, with everything they may; never without a grant. */
export type Administrator = {
  readonly user: string;
  readonly grants: readonly RoleGrant[];
  /** What a change names that must not overwrite another one. */
  readonly version: string;
};

/** As versions before 0.2 wrote it. */
type StoredOwner = { readonly roles: readonly Role[]; readonly since: number };
type StoredRoles = { readonly grants: readonly RoleGrant[] } | StoredOwner;

const collection = 'roles';
/** What administrators may is not divided by subscription: one document says all of it of one user. */
const prefix = 'default/';
/** Held while an owner is taken away, so that two who take each other away leave one. */
const guard = { collection: 'role-changes', key: 'default/owners' };
/** Milliseconds, in case that whoever holds it was killed. */
const guardTime = 30_000;
/** Each lost one means that somebody else changed the same user's roles. */
const mostRounds = 50;

export type RolesOptions = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether the user is there and not disabled: an owner who cannot sign in is none. */
  isUsable(user: string): Promise<boolean>;
};

/** Who administers Sallyport, the whole site or one subscription. A user has at most one role in each place. */
export class Roles {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #isUsable: (user: string) => Promise<boolean>;

  constructor(options: RolesOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#isUsable = options.isUsable;
  }

  /** Everything the user may, the whole site first. */
  async rolesOf(user: string): Promise<readonly RoleGrant[]> {
    return (await this.find(user))?.grants ?? [];
  }

  /** Undefined for whoever has no role. */
  async find(user: string): Promise<Administrator | undefined> {
    const found = await this.#store.get<StoredRoles>(collection, keyOf(user));
    return found === undefined ? undefined : administratorOf(found);
  }

  /** The most that the user may do in a subscription; with `undefined`, in the whole site. */
  async roleIn(user: string, subscription: string | undefined): Promise<Role | undefined> {
    return strongestRole(await this.rolesOf(user), subscription);
  }

  /** Whether the user has any role anywhere: such a user always needs a second factor. */
  async isAdministrator(user: string): Promise<boolean> {
    return (await this.rolesOf(user)).length > 0;
  }

  /** Whether the user is there and not disabled, so that they can use what they may. */
  isUsable(user: string): Promise<boolean> {
    return this.#isUsable(user);
  }

  /** Until there is one, nobody else may sign in or enrol. */
  async ownerExists(): Promise<boolean> {
    for await (const _ of this.owners()) return true;
    return false;
  }

  /** Whether this user owns the site and no other owner could sign in: the last one can't be taken away. */
  async isOnlyOwner(user: string): Promise<boolean> {
    if ((await this.roleIn(user, undefined)) !== 'owner') return false;
    for await (const owner of this.owners()) {
      if (owner !== user && (await this.#isUsable(owner))) return false;
    }
    return true;
  }

  /** The keys of all owners of the site. */
  async *owners(): AsyncGenerator<string> {
    for await (const { user, grants } of this.everybody()) {
      if (strongestRole(grants, undefined) === 'owner') yield user;
    }
  }

  /** Everybody who has a role, in the order of their keys. */
  async *everybody(): AsyncGenerator<Administrator> {
    let after: string | undefined;
    do {
      const page = await this.list({ limit: 100, ...(after === undefined ? {} : { after }) });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }

  async list(query: { after?: string; limit: number }): Promise<Page<Administrator>> {
    const page = await this.#store.list<StoredRoles>(collection, { prefix, ...query });
    return { ...page, items: page.items.map(administratorOf) };
  }

  /** Of the whole site. Idempotent. */
  async makeOwner(user: string): Promise<void> {
    await this.#change(user, (grants) =>
      strongestRole(grants, undefined) === 'owner'
        ? grants
        : withGrant(grants, { role: 'owner', since: this.#clock.now() }),
    );
  }

  /**
   * Gives a role in one place, in the stead of the one there. Resolves to the role before. Rejects with `last-owner`,
   * with `changed-meanwhile` when the user's roles are not those of `seen` any more, and with `conflict` while an owner is
   * being taken away.
   */
  async grant(
    user: string,
    wish: { readonly role: Role; readonly subscription?: string | undefined; readonly by: Actor },
    seen?: string,
  ): Promise<Role | undefined> {
    const { role, subscription, by } = wish;
    const place = subscription === undefined ? {} : { subscription };
    const give = (): Promise<Role | undefined> =>
      this.#change(user, (grants) => withGrant(grants, { role, ...place, since: this.#clock.now(), by }), {
        subscription,
        seen,
      });
    return subscription === undefined && role !== 'owner' ? this.sparingLastOwner(user, give) : give();
  }

  /** Takes away the role in one place. Resolves to the role before; rejects as `grant` does. */
  withdraw(user: string, subscription: string | undefined, seen?: string): Promise<Role | undefined> {
    const take = (): Promise<Role | undefined> =>
      this.#change(user, (grants) => grants.filter((each) => each.subscription !== subscription), {
        subscription,
        seen,
      });
    return subscription === undefined ? this.sparingLastOwner(user, take) : take();
  }

  /**
   * Does what takes a user's ownership away (their role, account, or use of it) unless it is the last one. Rejects with
   * `last-owner`, and with `conflict` while another owner is being taken away.
   */
  async sparingLastOwner<Result>(user: string, work: () => Promise<Result>): Promise<Result> {
    if ((await this.roleIn(user, undefined)) !== 'owner') return work();
    const expiresAt = this.#clock.now() + guardTime;
    const version = await this.#store.put(
      guard.collection,
      guard.key,
      { user },
      {
        ifVersion: 'absent',
        expiresAt,
      },
    );
    try {
      if (await this.isOnlyOwner(user)) throw new GatewayError('last-owner');
      return await work();
    } finally {
      await this.#store.delete(guard.collection, guard.key, { ifVersion: version }).catch(() => undefined);
    }
  }

  /** After a user was removed, so that a name given again inherits nothing. */
  async forget(user: string): Promise<void> {
    await this.#store.delete(collection, keyOf(user), { announce: announcementOf(user) });
  }

  /** After a subscription was deleted, so that one of the same name inherits no administrators. */
  async forgetSubscription(subscription: string): Promise<void> {
    for await (const { user, grants } of this.everybody()) {
      if (grants.some((each) => each.subscription === subscription)) await this.withdraw(user, subscription);
    }
  }

  /** By compare-and-set. Resolves to the role that the user had in the place; rejects as `grant` says. */
  async #change(
    user: string,
    change: (grants: readonly RoleGrant[]) => readonly RoleGrant[],
    place: { subscription?: string | undefined; seen?: string | undefined } = {},
  ): Promise<Role | undefined> {
    const announce = announcementOf(user);
    for (let round = 1; ; round += 1) {
      const found = await this.#store.get<StoredRoles>(collection, keyOf(user));
      const version = found?.version ?? 'absent';
      requireVersion(found?.version, place.seen);
      const before = found === undefined ? [] : grantsOf(found.value);
      const grants = change(before);
      try {
        if (grants.length > 0 && grants !== before) {
          await this.#store.put(collection, keyOf(user), { grants }, { ifVersion: version, announce });
        } else if (grants.length === 0 && version !== 'absent') {
          await this.#store.delete(collection, keyOf(user), { ifVersion: version, announce });
        }
        return before.find((each) => each.subscription === place.subscription)?.role;
      } catch (error) {
        if (!isConflict(error) || round === mostRounds) throw error;
      }
    }
  }
}

const keyOf = (user: string): string => `${prefix}${user}`;

const announcementOf = (user: string) => ({ topic: 'accounts', message: { user } });

function grantsOf(stored: StoredRoles): readonly RoleGrant[] {
  return 'grants' in stored ? stored.grants : stored.roles.map((role) => ({ role, since: stored.since }));
}

const administratorOf = ({ key, value, version }: Document<StoredRoles>): Administrator => ({
  user: key.slice(prefix.length),
  grants: grantsOf(value),
  version: versionTag(version),
});

/** The whole site first, then the subscriptions by name. */
const withGrant = (grants: readonly RoleGrant[], grant: RoleGrant): readonly RoleGrant[] =>
  [...grants.filter((each) => each.subscription !== grant.subscription), grant].sort((a, b) =>
    (a.subscription ?? '') < (b.subscription ?? '') ? -1 : 1,
  );
