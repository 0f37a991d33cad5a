import type { AdmittedSession } from '../access/index.ts';
import type { SessionUser } from '../sessions/index.ts';
import { seedOf } from './affinity.ts';
import type { Identity } from './outbound-headers.ts';
import { percentEncode } from './percent.ts';

/** What is derived from a user once and used for each of their requests. */
type Derived = { readonly seed: number; readonly user: string; readonly groups: string };

/** Remembers what is derived from users for as long as their sessions live. */
export class Identities {
  readonly #derived = new WeakMap<SessionUser, Derived>();

  /** What affinity goes by. */
  seedOf(user: SessionUser): number {
    return this.#of(user).seed;
  }

  identity(session: AdmittedSession, assertion: string): Identity {
    const { user, groups } = this.#of(session.user);
    return { user, groups, assertion };
  }

  #of(user: SessionUser): Derived {
    const known = this.#derived.get(user);
    if (known !== undefined) return known;
    const made = {
      seed: seedOf(user.key),
      user: percentEncode(user.name),
      groups: user.groups.map(percentEncode).join(','),
    };
    this.#derived.set(user, made);
    return made;
  }
}
