import { createHash, timingSafeEqual } from 'node:crypto';
import { type DirectoryUser, defaultSubscription, subscriptionOf } from '../accounts/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { apiTokenBeginning } from '../sessions/index.ts';
import { isConflict, type Store } from '../storage/index.ts';
import { FailedTries } from './failed-tries.ts';
import { type Role, reaches } from './role-rank.ts';
import type { Roles } from './roles.ts';

/** What a program may: as much as an administrator of that role, or ask whether somebody may log on to some servers. */
export type TokenRole = Role | 'logon-check';

export type TokenWish = {
  /** What people call it. */
  readonly name: string;
  readonly role: TokenRole;
  /** Absent: the whole site. */
  readonly subscription?: string | undefined;
  /** Only of `logon-check`: the servers that it may ask about. */
  readonly servers?: readonly string[] | undefined;
  /** Unix milliseconds, at most a year from now. */
  readonly expiresAt: number;
};

/** A token as administrators see it: everything but the secret. */
export type ApiToken = Omit<TokenWish, 'subscription' | 'servers'> & {
  readonly id: string;
  readonly subscription?: string;
  readonly servers?: readonly string[];
  /** The key of the administrator who made it, and with whom it ends. */
  readonly creator: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** To the hour, so that reading never means writing. */
  readonly lastUsedAt?: number;
};

type StoredToken = Omit<ApiToken, 'id'> & { readonly hash: string };

/** A token that was called with, and is good. */
export type VerifiedToken = {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly subscription?: string;
  readonly servers?: readonly string[];
};

export type ApiTokensOptions = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly audit: Pick<Audit, 'record'>;
  readonly roles: Pick<Roles, 'roleIn'>;
  /** Rejects when their directory cannot be asked. */
  findUser(user: string): Promise<DirectoryUser | undefined>;
};

const collection = 'api-tokens';
const prefix = 'default/';
/** Milliseconds: a year, with its longest day. */
const longestTokenLife = 366 * 86_400_000;
/** How long an expired one is still shown. */
const keptBeyond = 30 * 86_400_000;
const hour = 3_600_000;
/** Milliseconds for which the ids there are need not be asked for again. */
const idsGoodFor = 10_000;
/** More than anybody looks after. */
const most = 1_000;

/** 64 bits that name it and 256 that prove it. */
const form = new RegExp(`^${apiTokenBeginning}([0-9a-f]{16})_([A-Za-z0-9_-]{43})$`);

/**
 * The tokens of programs. What is stored proves nothing: 256 random bits need no more than a plain hash. A token can do
 * what its creator can, never more, and ends with them.
 */
export class ApiTokens {
  readonly #options: ApiTokensOptions;
  readonly #failures: FailedTries;
  #ids: { readonly at: number; readonly all: Promise<ReadonlySet<string>> } | undefined;

  constructor(options: ApiTokensOptions) {
    this.#options = options;
    this.#failures = new FailedTries(options.clock);
  }

