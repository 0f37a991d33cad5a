import { type DirectoryUser, defaultSubscription, isName, subscriptionOf } from '../accounts/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import type { Page } from '../storage/index.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { Invitation, OwnerTicket, OwnerTickets } from './owner-tickets.ts';
import { type Role, reaches } from './role-rank.ts';
import type { Administrator, Roles } from './roles.ts';

export type AdministratorsParts = {
  readonly roles: Roles;
  readonly tickets: Pick<OwnerTickets, 'invite' | 'invitations' | 'withdrawInvitation'>;
  readonly tokens: Pick<ApiTokens, 'find'>;
  readonly audit: Pick<Audit, 'record'>;
  /** Rejects with `directory-unavailable`. */
  findUser(key: string): Promise<DirectoryUser | undefined>;
  /** The one user that a name stands for. */
  lookUp(name: string): Promise<DirectoryUser | undefined>;
  subscriptionExists(id: string): boolean;
  /** Where a local account of this name would belong. */
  subscriptionOfNew(name: string): string;
};

/** A role in one place; absent: the whole site. */
export type Place = { readonly subscription?: string | undefined };

/** Who does it: `cli`, or an administrator or program with the `own` permission in that place. */
export type Granter = {
  readonly actor: Actor;
  /** Of an administrator of one subscription only: they give roles to its own users alone. */
  readonly home?: string | undefined;
};

/** Who administers what: the same rules for the console, the API and the command line, and in the audit log. */
export class Administrators {
  readonly #parts: AdministratorsParts;

  constructor(parts: AdministratorsParts) {
    this.#parts = parts;
  }

  list(query: { after?: string; limit: number }): Promise<Page<Administrator>> {
    return this.#parts.roles.list(query);
  }

  find(user: string): Promise<Administrator | undefined> {
    return this.#parts.roles.find(user);
  }

  /**
   * Gives a user a role, in the stead of the one they have in that place. Rejects with `unknown-user`, `account-disabled`,
   * `not-found` (no such subscription), `not-allowed` (they belong to another one), `last-owner`, `changed-meanwhile`.
   */
  async grant(
    user: string,
    wish: Place & { readonly role: Role },
    { actor, home }: Granter,
    seen?: string,
  ): Promise<void> {
    const found = await this.#known(user, home);
    if (found.disabled) throw new GatewayError('account-disabled');
    this.#requirePlace(wish);
    requireHome(subscriptionOf(found), wish);
    const before = await this.#parts.roles.grant(user, { ...wish, by: actor }, seen);
    this.#record(found, before, wish.role, wish, actor);
  }

  /** Rejects with `not-found` where they have none in that place, `last-owner`, `changed-meanwhile`. */
  async withdraw(user: string, place: Place, { actor }: Granter, seen?: string): Promise<void> {
    const { roles, findUser } = this.#parts;
    const held = await roles.rolesOf(user);
    if (!held.some(({ subscription }) => subscription === place.subscription)) {
      throw new GatewayError('not-found');
    }
    const before = await roles.withdraw(user, place.subscription, seen);
    // Of somebody who is gone the key must do.
    const found = await findUser(user).catch(() => undefined);
    this.#record(found ?? { key: user, name: user }, before, undefined, place, actor);
  }

  /**
   * A one-time link, good for seven days, that gives a role to whoever proves to be that user, or makes a local account of
   * that name. Rejects with `unknown-user`, `account-disabled`, `name-taken`, `invalid-request`, `not-found`,
   * `not-allowed`.
   */
  async invite(
    wish: Place & { readonly name: string; readonly role: Role; readonly newAccount: boolean },
    { actor, home }: Granter,
  ): Promise<OwnerTicket & { readonly user?: string }> {
    this.#requirePlace(wish);
    const name = wish.name.trim();
    const found = await this.#parts.lookUp(name);
    const { role, subscription } = wish;
    const by = await this.#giverOf(actor, subscription);
    const grant = { role, ...(subscription === undefined ? {} : { subscription }), by };
    if (wish.newAccount) {
      if (found !== undefined) throw new GatewayError('name-taken', { params: { name } });
      if (!isName(name)) throw new GatewayError('invalid-request');
      const theirs = this.#parts.subscriptionOfNew(name);
      requireHome(theirs, wish);
      // Accounts of somebody else are for somebody else to make.
      if (home !== undefined && theirs !== home) throw new GatewayError('not-allowed');
      return this.#parts.tickets.invite({ name }, grant, actor);
    }
    if (found === undefined || (home !== undefined && subscriptionOf(found) !== home)) {
      throw new GatewayError('unknown-user', { params: { name } });
    }
    if (found.disabled) throw new GatewayError('account-disabled');
    requireHome(subscriptionOf(found), wish);
    const user = found.key;
    return { ...(await this.#parts.tickets.invite({ name: found.name, user }, grant, actor)), user };
  }

  invitations(): Promise<readonly Invitation[]> {
    return this.#parts.tickets.invitations();
  }

  /** Rejects with `not-found`. */
  withdrawInvitation(id: string, actor: Actor): Promise<void> {
    return this.#parts.tickets.withdrawInvitation(id, actor);
  }

  async #known(key: string, home: string | undefined): Promise<DirectoryUser> {
    const found = await this.#parts.findUser(key);
    if (found === undefined || (home !== undefined && subscriptionOf(found) !== home)) {
      throw new GatewayError('unknown-user', { params: { name: key } });
    }
    return found;
  }

  #requirePlace({ subscription }: Place): void {
    if (subscription !== undefined && !this.#parts.subscriptionExists(subscription)) {
      throw new GatewayError('not-found');
    }
  }

  /** What a program invites to, its creator gives: the invitation ends with them. */
  async #giverOf(actor: Actor, subscription: string | undefined): Promise<Actor> {
    if (!actor.startsWith('token:')) return actor;
    const token = await this.#parts.tokens.find(actor.slice('token:'.length));
    const creator = token?.creator;
    if (creator === undefined || !reaches(await this.#parts.roles.roleIn(creator, subscription), 'owner')) {
      throw new GatewayError('not-allowed');
    }
    return creator;
  }

  #record(
    user: Pick<DirectoryUser, 'key' | 'name'>,
    from: Role | undefined,
    to: Role | undefined,
    { subscription }: Place,
    actor: Actor,
  ): void {
    if (from === to) return;
    this.#parts.audit.record({
      type: 'role.changed',
      user: user.key,
      name: user.name,
      from: from ?? 'none',
      to: to ?? 'none',
      ...(subscription === undefined ? {} : { subscription }),
      actor,
    });
  }
}

/**
 * Whoever comes to administer the site belongs to `default` from then on, and would have nothing enrolled there; and a
 * role elsewhere is worth nothing to whom others can reset. Throws `not-allowed`.
 */
function requireHome(home: string, { subscription }: Place): void {
  if (home !== defaultSubscription && home !== subscription) throw new GatewayError('not-allowed');
}
