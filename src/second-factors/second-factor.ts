import type { Factors } from '../accounts/index.ts';

/** What a second factor says of one typed code. It speaks of that credential only and changes nothing. */
export type Verdict =
  | { readonly result: 'malformed' /** Digits expected. */; readonly expected: number }
  | { readonly result: 'wrong' }
  /** Right, but claimed before. */
  | {
      readonly result: 'replayed' /** Seconds until the device shows another code. */;
      readonly nextIn: number;
    }
  /** Right, far from the learned drift: the next code must confirm it. `claims` must be taken. */
  | {
      readonly result: 'far';
      readonly enrolment: string;
      readonly claims: readonly number[];
      readonly candidates: readonly DriftCandidate[];
    }
  | {
      readonly result: 'accepted';
      readonly enrolment: string;
      readonly claims: readonly number[];
      readonly factors: Factors /** Steps; set when a drift beyond the tolerance was just proven. */;
      readonly learnedDrift?: number;
    };

/** A step a far-off code matched, and the drift that would mean. */
export type DriftCandidate = { readonly enrolment: string; readonly step: number; readonly drift: number };
