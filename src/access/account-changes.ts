import { type DirectoryUser, type Factors, isEnrolled } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { randomName } from '../random.ts';
import {
  draftApp,
  newRecoveryCodes,
  type OfferedMethod,
  recoveryCodesLeft,
  type SentMethod,
  withSentEnrolment,
} from '../second-factors/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import type { SecondFactorMethod } from '../settings/index.ts';
import { ownerOf, type Proof, proveOwner, provingMethods, sendProvingCode } from './account-proof.ts';
import {
  addableMethods,
  addSent,
  confirmAddedSent,
  type OwnDestination,
  ownDestination,
  resendSent,
  type SentWish,
} from './account-sent-factors.ts';
import { changePasswordOf } from './change-password.ts';
import { inSubscription } from './in-subscription.ts';
import type { AccountDrafts } from './pending-account-changes.ts';
import { type AppSetup, newEnrolment, proveNewApp } from './sign-in-enrol.ts';
import { enrollableMethods } from './sign-in-methods.ts';
import { obligationOf } from './sign-in-obligation.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import { applyToFactors, farCodeOf, originOf } from './sign-in-prove.ts';
import type { CodeSent } from './sign-in-send.ts';

export type OwnApp = {
  readonly id: string;
  readonly label: string;
  readonly digits: number;
  readonly issuer: string;
  /** Unix milliseconds. */
  readonly enrolledAt: number;
  readonly lastUsedAt?: number;
};

export type OwnFactors = {
  readonly apps: readonly OwnApp[];
  readonly phone?: OwnDestination;
  readonly email?: OwnDestination;
  /** What can be added, or put in the place of what there is. */
  readonly addable: readonly OfferedMethod[];
  readonly recoveryCodes: { readonly total: number; readonly left: number };
  /** What can prove a change now. */
  readonly methods: readonly OfferedMethod[];
  readonly canChangePassword: boolean;
};

/** Each app is one more to guess, and one more window to compute for a wrong code. */
const mostApps = 10;

/** What a signed-in user may change of their own account, throttled by the same counts as signing in. */
export class AccountChanges {
  readonly #parts: SignInParts;
  readonly #drafts: AccountDrafts;

  constructor(parts: SignInParts, drafts: AccountDrafts) {
    this.#parts = parts;
    this.#drafts = drafts;
  }

  async factors(session: SessionRecord): Promise<OwnFactors> {
    const parts = this.#of(session);
    const user = await ownerOf(parts, session);
    const { factors } = await parts.factorStore.read(session.subscription, user.key);
    const phone = await ownDestination(parts, user, factors, 'sms');
    const email = await ownDestination(parts, user, factors, 'email');
    return {
      apps: factors.apps.map(({ id, label, digits, issuer, enrolledAt, lastUsedAt }) => ({
        id,
        label,
        digits,
        issuer,
        enrolledAt,
        ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
      })),
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
      addable: (await addableMethods(parts, user, factors)).filter(
        ({ id }) => id !== 'app' || factors.apps.length < mostApps,
      ),
      recoveryCodes: { total: factors.recovery.length, left: recoveryCodesLeft(factors) },
      methods: await provingMethods(parts, user),
      canChangePassword: parts.directories.canChangePassword(session.user.key),
    };
  }

  /** The key of a further app, for a code of one there is. */
  async beginApp(session: SessionRecord, proof: Proof, visitor: Visitor): Promise<AppSetup> {
    const parts = this.#of(session);
    const { factors } = await parts.factorStore.read(session.subscription, session.user.key);
    if (factors.apps.length >= mostApps) throw new GatewayError('not-allowed');
    const enrollable = await enrollableMethods(parts, await ownerOf(parts, session));
    if (!enrollable.some(({ id }) => id === 'app')) throw new GatewayError('method-not-available');
    const user = await proveOwner(parts, session, proof, visitor);
    const { random, settings } = parts;
    const draft = draftApp(random, randomName(random), user.name, settings.current(session.subscription));
    await this.#drafts.put(session, draft);
    this.#record(parts, 'enrolment.started', user, visitor);
    return { uri: draft.uri, secret: draft.secret, digits: draft.digits };
  }

