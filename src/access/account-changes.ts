import type { DirectoryUser, Factors } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { randomName } from '../random.ts';
import {
  draftApp,
  type MethodId,
  newRecoveryCodes,
  type OfferedMethod,
  recoveryCodesLeft,
} from '../second-factors/index.ts';
import type { SessionRecord } from '../sessions/index.ts';
import type { AccountDrafts } from './pending-account-changes.ts';
import { offeredMethods } from './sign-in-admit.ts';
import { knownDevice } from './sign-in-device.ts';
import { type AppSetup, newEnrolment, proveNewApp } from './sign-in-enrol.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import { applyToFactors, farCodeOf, originOf, proveCode, wrongCode } from './sign-in-prove.ts';

/** A code typed now: what a change to factors costs, since application pages may share the portal's origin. */
export type Proof = { readonly method: MethodId; readonly code: string };

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
    const { factors } = await this.#parts.factorStore.read(session.subscription, session.user.key);
    return {
      apps: factors.apps.map(({ id, label, digits, issuer, enrolledAt, lastUsedAt }) => ({
        id,
        label,
        digits,
        issuer,
        enrolledAt,
        ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
      })),
      recoveryCodes: { total: factors.recovery.length, left: recoveryCodesLeft(factors) },
      methods: offeredMethods(this.#parts, factors).filter(({ id }) => provesChanges(id)),
      canChangePassword: this.#parts.directories.canChangePassword(session.user.key),
    };
  }

  /** The key of a further app, for a code of one there is. */
  async beginApp(session: SessionRecord, proof: Proof, visitor: Visitor): Promise<AppSetup> {
    const { factors } = await this.#parts.factorStore.read(session.subscription, session.user.key);
    if (factors.apps.length >= mostApps) throw new GatewayError('not-allowed');
    const user = await this.#prove(session, proof, visitor);
    const { random, settings } = this.#parts;
    const draft = draftApp(random, randomName(random), user.name, settings.current(session.subscription));
    await this.#drafts.put(session, draft);
    this.#record('enrolment.started', user, visitor);
    return { uri: draft.uri, secret: draft.secret, digits: draft.digits };
  }

  /** Adds the further app, proven by its own code. Rejects with `wrong-step` when none was begun. */
  async confirmApp(
    session: SessionRecord,
    proof: { readonly code: string; readonly label?: string },
    visitor: Visitor,
  ): Promise<{ readonly status: 'added'; readonly id: string } | { readonly status: 'confirm-drift' }> {
    const user = await this.#user(session);
    const draft = await this.#drafts.find(session);
    if (draft === undefined) throw new GatewayError('wrong-step');
    const prover = { user, visitor, candidates: draft.far?.candidates ?? [], afterPassword: false };
    const proven = await proveNewApp(this.#parts, prover, draft, proof.code);
    if (proven.result === 'far') {
      await this.#drafts.rememberFar(session, draft.id, farCodeOf(proven));
      return { status: 'confirm-drift' };
    }
    if (!(await this.#drafts.consume(session))) throw new GatewayError('wrong-step');
    const app = newEnrolment(this.#parts, user.key, draft, proven.drift, proof.label);
    // Without another app left the user was reset meanwhile: then enrolling is a matter of signing in.
    const added = await applyToFactors(this.#parts, user.key, (factors) =>
      factors.apps.length === 0 || factors.apps.length >= mostApps
        ? undefined
        : { ...factors, apps: [...factors.apps, app] },
    );
    if (!added) throw new GatewayError('wrong-step');
    // Only this try is taken back: a code of a key that the user was just shown proves nothing about them.
    await proven.attempt.release();
    this.#record('enrolment.confirmed', user, visitor);
    return { status: 'added', id: app.id };
  }

  /** Rejects with `not-found` or `last-factor`. */
  async removeFactor(session: SessionRecord, id: string, proof: Proof, visitor: Visitor): Promise<void> {
    const { factors } = await this.#parts.factorStore.read(session.subscription, session.user.key);
    removable(factors, id);
    const user = await this.#prove(session, proof, visitor);
    await applyToFactors(this.#parts, user.key, (current) => removable(current, id));
    this.#parts.audit.record({ type: 'factor.removed', method: 'app', ...this.#who(user, visitor) });
  }

  /** New recovery codes, shown once; the old ones are void. */
  async renewRecoveryCodes(
    session: SessionRecord,
    proof: Proof,
    visitor: Visitor,
  ): Promise<readonly string[]> {
    const user = await this.#prove(session, proof, visitor);
    const { codes, stored } = newRecoveryCodes(this.#parts.random, user.key);
    const saved = await applyToFactors(this.#parts, user.key, (factors) =>
      factors.apps.length === 0 ? undefined : { ...factors, recovery: stored },
    );
    if (!saved) throw new GatewayError('conflict');
    this.#parts.audit.record({ type: 'recovery.regenerated', ...this.#who(user, visitor) });
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
    const { directories, throttle, audit } = this.#parts;
    const user = await this.#user(session);
    if (!directories.canChangePassword(user.key)) throw new GatewayError('method-not-available');
    const owner = { subscription: session.subscription, user: user.key };
    const attempt = await throttle.countPassword({
      subscription: session.subscription,
      subject: user.key,
      origin: originOf(visitor),
      device: await knownDevice(this.#parts, user.key, visitor),
    });
    try {
      await directories.changePassword(user.key, current, next);
    } catch (error) {
      const wrong = error instanceof GatewayError && error.code === 'wrong-password';
      await (wrong ? attempt.failed() : attempt.release());
      throw error;
    }
    await attempt.succeeded();
    audit.record({ type: 'password.changed', ...this.#who(user, visitor) });
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

  async #user(session: SessionRecord): Promise<DirectoryUser> {
    const user = await this.#parts.directories.find(session.user.key);
    if (user === undefined || user.disabled) throw new GatewayError('account-disabled');
    return user;
  }

  /** A far code is just wrong here: whoever signed in has shown their clock already. */
  async #prove(session: SessionRecord, proof: Proof, visitor: Visitor): Promise<DirectoryUser> {
    if (!provesChanges(proof.method)) throw new GatewayError('method-not-available');
    const user = await this.#user(session);
    const prover = { user, visitor, candidates: [], afterPassword: false };
    const proven = await proveCode(this.#parts, prover, proof);
    if (proven.result === 'far') {
      throw wrongCode(proven.attempt);
    }
    await proven.attempt.succeeded();
    return user;
  }

  #who(user: DirectoryUser, visitor: Visitor) {
    return { user: user.key, name: user.name, actor: user.key, origin: originOf(visitor) };
  }

  #record(type: 'enrolment.started' | 'enrolment.confirmed', user: DirectoryUser, visitor: Visitor): void {
    const { actor, ...who } = this.#who(user, visitor);
    this.#parts.audit.record({ type, method: 'app', ...who });
  }
}

/** The helpdesk's code lets its user in, and nobody make a factor of their own out of it (decision 0025). */
const provesChanges = (method: MethodId): boolean => method !== 'bypass';

function removable(factors: Factors, id: string): Factors {
  if (!factors.apps.some((app) => app.id === id)) throw new GatewayError('not-found');
  if (factors.apps.length === 1) throw new GatewayError('last-factor');
  return { ...factors, apps: factors.apps.filter((app) => app.id !== id) };
}