  /**
   * `secret` is shown once and stored nowhere. A program that makes one makes it for its own creator, and none that lives
   * longer than its own. Rejects with `invalid-request`, and `not-allowed` when the creator's role is not enough.
   */
  async create(
    wish: TokenWish,
    { creator, actor }: { readonly creator: string; readonly actor: Actor },
  ): Promise<{ readonly token: ApiToken; readonly secret: string }> {
    const { store, clock, random, audit } = this.#options;
    const now = clock.now();
    checkWish(wish, now);
    const parent = await this.#ofActor(actor);
    if (parent !== undefined && wish.expiresAt > parent.expiresAt) throw new GatewayError('invalid-request');
    const owner = parent?.creator ?? creator;
    const { role, subscription, servers } = wish;
    if (!(await this.#mayHave(owner, role, subscription))) throw new GatewayError('not-allowed');
    if ((await store.list(collection, { prefix, limit: most })).items.length >= most) {
      throw new GatewayError('not-allowed');
    }
    const id = random.bytes(8).toString('hex');
    const proof = randomName(random, 32);
    const stored: StoredToken = {
      name: wish.name.trim(),
      role,
      ...(subscription === undefined ? {} : { subscription }),
      ...(servers === undefined ? {} : { servers }),
      expiresAt: wish.expiresAt,
      creator: owner,
      createdAt: now,
      hash: hashOf(proof).toString('base64url'),
    };
    await store.put(collection, prefix + id, stored, {
      ifVersion: 'absent',
      expiresAt: wish.expiresAt + keptBeyond,
    });
    const token = presented(id, stored);
    audit.record({ type: 'api-access.created', ...described(token), actor });
    return { token, secret: `${apiTokenBeginning}${id}_${proof}` };
  }

  /** All of them, expired ones for another month. */
  async list(): Promise<readonly ApiToken[]> {
    const tokens: ApiToken[] = [];
    let after: string | undefined;
    do {
      const page = await this.#options.store.list<StoredToken>(collection, {
        prefix,
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key, value } of page.items) tokens.push(presented(key.slice(prefix.length), value));
      after = page.next;
    } while (after !== undefined);
    return tokens;
  }

  async find(id: string): Promise<ApiToken | undefined> {
    const found = await this.#options.store.get<StoredToken>(collection, prefix + id);
    return found && presented(id, found.value);
  }