  /** Adds the further app, proven by its own code. Rejects with `wrong-step` when none was begun. */
  async confirmApp(
    session: SessionRecord,
    proof: { readonly code: string; readonly label?: string },
    visitor: Visitor,
  ): Promise<{ readonly status: 'added'; readonly id: string } | { readonly status: 'confirm-drift' }> {
    const parts = this.#of(session);
    const user = await ownerOf(parts, session);
    const draft = await this.#drafts.find(session);
    if (draft === undefined) throw new GatewayError('wrong-step');
    const prover = { user, visitor, candidates: draft.far?.candidates ?? [], afterPassword: false };
    const proven = await proveNewApp(parts, prover, draft, proof.code);
    if (proven.result === 'far') {
      await this.#drafts.rememberFar(session, draft.id, farCodeOf(proven));
      return { status: 'confirm-drift' };
    }
    if (!(await this.#drafts.consume(session))) throw new GatewayError('wrong-step');
    const app = newEnrolment(parts, user.key, draft, proven.drift, proof.label);
    // Without another factor left the user was reset meanwhile: then enrolling is a matter of signing in.
    const added = await applyToFactors(parts, user.key, (factors) =>
      !isEnrolled(factors) || factors.apps.length >= mostApps
        ? undefined
        : { ...factors, apps: [...factors.apps, app] },
    );
    if (!added) throw new GatewayError('wrong-step');
    // Only this try is taken back: a code of a key that the user was just shown proves nothing about them.
    await proven.attempt.release();
    this.#record(parts, 'enrolment.confirmed', user, visitor);
    return { status: 'added', id: app.id };
  }

  /** Sends a code that can prove a change. Rejects with `method-not-available`, and as signing in does. */
  sendCode(session: SessionRecord, method: SentMethod, visitor: Visitor): Promise<CodeSent> {
    return sendProvingCode(this.#of(session), session, method, visitor);
  }

  /** Sends a code to a number or address that is to be added, for a code of something enrolled. */
  beginSent(session: SessionRecord, wish: SentWish, proof: Proof, visitor: Visitor): Promise<CodeSent> {
    return addSent(this.#of(session), this.#drafts, session, wish, proof, visitor);
  }

  /** Another code to the same place. Rejects with `wrong-step` when none was begun. */
  resendSent(session: SessionRecord, method: SentMethod, visitor: Visitor): Promise<CodeSent> {
    return resendSent(this.#of(session), this.#drafts, session, method, visitor);
  }

  /** Adds the number or address, proven by its own code. Rejects with `wrong-step` when none was begun. */
  confirmSent(
    session: SessionRecord,
    proof: { readonly method: SentMethod; readonly code: string },
    visitor: Visitor,
  ): Promise<{ readonly status: 'added'; readonly id: string }> {
    return confirmAddedSent(this.#of(session), this.#drafts, session, proof, visitor);
  }

  /** Rejects with `not-found`, or `last-factor` for the only one of a user who needs one. */
  async removeFactor(session: SessionRecord, id: string, proof: Proof, visitor: Visitor): Promise<void> {
    const parts = this.#of(session);
    const { factors } = await parts.factorStore.read(session.subscription, session.user.key);
    const { required } = await obligationOf(parts, await ownerOf(parts, session), false);
    removable(factors, id, required);
    const user = await proveOwner(parts, session, proof, visitor);
    await applyToFactors(parts, user.key, (current) => removable(current, id, required));
    const method = methodOf(factors, id);
    parts.audit.record({ type: 'factor.removed', method, ...this.#who(user, visitor) });
  }

  /** New recovery codes, shown once; the old ones are void. */
  async renewRecoveryCodes(
    session: SessionRecord,
    proof: Proof,
    visitor: Visitor,
  ): Promise<readonly string[]> {
    const parts = this.#of(session);
    const user = await proveOwner(parts, session, proof, visitor);
    const { codes, stored } = newRecoveryCodes(parts.random, user.key);
    const saved = await applyToFactors(parts, user.key, (factors) =>
      isEnrolled(factors) ? { ...factors, recovery: stored } : undefined,
    );
    if (!saved) throw new GatewayError('conflict');
    parts.audit.record({ type: 'recovery.regenerated', ...this.#who(user, visitor) });
    return codes;
  }

  /**
   * Forgets known devices and ends all other sessions. Rejects with `wrong-password`, `password-too-weak`,
   * `password-unchanged`, `locked`, and `method-not-available` where passwords are changed elsewhere.
   */
  async changePassword(
    session: SessionRecord,
    current: string,
    next: string,
    visitor: Visitor,
  ): Promise<void> {
    const parts = this.#of(session);
    const user = await ownerOf(parts, session);
    const owner = { subscription: session.subscription, user: user.key };
    await changePasswordOf(parts, user, { current, next }, visitor);
    parts.audit.record({ type: 'password.changed', ...this.#who(user, visitor) });
    await this.#parts.devices.forgetAll(owner);
    await this.#parts.pendings.forgetAll(owner);
    await this.#parts.sessions.revokeAll(
      owner,
      { reason: 'password-changed', actor: user.key },
      (each) => each.id !== session.id,
    );
  }

  /** *Sign out everywhere*: every session, this one included, and every known device. */
  async signOutEverywhere(session: SessionRecord): Promise<void> {
    const owner = { subscription: session.subscription, user: session.user.key };
    await this.#parts.devices.forgetAll(owner);
    await this.#parts.pendings.forgetAll(owner);
    await this.#parts.sessions.revokeAll(owner, { reason: 'sign-out-everywhere', actor: session.user.key });
  }

  #who(user: DirectoryUser, visitor: Visitor) {
    return { user: user.key, name: user.name, actor: user.key, origin: originOf(visitor) };
  }

  #of(session: SessionRecord): SignInParts {
    return inSubscription(this.#parts, session.subscription);
  }

  #record(
    parts: SignInParts,
    type: 'enrolment.started' | 'enrolment.confirmed',
    user: DirectoryUser,
    visitor: Visitor,
  ): void {
    const { actor, ...who } = this.#who(user, visitor);
    parts.audit.record({ type, method: 'app', ...who });
  }
}

function removable(factors: Factors, id: string, obliged: boolean): Factors {
  const left = withoutEnrolment(factors, id);
  if (left === undefined) throw new GatewayError('not-found');
  if (isEnrolled(left)) return left;
  if (obliged) throw new GatewayError('last-factor');
  // What stands in for a second factor goes with the last one.
  const { bypass, ...kept } = left;
  void bypass;
  return { ...kept, recovery: [] };
}

function withoutEnrolment(factors: Factors, id: string): Factors | undefined {
  if (factors.phone?.id === id) return withSentEnrolment(factors, 'sms', undefined);
  if (factors.email?.id === id) return withSentEnrolment(factors, 'email', undefined);
  const apps = factors.apps.filter((app) => app.id !== id);
  return apps.length === factors.apps.length ? undefined : { ...factors, apps };
}

function methodOf(factors: Factors, id: string): SecondFactorMethod {
  if (factors.phone?.id === id) return 'sms';
  return factors.email?.id === id ? 'email' : 'app';
}
