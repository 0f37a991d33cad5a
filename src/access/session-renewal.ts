import type { DirectoryUser } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { MethodId, OfferedMethod, SentMethod } from '../second-factors/index.ts';
import {
  type IssuedToken,
  isPasswordOnly,
  referenceTo,
  type SessionRecord,
  type Sessions,
} from '../sessions/index.ts';
import type { Store } from '../storage/index.ts';
import { ownerOf } from './account-proof.ts';
import { isPasswordEnough } from './gate-user.ts';
import { inSubscription } from './in-subscription.ts';
import { type FarCode, pendingLifetime } from './pending-sign-ins.ts';
import { offeredMethods } from './sign-in-methods.ts';
import { obligationOf } from './sign-in-obligation.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import { farCodeOf, originOf, proveCode } from './sign-in-prove.ts';
import { type CodeSent, deliverCode, enrolledWish } from './sign-in-send.ts';

export type RenewalStep =
  | { readonly status: 'confirm-drift' }
  | {
      readonly status: 'renewed';
      readonly session: SessionRecord;
      /** For the portal's origin; the ones that other hosts have go on as well. */
      readonly issued: IssuedToken;
      /** Seconds the device is ahead, when a second code has just proven it. */
      readonly clockOffset?: number;
    };

/** Far codes stand beside pending sign-ins: what ends a user's procedures ends these too. */
const collection = 'pending';

/**
 * Proving the second factor anew in the middle of a session, without losing what is open (decision 0026). Refused
 * wherever signing in would be; what has ended stays ended.
 */
export class SessionRenewals {
  readonly #parts: SignInParts;
  readonly #sessions: Pick<Sessions, 'renew'>;
  readonly #store: Pick<Store, 'get' | 'put' | 'delete'>;

  constructor(
    parts: SignInParts,
    rooms: { sessions: Pick<Sessions, 'renew'>; store: Pick<Store, 'get' | 'put' | 'delete'> },
  ) {
    this.#parts = parts;
    this.#sessions = rooms.sessions;
    this.#store = rooms.store;
  }

  /** By which methods this session can be renewed now; none where it cannot. Rejects with `store-unavailable`. */
  async methods(session: SessionRecord): Promise<readonly OfferedMethod[]> {
    try {
      return await this.#offered(session, await this.#user(session));
    } catch (error) {
      if (error instanceof GatewayError && error.status === 403) return [];
      throw error;
    }
  }

  /** Sends a code that can renew this session and nothing else. Rejects as `renew`, and as sending in a sign-in. */
  async sendCode(session: SessionRecord, method: SentMethod, visitor: Visitor): Promise<CodeSent> {
    const parts = this.#of(session);
    const wish = await enrolledWish(parts, await this.#user(session), method);
    return deliverCode(parts, { ...wish, visitor, procedure: procedureOf(session) });
  }

  /**
   * Both clocks of the session begin anew when the code is right. Rejects with `not-allowed` for a password-only
   * session, `account-disabled`, `not-enabled`, `sign-in-expired` for one that has ended, and as `proveCode`.
   */
  async renew(
    session: SessionRecord,
    proof: { readonly method: MethodId; readonly code: string },
    visitor: Visitor,
  ): Promise<RenewalStep> {
    const parts = this.#of(session);
    const arrivedAt = parts.clock.now();
    const user = await this.#user(session);
    const far = await this.#far(session);
    const prover = {
      user,
      visitor,
      candidates: far?.candidates ?? [],
      afterPassword: false,
      procedure: procedureOf(session),
    };
    const proven = await proveCode(parts, prover, proof);
    if (proven.result === 'far') {
      await this.#rememberFar(session, farCodeOf(proven));
      return { status: 'confirm-drift' };
    }
    // Asked once more: whatever forbids a sign-in may have come about while the code was looked at.
    await this.#user(session);
    const amr = ['pwd', proven.amr];
    const renewal = await this.#sessions.renew(referenceTo(session), { amr, arrivedAt });
    await proven.attempt.succeeded();
    if (renewal.result === 'refused') throw new GatewayError('sign-in-expired');
    if (far !== undefined) await this.#store.delete(collection, keyOf(session));
    if (proven.clockOffset !== undefined && far?.address !== undefined) {
      await parts.throttle.takeBack(far.address);
    }
    const { method } = proof;
    const who = { user: user.key, name: user.name, session: session.id, method, origin: originOf(visitor) };
    parts.audit.record({ type: 'sign-in.factor', result: 'accepted', ...who });
    parts.audit.record({ type: 'session.renewed', ...who });
    const issued = await parts.tokens.issueSession(renewal.session, parts.origin());
    return {
      status: 'renewed',
      session: renewal.session,
      issued,
      ...(proven.clockOffset === undefined ? {} : { clockOffset: proven.clockOffset }),
    };
  }

  /** The user, if a sign-in of theirs could end in a session now. */
  async #user(session: SessionRecord): Promise<DirectoryUser> {
    const parts = this.#of(session);
    // There is no second factor to prove again: they sign in as before.
    if (isPasswordOnly(session)) throw new GatewayError('not-allowed');
    const user = await ownerOf(parts, session);
    const obligation = await obligationOf(parts, user, false);
    const { unlistedUsers } = parts.settings.current(parts.subscription);
    if (!obligation.required && !isPasswordEnough(obligation, unlistedUsers)) {
      throw new GatewayError('not-enabled');
    }
    return user;
  }

  async #offered(session: SessionRecord, user: DirectoryUser): Promise<readonly OfferedMethod[]> {
    const parts = this.#of(session);
    const { factors } = await parts.factorStore.read(parts.subscription, user.key);
    return offeredMethods(parts, user, factors);
  }

  #of(session: SessionRecord): SignInParts {
    return inSubscription(this.#parts, session.subscription);
  }

  async #far(session: SessionRecord): Promise<FarCode | undefined> {
    return (await this.#store.get<FarCode>(collection, keyOf(session)))?.value;
  }

  async #rememberFar(session: SessionRecord, far: FarCode): Promise<void> {
    const expiresAt = this.#parts.clock.now() + pendingLifetime;
    await this.#store.put(collection, keyOf(session), far, { expiresAt });
  }
}

/** A code that was sent for this is good for nothing else. */
const procedureOf = (session: SessionRecord): string => `renew-${session.id}`;

const keyOf = (session: SessionRecord): string =>
  `${session.subscription}/${session.user.key}/${procedureOf(session)}`;
