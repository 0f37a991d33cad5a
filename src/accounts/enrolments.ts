import type { Factors } from './account.ts';

/**
 * The ids of everything that a user has enrolled. Each enrolment has an id of its own, so that a reset with a new
 * enrolment behind it is not taken for the old state.
 */
export const enrolmentsOf = ({ apps, phone, email }: Factors): string[] =>
  [...apps, phone, email].flatMap((enrolment) => enrolment?.id ?? []);

/** Whether there is anything that a password alone must not replace. Recovery codes stand in for it; they are not it. */
export const isEnrolled = (factors: Factors): boolean => enrolmentsOf(factors).length > 0;
