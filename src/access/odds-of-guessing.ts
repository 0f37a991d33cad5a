import { codeRule, waitAfter } from './throttle-arithmetic.ts';

/** What the odds depend on: settings of a subscription, steps of 30 s. */
export type OddsRules = {
  readonly digits: number;
  readonly discrepancy: number;
  readonly driftTolerance: number;
  /** Without `app`, codes are sent ones: one at a time, and no clock to allow for. */
  readonly methods: readonly string[];
};

/** Probabilities from 0 to 1, and how many codes somebody gets to try. */
export type GuessingOdds = {
  /** Steps whose code is accepted by itself at any moment. */
  readonly chances: number;
  /** Within 24 hours. */
  readonly day: { readonly tries: number; readonly probability: number };
  /** Within 30 days, if the count is never set back: it shuts at a hundred wrong codes. */
  readonly month: { readonly tries: number; readonly probability: number };
  /** Within 30 days, if the count is set back once a day: by an administrator, or by a right code on an unknown device. */
  readonly monthSetBack: { readonly tries: number; readonly probability: number };
};

const step = 30_000;
const day = 86_400_000;
const days = 30;
/** A second code proves a far one when it comes one to three steps later, at the same drift ± 1. */
const followers = 3;
/** Steps after a far code in which a follower of it can still be typed. */
const reach = 4;

/**
 * The odds that somebody who has the password, and nothing else, guesses a code under the lockout rules of product
 * section 6: they never miss a moment at which a try is allowed, never repeat a guess while it could still be right,
 * and nobody does anything about it, although the user and the administrators are told after five wrong codes.
 *
 * The mathematics, rounded against us wherever it is rounded:
 * - One guess is the code of one time step with q = ⌈2³¹ / 10^digits⌉ / 2³¹: HOTP takes 31 bits modulo 10^digits (RFC
 *   4226 section 5.3), so that some codes are a little likelier, and from the tenth digit on more digits add nothing.
 *   Codes that are sent are truly even: q = 10^-digits.
 * - A code is accepted by itself for w = 2·min(discrepancy, tolerance) + 1 steps; for a sent code w = 1.
 * - Guesses that differ exclude each other within a step, and steps are independent: with nₛ guesses while step s was
 *   acceptable, all fail with the probability Π (1 - nₛ·q) over every step s. A sent code is another one each time that
 *   five tries have voided it; counting all of them against one code errs on the attacker's side.
 * - A far code asks for the next one: a try within four steps of earlier tries also succeeds when one of those hit one
 *   of the far 2·discrepancy + 1 - w steps and this one hits one of at most three that would confirm it.
 *
 * What it leaves out: recovery codes (60 bits), a helpdesk's code while there is one, a second app of the same user
 * (twice the chances), and tries on a device that is already known, which is the user's own.
 */
export function oddsOfGuessing(rules: OddsRules): GuessingOdds {
  const app = rules.methods.includes('app');
  const one = app ? Math.ceil(2 ** 31 / 10 ** rules.digits) / 2 ** 31 : 10 ** -rules.digits;
  const near = app ? Math.min(rules.discrepancy, rules.driftTolerance) : 0;
  const far = app ? 2 * (rules.discrepancy - near) : 0;
  const chances = { one, near, far };
  const daily = momentsOfTries(day);
  const undisturbed = momentsOfTries(days * day);
  const setBack = Array.from({ length: days }, (_, index) => daily.map((at) => at + index * day)).flat();
  return {
    chances: 2 * near + 1,
    day: { tries: daily.length, probability: success(daily, chances) },
    month: { tries: undisturbed.length, probability: success(undisturbed, chances) },
    monthSetBack: { tries: setBack.length, probability: success(setBack, chances) },
  };
}

/** When tries are allowed within `span` milliseconds, beginning with an empty count. */
function momentsOfTries(span: number): number[] {
  const moments: number[] = [];
  for (let at = 0; at < span; ) {
    moments.push(at);
    at += waitAfter(codeRule, moments.length);
  }
  return moments;
}

function success(
  moments: readonly number[],
  { one, near, far }: { readonly one: number; readonly near: number; readonly far: number },
): number {
  const steps = moments.map((at) => Math.floor(at / step));
  // In logarithms, or twelve digits would drown in the rounding of numbers near 1.
  let failing = 0;
  const last = (steps.at(-1) ?? 0) + near;
  let from = 0;
  let to = 0;
  for (let each = -near; each <= last; each += 1) {
    while (to < steps.length && (steps[to] ?? 0) - near <= each) to += 1;
    while (from < to && (steps[from] ?? 0) + near < each) from += 1;
    failing += Math.log1p(-Math.min(1, (to - from) * one));
  }
  for (const [index, at] of steps.entries()) {
    const earlier = steps.slice(0, index).filter((before) => at - before <= reach).length;
    const asked = -Math.expm1(earlier * far * Math.log1p(-one));
    const confirmed = -Math.expm1(followers * Math.log1p(-one));
    failing += Math.log1p(-asked * confirmed);
  }
  return -Math.expm1(failing);
}
