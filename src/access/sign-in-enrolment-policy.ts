import type { Factors, Obligation } from '../accounts/index.ts';
import type { ProblemCode } from '../errors.ts';
import type { Settings } from '../settings/index.ts';

const day = 86_400_000;

/** Why a user may not enrol now, or undefined when they may (product section 4, setting *Enrolment*). */
export function enrolmentRefusal(question: {
  readonly policy: Settings['enrolment'];
  readonly obligation: Obligation;
  readonly factors: Factors;
  /** Hash of the ticket that was shown. */
  readonly ticket: string | undefined;
  /** Unix milliseconds. */
  readonly now: number;
}): ProblemCode | undefined {
  const { policy, obligation, factors, ticket, now } = question;
  if (factors.ticketHash !== undefined) {
    return factors.ticketHash === ticket ? undefined : 'ticket-required';
  }
  if (policy === 'open') return undefined;
  if (policy === 'ticket') return 'ticket-required';
  const since = obligation.required ? obligation.since : now;
  return now < since + policy.days * day ? undefined : 'enrolment-closed';
}
