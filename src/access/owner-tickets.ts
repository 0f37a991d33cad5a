import { createHash } from 'node:crypto';
import { type DirectoryUser, foldName } from '../accounts/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { changeDocument, type Store } from '../storage/index.ts';
import type { Roles } from './roles.ts';

/** `owner` makes an owner; `recover` lets one local user set a new password and enrol afresh. */
export type StoredTicket = {
  readonly purpose: 'owner' | 'recover';
  /** Only the user of this name may use it. */
  readonly name?: string;
  /** Folded names of the accounts that were begun with it; written down before the account is made. */
  readonly begun: readonly string[];
  /** Key of the account that was begun last: that one may complete it. */
  readonly user?: string;
  readonly issuedAt: number;
};

export type OwnerTicket = {
  /** The secret: shown once, never stored. */
  readonly ticket: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
};

const collection = 'owner-tickets';
/** One hour. */
const lifetime = 3_600_000;

/** What is stored of a ticket. It has 192 random bits, so a plain hash tells nothing of it. */
export const ownerTicketHash = (ticket: string): string =>
  createHash('sha256').update(ticket.trim()).digest('base64url');

/** One-time tickets of owners: good for an hour, stored hashed, spent when an enrolled second factor was proven. */
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
  async issue(
    ticket: { purpose: StoredTicket['purpose']; name?: string },
    actor: Actor,
  ): Promise<OwnerTicket> {
    await this.#withdraw(ticket);
    const secret = randomName(this.#random, 24);
    const issuedAt = this.#clock.now();
    const expiresAt = issuedAt + lifetime;
    const stored: StoredTicket = { ...ticket, begun: [], issuedAt };
    await this.#store.put(collection, this.#key(ownerTicketHash(secret)), stored, { expiresAt });
    const type = ticket.purpose === 'owner' ? 'owner.ticket' : 'owner.recovered';
    this.#audit.record({ type, name: ticket.name ?? '', actor });
    return { ticket: secret, expiresAt };
  }

  /** Undefined also for the link of the first start once there is an owner, however they came to be. */
  async find(hash: string): Promise<StoredTicket | undefined> {
    const ticket = (await this.#store.get<StoredTicket>(collection, this.#key(hash)))?.value;
    const forTheFirst = ticket?.purpose === 'owner' && ticket.name === undefined;
    return forTheFirst && (await this.#roles.ownerExists()) ? undefined : ticket;
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
    await this.#store.delete(collection, this.#key(hash));
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
      return { value: change(ticket), options: { expiresAt: ticket.issuedAt + lifetime } };
    });
  }

  #key(hash: string): string {
    return `${this.#subscription}/${hash}`;
  }
}
