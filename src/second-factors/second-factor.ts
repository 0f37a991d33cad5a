import type { Destinations, Factors } from '../accounts/index.ts';
import type { Settings } from '../settings/index.ts';

/** What a code can be: an app's, one that was sent, one from the printed list, or one from the helpdesk. */
export type MethodId = 'app' | 'sms' | 'email' | 'recovery' | 'bypass';

/** The two that are sent. */
export type SentMethod = Extract<MethodId, 'sms' | 'email'>;

/** A way to prove the second factor, as a person is offered it. */
export type OfferedMethod = {
  readonly id: MethodId;
  /** Where a sent code goes, masked. */
  readonly hint?: string;
  /** How many digits its codes have; absent when enrolments differ. */
  readonly digits?: number;
};

/** One time step of one enrolment, which may prove at most once. */
export type Claim = { readonly enrolment: string; readonly step: number };

/** A step that a far-off code matched, and the drift in steps that it would mean. */
export type DriftCandidate = Claim & { readonly drift: number };

/** What a second factor says of one typed code. It speaks of that credential only and changes nothing. */
export type Verdict =
  /** Not a guess: what is expected instead, in digits or characters. */
  | { readonly result: 'malformed'; readonly expected: number }
  | { readonly result: 'wrong' }
  /** There is no code that this could be: none was sent, or it has ended. Not a guess. */
  | { readonly result: 'void' }
  /** Right, but used before. `claims` are to be taken nevertheless; `nextIn`: seconds until there is another code. */
  | { readonly result: 'replayed'; readonly claims: readonly Claim[]; readonly nextIn?: number }
  /** Right, far from the learned drift: the next code must confirm it. `claims` must be taken before saying so. */
  | {
      readonly result: 'far';
      readonly claims: readonly Claim[];
      readonly candidates: readonly DriftCandidate[];
    }
  | {
      readonly result: 'accepted';
      readonly enrolment: string;
      /** Every one must be taken, and none may be lost to somebody else, or the verdict is `replayed`. */
      readonly claims: readonly Claim[];
      /** Pure: what the acceptance changes. Undefined when the credential is gone or used by now. */
      apply(factors: Factors): Factors | undefined;
      /** Steps; set when a drift beyond the tolerance was just proven. */
      readonly learnedDrift?: number;
    };

/** Whose code it is, as stored. */
export type Holder = {
  readonly subscription: string;
  /** The user key. */
  readonly user: string;
  readonly factors: Factors;
};

/** What offering a method depends on, besides what is enrolled. */
export type Offering = {
  readonly subscription: string;
  /** The user key. */
  readonly user: string;
  /** Where an administrator says that codes go. */
  readonly destinations: Destinations;
  /** How many digits a code has that is sent now. */
  readonly digits: number;
};

/** A code that was sent in this very procedure, and whose try has been counted. */
export type OpenSentCode = {
  readonly id: string;
  /** The enrolment it proves. */
  readonly enrolment: string;
  readonly digits: number;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** In constant time. */
  isRight(code: string): boolean;
};

export type TypedProof = Holder & {
  readonly code: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly settings: Settings;
  /** Of this very sign-in. */
  readonly candidates: readonly DriftCandidate[];
  /** Of methods that are sent: the code that was, while it is good. */
  readonly sent?: OpenSentCode | undefined;
  /** In the order asked: which of them are taken already. */
  claimed(claims: readonly Claim[]): Promise<readonly boolean[]>;
};

/** One method that can prove a user a second time. It neither counts tries nor creates sessions. */
export interface SecondFactor {
  readonly method: MethodId;
  /** Undefined when this user has nothing enrolled of this kind. */
  offer(factors: Factors, offering: Offering): OfferedMethod | undefined;
  /**
   * Whether the text can be a code at all, without looking at any secret; undefined when it can, otherwise what
   * is expected. Asked before a try is counted.
   */
  malformed(
    code: string,
    factors: Factors,
    sent?: { readonly digits: number },
  ): { readonly expected: number } | undefined;
  verify(typed: TypedProof): Promise<Verdict>;
}