  /** Effective with the next call that the program makes. Rejects with `not-found`. */
  async revoke(id: string, actor: Actor, reason?: string): Promise<void> {
    const token = await this.find(id);
    if (token === undefined || !(await this.#options.store.delete(collection, prefix + id))) {
      throw new GatewayError('not-found');
    }
    const why = reason === undefined ? {} : { reason };
    this.#options.audit.record({ type: 'api-access.revoked', ...described(token), ...why, actor });
  }

  /** Ends those that an administrator made and who may no longer do as much. To be called when that may have changed. */
  async judgeCreator(user: string): Promise<void> {
    for (const token of await this.list()) {
      if (token.creator !== user) continue;
      const reason = await this.#reasonToEnd(token);
      if (reason !== undefined) await this.#end(token, reason);
    }
  }

  /**
   * The token that a program called with from `address`; undefined for whatever isn't a good one. Rejects with
   * `too-many-requests` after 30 bad ones of an address within 15 minutes, and with `store-unavailable`. Ids that there
   * are go on being looked for: one user of a server could otherwise shut its agent, and with it everybody, out.
   */
  async verify(text: string, address: string): Promise<VerifiedToken | undefined> {
    const [, id = '', proof = ''] = form.exec(text) ?? [];
    try {
      this.#failures.refuse(address);
    } catch (error) {
      if (id === '' || !(await this.#isThere(id))) throw error;
    }
    const found = id === '' ? undefined : await this.#options.store.get<StoredToken>(collection, prefix + id);
    const expected = Buffer.from(found?.value.hash ?? nobody, 'base64url');
    // Always compared, so that an id that nobody has costs what one costs that somebody has.
    const right = timingSafeEqual(hashOf(proof), expected);
    if (found === undefined || !right) return this.#refused('unknown', undefined, address);
    const token = presented(id, found.value);
    const now = this.#options.clock.now();
    if (now >= token.expiresAt) return this.#refused('expired', id, address);
    const reason = await this.#reasonToEnd(token);
    if (reason !== undefined) {
      await this.#end(token, reason);
      return this.#refused(reason, id, address);
    }
    await this.#used(id, found.value, found.version, now);
    const { name, role, subscription, servers } = token;
    return {
      id,
      name,
      role,
      ...(subscription === undefined ? {} : { subscription }),
      ...(servers === undefined ? {} : { servers }),
    };
  }

  /** A directory that can't be asked leaves a token as it was, as it leaves sessions. */
  async #reasonToEnd({ creator, role, subscription }: ApiToken): Promise<string | undefined> {
    if (!(await this.#mayHave(creator, role, subscription))) return 'role-changed';
    let user: DirectoryUser | undefined;
    try {
      user = await this.#options.findUser(creator);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'store-unavailable') throw error;
      return undefined;
    }
    if (user === undefined) return 'user-removed';
    if (user.disabled) return 'user-disabled';
    // Of who belongs elsewhere by now roles hold no more (decision 33); no token does what its creator can't.
    const home = subscriptionOf(user);
    return home === defaultSubscription || home === subscription ? undefined : 'role-changed';
  }

  /** Whether there is a token of this id, as far as was known lately. */
  async #isThere(id: string): Promise<boolean> {
    const now = this.#options.clock.now();
    if (this.#ids === undefined || Math.abs(now - this.#ids.at) > idsGoodFor) {
      this.#ids = { at: now, all: this.list().then((all) => new Set(all.map((each) => each.id))) };
    }
    try {
      return (await this.#ids.all).has(id);
    } catch (error) {
      this.#ids = undefined;
      throw error;
    }
  }

  async #mayHave(creator: string, role: TokenRole, subscription: string | undefined): Promise<boolean> {
    const own = await this.#options.roles.roleIn(creator, subscription);
    return reaches(own, role === 'logon-check' ? 'administrator' : role);
  }

  async #end(token: ApiToken, reason: string): Promise<void> {
    try {
      await this.revoke(token.id, 'system', reason);
    } catch (error) {
      // Another replica was first.
      if (!(error instanceof GatewayError && error.code === 'not-found')) throw error;
    }
  }

  async #used(id: string, stored: StoredToken, version: number, now: number): Promise<void> {
    if (stored.lastUsedAt !== undefined && Math.abs(now - stored.lastUsedAt) < hour) return;
    const value: StoredToken = { ...stored, lastUsedAt: now - (now % hour) };
    try {
      await this.#options.store.put(collection, prefix + id, value, {
        ifVersion: version,
        expiresAt: stored.expiresAt + keptBeyond,
      });
    } catch (error) {
      // Another call of the same program wrote it, or the token was revoked just now.
      if (!isConflict(error)) throw error;
    }
  }

  #refused(reason: string, id: string | undefined, address: string): undefined {
    // Said without being written down once more.
    this.#failures.refuse(address);
    this.#failures.count(address);
    const named = id === undefined ? {} : { id };
    this.#options.audit.record({ type: 'api-access.refused', reason, ...named, origin: { address } });
    return undefined;
  }

  async #ofActor(actor: Actor): Promise<ApiToken | undefined> {
    if (!actor.startsWith('token:')) return undefined;
    const token = await this.find(actor.slice('token:'.length));
    if (token === undefined) throw new GatewayError('not-allowed');
    return token;
  }
}

const hashOf = (proof: string): Buffer => createHash('sha256').update(proof).digest();

/** No proof has this hash. */
const nobody = Buffer.alloc(32).toString('base64url');

function presented(id: string, { hash, ...token }: StoredToken): ApiToken {
  void hash;
  return { id, ...token };
}

const described = ({ id, name, role, subscription, expiresAt, creator }: ApiToken) => ({
  id,
  name,
  role,
  ...(subscription === undefined ? {} : { subscription }),
  until: expiresAt,
  user: creator,
});

/** Throws `invalid-request`. */
function checkWish({ name, role, servers, expiresAt }: TokenWish, now: number): void {
  const named = name.trim();
  const readable = named !== '' && named.length <= 64 && named.isWellFormed() && !/\p{Cc}/u.test(named);
  const inTime = Number.isInteger(expiresAt) && expiresAt > now && expiresAt <= now + longestTokenLife;
  const bound = role === 'logon-check' ? servers !== undefined && servers.length > 0 : servers === undefined;
  if (!readable || !inTime || !bound) throw new GatewayError('invalid-request');
}
