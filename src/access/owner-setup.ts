import { type DirectoryUser, foldName, subscriptionOf } from '../accounts/index.ts';
import type { Actor } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import { partsOf } from './in-subscription.ts';
import { type OwnerTicket, ownerTicketHash, type StoredTicket } from './owner-tickets.ts';
import { admit } from './sign-in-admit.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';

/** Local accounts, as far as owners come to be. They work while other directories are down. */
export interface LocalAccounts {
  find(name: string): Promise<DirectoryUser | undefined>;
  /** Rejects with `name-taken` or `password-too-weak`. */
  create(user: { name: string; displayName: string; password: string }): Promise<DirectoryUser>;
  /** Rejects with `password-too-weak`. */
  setPassword(userKey: string, password: string): Promise<void>;
}

/** What `OwnerSetup.create` is sent. */
export type OwnerWish = {
  readonly ticket: string;
  readonly username: string;
  readonly displayName?: string | undefined;
  readonly password: string;
};

/**
 * How the first owner comes to be, and how one who is locked out gets back in. The ticket is spent only when its
 * holder has an enrolled second factor: until then the way can be begun again.
 */
export class OwnerSetup {
  readonly #parts: SignInParts;
  readonly #local: LocalAccounts;

  constructor(options: { parts: SignInParts; local: LocalAccounts }) {
    this.#parts = options.parts;
    this.#local = options.local;
  }

  /** Whether there is an owner, so that others may sign in. */
  exists(): Promise<boolean> {
    return this.#parts.roles.ownerExists();
  }

  /** A ticket that makes an owner: at the first start of anybody, with `admin create NAME` of that name. */
  issueOwnerTicket(actor: Actor, name?: string): Promise<OwnerTicket> {
    return this.#parts.ownerTickets.issue(
      { purpose: 'owner', ...(name === undefined ? {} : { name }) },
      actor,
    );
  }

  /**
   * `admin recover NAME`: unlocks a local user, forgets their devices, ends their sessions, and gives the ticket with which they
   * set a new password. Resetting the enrolments is the caller's part (accounts/). Rejects with `unknown-user`.
   */
  async recover(name: string, actor: Actor): Promise<OwnerTicket> {
    const { throttle, devices, pendings, sessions, ownerTickets } = this.#parts;
    const user = await this.#local.find(name);
    if (user === undefined) throw new GatewayError('unknown-user', { params: { name } });
    const subscription = subscriptionOf(user);
    const owner = { subscription, user: user.key };
    await throttle.unlock(subscription, user.key);
    await devices.forgetAll(owner);
    await pendings.forgetAll(owner);
    await sessions.revokeAll(owner, { reason: 'recovered', actor });
    return ownerTickets.issue({ purpose: 'recover', name: user.name }, actor);
  }

  /**
   * The first step of whoever holds a ticket: their account and password. What follows is an enrolment, or a
   * code where they have one. Rejects with `invalid-ticket`, `name-taken`, `password-too-weak`.
   */
  async create(wish: OwnerWish, visitor: Visitor): Promise<SignInStep> {
    const hash = ownerTicketHash(wish.ticket);
    const ticket = await this.#parts.ownerTickets.find(hash);
    if (ticket === undefined) throw new GatewayError('invalid-ticket');
    const name = wish.username.trim();
    const user = await this.#account(hash, ticket, name, wish);
    await this.#parts.ownerTickets.bind(hash, user);
    // An owner belongs to `default`, and whoever becomes one will.
    const parts = becomesSites(ticket) ? this.#parts : partsOf(this.#parts, user);
    return admit(parts, user, {
      mustChangePassword: false,
      shared: false,
      visitor,
      ownerTicket: hash,
    });
  }

  async #account(hash: string, ticket: StoredTicket, name: string, wish: OwnerWish): Promise<DirectoryUser> {
    const { devices, pendings, sessions } = this.#parts;
    const found = await this.#local.find(name);
    const named = ticket.name === undefined ? undefined : await this.#local.find(ticket.name);
    const right =
      ticket.name === undefined ||
      foldName(ticket.name) === foldName(name) ||
      (named !== undefined && named.key === found?.key);
    // Somebody who was there before proves it with their own password, by signing in.
    if (!right || ticket.existing === true) throw new GatewayError('invalid-ticket');
    if (found === undefined) {
      if (ticket.purpose === 'recover') throw new GatewayError('invalid-ticket');
      await this.#parts.ownerTickets.beginAccount(hash, name);
      return this.#local.create({
        name,
        displayName: wish.displayName?.trim() || name,
        password: wish.password,
      });
    }
    // An account that this ticket neither names nor began is somebody else's.
    const own = ticket.purpose === 'invitation' ? ticket.user === found.key : ticket.name !== undefined;
    if (!own && !(ticket.purpose === 'owner' && ticket.begun.includes(foldName(found.name)))) {
      throw new GatewayError('name-taken', { params: { name } });
    }
    await this.#local.setPassword(found.key, wish.password);
    const owner = { subscription: subscriptionOf(found), user: found.key };
    await devices.forgetAll(owner);
    await pendings.forgetAll(owner);
    await sessions.revokeAll(owner, { reason: 'password-changed', actor: found.key });
    return found;
  }
}

/** Whoever administers the site belongs to `default`. */
export const becomesSites = ({ purpose, grant }: StoredTicket): boolean =>
  purpose === 'owner' || (purpose === 'invitation' && grant?.subscription === undefined);
