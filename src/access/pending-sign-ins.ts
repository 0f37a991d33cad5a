import type { Clock } from '../clock.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import type { DriftCandidate } from '../second-factors/index.ts';
import { changeDocument, type Document, isConflict, type Store } from '../storage/index.ts';
import type { AddressTry } from './throttle.ts';

/** An app that no code has proven yet; its secret is sealed to the pending record. */
export type SealedDraft = {
  readonly id: string;
  readonly sealedSecret: string;
  readonly digits: number;
  readonly issuer: string;
};

/** A far code seen in this sign-in: what the next one has to confirm, and the try to give back then. */
export type FarCode = { readonly candidates: readonly DriftCandidate[]; readonly address?: AddressTry };

/** What was proven before the last step, a forced password change. */
export type ProvenSoFar = {
  readonly amr: readonly string[];
  readonly clockOffset?: number;
  /** Enrolled just now: the recovery codes are still to be shown. */
  readonly enrolled?: boolean;
};

export type PendingStage = 'verify' | 'enrol' | 'change-password' | 'terms';

/** Between the right password and the session. Keyed `subscription/user key/id`. */
export type PendingSignIn = {
  readonly id: string;
  readonly subscription: string;
  /** The user key. */
  readonly user: string;
  readonly stage: PendingStage;
  readonly startedAt: number;
  readonly shared: boolean;
  readonly mustChangePassword: boolean;
  readonly returnTo?: string;
  /** Enrolments there were at the start: when none of them is left, somebody has reset the user meanwhile. */
  readonly enrolments: readonly string[];
  readonly far?: FarCode;
  readonly draft?: SealedDraft;
  /** Hash of the enrolment ticket that was shown. */
  readonly ticket?: string;
  /** Hash of the owner or recovery ticket that began this sign-in. */
  readonly ownerTicket?: string;
  readonly proven?: ProvenSoFar;
  /** Unix milliseconds: the last code that was sent is good until then, and so is the sign-in. */
  readonly codeUntil?: number;
  /** Why nothing lets this account in: told once the second factor is proven as well, and never a session. */
  readonly barred?: ProblemCode;
};

export type PendingDocument = { readonly value: PendingSignIn; readonly version: number };

const collection = 'pending';
/** 10 minutes. */
export const pendingLifetime = 600_000;
/**
 * 60 minutes, in which codes can be sent. Each keeps the sign-in alive: without an end somebody could go on for ever
 * with a password that was changed in its directory long ago.
 */
const sendingLifetime = 3_600_000;

/** Sign-ins that have passed the password and nothing else. Each can be consumed once. */
export class PendingSignIns {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(parts: { store: Store; clock: Clock; random: Random }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#random = parts.random;
  }

  async begin(pending: Omit<PendingSignIn, 'id' | 'startedAt'>): Promise<PendingSignIn> {
    const begun = { ...pending, id: randomName(this.#random), startedAt: this.#clock.now() };
    await this.#store.put(collection, keyOf(begun), begun, {
      ifVersion: 'absent',
      expiresAt: expiryOf(begun),
    });
    return begun;
  }

  async find(reference: {
    subscription: string;
    user: string;
    id: string;
  }): Promise<PendingDocument | undefined> {
    const found: Document<PendingSignIn> | undefined = await this.#store.get<PendingSignIn>(
      collection,
      keyOf(reference),
    );
    return found;
  }

  /** Changes a pending sign-in that nobody else has changed meanwhile; rejects with `wrong-step` otherwise. */
  async update(pending: PendingDocument, value: PendingSignIn): Promise<PendingDocument> {
    try {
      const version = await this.#store.put(collection, keyOf(value), value, {
        ifVersion: pending.version,
        expiresAt: expiryOf(value),
      });
      return { value, version };
    } catch (error) {
      if (isConflict(error)) throw new GatewayError('wrong-step', { cause: error });
      throw error;
    }
  }

  /** Remembers a far code, whatever else happens to the record; nothing when it is gone. */
  async rememberFar(pending: PendingSignIn, far: FarCode): Promise<void> {
    for (;;) {
      const found = await this.find(pending);
      if (found === undefined) return;
      try {
        await this.#store.put(
          collection,
          keyOf(pending),
          { ...found.value, far },
          { ifVersion: found.version, expiresAt: expiryOf(found.value) },
        );
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  }

  /** Rejects with `sign-in-expired` when it began too long ago for another code. */
  requireSending({ startedAt }: PendingSignIn): void {
    if (this.#clock.now() >= startedAt + sendingLifetime) throw new GatewayError('sign-in-expired');
  }

  /** Keeps it for as long as a code that was sent is good. Undefined when it is gone. */
  async keepUntil(pending: PendingSignIn, codeUntil: number): Promise<PendingSignIn | undefined> {
    return changeDocument<PendingSignIn>(this.#store, { collection, key: keyOf(pending) }, (found) => {
      if (found === undefined || expiryOf(found) >= codeUntil) return undefined;
      const value = { ...found, codeUntil };
      return { value, options: { expiresAt: expiryOf(value) } };
    });
  }

  /** Ends it. Of any number of callers exactly one gets true, and only that one may grant a session. */
  consume(pending: PendingSignIn): Promise<boolean> {
    return this.#store.delete(collection, keyOf(pending));
  }

  /**
   * Ends whatever this user, or somebody who knows their password, has begun: after a new password or a reset.
   * `except`: the id of the sign-in that brought it about.
   */
  async forgetAll(owner: { subscription: string; user: string }, except?: string): Promise<void> {
    const prefix = `${owner.subscription}/${owner.user}/`;
    let after: string | undefined;
    do {
      const page = await this.#store.list(collection, {
        prefix,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      for (const { key } of page.items) {
        if (key !== `${prefix}${except}`) await this.#store.delete(collection, key);
      }
      after = page.next;
    } while (after !== undefined);
  }

  /** The record that a draft's secret is sealed to. */
  record(pending: PendingSignIn): { collection: string; key: string } {
    return { collection, key: keyOf(pending) };
  }
}

/** Unix milliseconds. */
export const expiryOf = ({ startedAt, codeUntil = 0 }: PendingSignIn): number =>
  Math.max(startedAt + pendingLifetime, codeUntil);

const keyOf = ({ subscription, user, id }: { subscription: string; user: string; id: string }): string =>
  `${subscription}/${user}/${id}`;
