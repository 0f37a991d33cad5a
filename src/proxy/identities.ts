import type { AdmittedSession } from '../access/index.ts';
import type { SessionUser } from '../sessions/index.ts';
import { seedOf } from './affinity.ts';
import type { OwnCookies } from './own-cookies.ts';
import { percentEncode } from './percent.ts';

/** Who the application server is told about, ready to stand in headers. */
export type Identity = { readonly user: string; readonly groups: string; readonly assertion: string };

/** What is derived from a user once and used for each of their requests. */
type Derived = {
  readonly seed: number;
  readonly user: string;
  readonly groups: string;
  /** The last `Cookie` and what was left of it: a browser sends the same one again and again. */
  cookie: string;
  others: string;
};

/** Remembers what is derived from users for as long as their sessions live. */
export class Identities {
  readonly #derived = new WeakMap<SessionUser, Derived>();
  readonly #cookies: OwnCookies;

  constructor(cookies: OwnCookies) {
    this.#cookies = cookies;
  }

  /** What affinity goes by. */
  seedOf(user: SessionUser): number {
    return this.#of(user).seed;
  }

  identity(session: AdmittedSession, assertion: string): Identity {
    const { user, groups } = this.#of(session.user);
    return { user, groups, assertion };
  }

  /** The cookies of a request that are not ours; see `OwnCookies.without`. */
  othersIn(cookie: string, user: SessionUser): string {
    const derived = this.#of(user);
    if (derived.cookie !== cookie) {
      derived.others = this.#cookies.without(cookie);
      derived.cookie = cookie;
    }
    return derived.others;
  }

  #of(user: SessionUser): Derived {
    const known = this.#derived.get(user);
    if (known !== undefined) return known;
    const made = {
      seed: seedOf(user.key),
      user: percentEncode(user.name),
      groups: user.groups.map(percentEncode).join(','),
      cookie: '',
      others: '',
    };
    this.#derived.set(user, made);
    return made;
  }
}
