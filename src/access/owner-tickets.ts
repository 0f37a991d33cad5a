import { createHash } from 'node:crypto';
import { type DirectoryUser, foldName } from '../accounts/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { changeDocument, type Store } from '../storage/index.ts';
import { type Role, reaches } from './role-rank.ts';
import type { Roles } from './roles.ts';

/** What an invitation gives, and who gives it: an administrator's key, or `cli`. */
export type InvitedGrant = { readonly role: Role; readonly subscription?: string; readonly by: Actor };

/**
 * `owner` makes an owner; `recover` lets one local user set a new password and enrol afresh; `invitation` gives a role to a
 * user there is, or to a new local one.
 */
export type StoredTicket = {
  readonly purpose: 'owner' | 'recover' | 'invitation';
  /** Only of invitations. */
  readonly grant?: InvitedGrant;
  /** Of an invitation: `user` is somebody who was there before, and proves it with their own password. */
  readonly existing?: boolean;
  /** Only the user of this name may use it. */
  readonly name?: string;
  /** Folded names of the accounts that were begun with it; written down before the account is made. */
  readonly begun: readonly string[];
  /** Key of the account that was begun last: that one may complete it. */
  readonly user?: string;
  readonly issuedAt: number;
};

/** An invitation that nobody has accepted yet. Times in Unix milliseconds. */
export type Invitation = InvitedGrant & {
  readonly id: string;
  readonly name: string;
  /** Absent: accepting it makes the account. */
  readonly user?: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

export type OwnerTicket = {
  /** The secret: shown once, never stored. */
  readonly ticket: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
};

const collection = 'owner-tickets';
/** Milliseconds: an hour for what is used at once, seven days for what is sent to somebody. */
const lifetimes = { owner: 3_600_000, recover: 3_600_000, invitation: 7 * 86_400_000 } as const;

/** What is stored of a ticket. It has 192 random bits, so a plain hash tells nothing of it. */
export const ownerTicketHash = (ticket: string): string =>
  createHash('sha256').update(ticket.trim()).digest('base64url');

/** One-time tickets of owners and other administrators: good for an hour, invitations for seven days; stored hashed, spent when an enrolled second factor was proven. */
export class OwnerTickets {
  readonly #store: Store;
  readonly #subscription: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #audit: Audit;
  readonly #roles: Roles;

  constructor(parts: {
    store: Store;
    subscription: string;
    clock: Clock;
    random: Random;
    audit: Audit;
    roles: Roles;
  }) {
    this.#store = parts.store;
    this.#subscription = parts.subscription;
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#audit = parts.audit;
    this.#roles = parts.roles;
  }

  /** Issues a ticket and voids those of the same purpose and name that were issued before. */
  async issue(ticket: { purpose: 'owner' | 'recover'; name?: string }, actor: Actor): Promise<OwnerTicket> {
    await this.#withdraw(ticket);
    const secret = randomName(this.#random, 24);
    const issuedAt = this.#clock.now();
    const expiresAt = issuedAt + lifetimes[ticket.purpose];
    const stored: StoredTicket = { ...ticket, begun: [], issuedAt };
    await this.#store.put(collection, this.#key(ownerTicketHash(secret)), stored, { expiresAt });
    const type = ticket.purpose === 'owner' ? 'owner.ticket' : 'owner.recovered';
    this.#audit.record({ type, name: ticket.name ?? '', actor });
    return { ticket: secret, expiresAt };
  }

  /**
   * Invites somebody to a role: `user` there is, or whoever makes a local account of this name with it. Voids the
   * invitation of the same name to the same place that was there before.
   */
  async invite(
    invited: { readonly name: string; readonly user?: string },
    grant: InvitedGrant,
    actor: Actor,
  ): Promise<OwnerTicket> {
    for (const each of await this.invitations()) {
      const same = foldName(each.name) === foldName(invited.name) && each.user === invited.user;
      if (same && each.subscription === grant.subscription) await this.withdrawInvitation(each.id, actor);
    }
    const secret = randomName(this.#random, 24);
    const issuedAt = this.#clock.now();
    const expiresAt = issuedAt + lifetimes.invitation;
    const stored: StoredTicket = {
      purpose: 'invitation',
      ...invited,
      existing: invited.user !== undefined,
      grant,
      begun: [],
      issuedAt,
    };
    await this.#store.put(collection, this.#key(ownerTicketHash(secret)), stored, { expiresAt });
    this.#audit.record({ type: 'invitation.issued', ...described(stored), actor });
    return { ticket: secret, expiresAt };
  }

  /** Those that can still be accepted. */
  async invitations(): Promise<readonly Invitation[]> {
    const prefix = this.#key('');
    const found: Invitation[] = [];
    let after: string | undefined;
    do {
      const page = await this.#store.list<StoredTicket>(collection, {
        prefix,
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, value } of page.items) {
        const { purpose, grant, name = '', user, existing, issuedAt } = value;
        if (purpose !== 'invitation' || grant === undefined) continue;
        found.push({
          ...grant,
          id: key.slice(prefix.length),
          name,
          ...(existing === true && user !== undefined ? { user } : {}),
          issuedAt,
          expiresAt: issuedAt + lifetimes.invitation,
        });
      }
      after = page.next;
    } while (after !== undefined);
    return found.sort((one, other) => other.issuedAt - one.issuedAt);
  }

  /** Rejects with `not-found`. */
  async withdrawInvitation(id: string, actor: Actor): Promise<void> {
    const ticket = (await this.#store.get<StoredTicket>(collection, this.#key(id)))?.value;
    if (ticket?.purpose !== 'invitation' || !(await this.#store.delete(collection, this.#key(id)))) {
      throw new GatewayError('not-found');
    }
    this.#audit.record({ type: 'invitation.withdrawn', ...described(ticket), actor });
  }

  /** Undefined also for the link of the first start once there is an owner, however they came to be. */
  async find(hash: string): Promise<StoredTicket | undefined> {
    const ticket = (await this.#store.get<StoredTicket>(collection, this.#key(hash)))?.value;
    if (ticket?.grant !== undefined) return (await this.#mayStillGive(ticket.grant)) ? ticket : undefined;
    const forTheFirst = ticket?.purpose === 'owner' && ticket.name === undefined;
    return forTheFirst && (await this.#roles.ownerExists()) ? undefined : ticket;
  }

  /** Whoever is no owner any more, or an owner who was switched off, has nothing to give. */
  async #mayStillGive({ by, subscription }: InvitedGrant): Promise<boolean> {
    if (by === 'cli') return true;
    return (await this.#roles.roleIn(by, subscription)) === 'owner' && (await this.#roles.isUsable(by));
  }

  /** Before an account is made: so that, should the process be killed, the way can be begun again under this name. */
  async beginAccount(hash: string, name: string): Promise<void> {
    const folded = foldName(name);
    await this.#change(hash, (ticket) => ({
      ...ticket,
      begun: [...ticket.begun.filter((each) => each !== folded), folded],
    }));
  }

  /** Whoever began with the ticket last is the one it will make owner. Rejects with `invalid-ticket`. */
  async bind(hash: string, user: DirectoryUser): Promise<void> {
    await this.#change(hash, (ticket) => ({ ...ticket, user: user.key }));
  }

  /**
   * Once the holder has proven an enrolled second factor: makes them owner, then spends the ticket. In this
   * order, so that a crash between the two leaves a ticket that can only make the same person owner again.
   * Rejects with `invalid-ticket` when it has expired, was withdrawn, or is another one's by now.
   */
  async complete(
    hash: string,
    user: DirectoryUser,
    origin: { address: string; browser?: string },
  ): Promise<void> {
    const ticket = await this.find(hash);
    if (ticket === undefined || ticket.user !== user.key) throw new GatewayError('invalid-ticket');
    if (ticket.purpose === 'owner') {
      await this.#roles.makeOwner(user.key);
      this.#audit.record({ type: 'owner.created', name: user.name, actor: user.key, origin });
    }
    if (ticket.grant !== undefined) await this.#give(ticket, ticket.grant, user, origin);
    await this.#store.delete(collection, this.#key(hash));
  }

  /** An invitation never takes anything away from somebody who may more by now. */
  async #give(
    ticket: StoredTicket,
    grant: InvitedGrant,
    user: DirectoryUser,
    origin: { address: string; browser?: string },
  ): Promise<void> {
    const { role, subscription } = grant;
    const before = await this.#roles.roleIn(user.key, subscription);
    const who = { user: user.key, name: user.name, ...(subscription === undefined ? {} : { subscription }) };
    if (!reaches(before, role)) {
      await this.#roles.grant(user.key, grant);
      this.#audit.record({
        type: 'role.changed',
        ...who,
        from: before ?? 'none',
        to: role,
        actor: grant.by,
      });
    }
    this.#audit.record({
      type: 'invitation.accepted',
      ...described(ticket),
      ...who,
      actor: user.key,
      origin,
    });
  }

  async #withdraw(ticket: { purpose: StoredTicket['purpose']; name?: string }): Promise<void> {
    const { items } = await this.#store.list<StoredTicket>(collection, {
      prefix: `${this.#subscription}/`,
      limit: 1000,
    });
    for (const { key, value } of items) {
      if (value.purpose === ticket.purpose && value.name === ticket.name) {
        await this.#store.delete(collection, key);
      }
    }
  }

  async #change(hash: string, change: (ticket: StoredTicket) => StoredTicket): Promise<void> {
    await changeDocument<StoredTicket>(this.#store, { collection, key: this.#key(hash) }, (ticket) => {
      if (ticket === undefined) throw new GatewayError('invalid-ticket');
      return { value: change(ticket), options: { expiresAt: ticket.issuedAt + lifetimes[ticket.purpose] } };
    });
  }

  #key(hash: string): string {
    return `${this.#subscription}/${hash}`;
  }
}

const described = ({ name = '', user, grant, existing }: StoredTicket) => ({
  name,
  ...(existing === true && user !== undefined ? { user } : {}),
  role: grant?.role ?? '',
  ...(grant?.subscription === undefined ? {} : { subscription: grant.subscription }),
});
