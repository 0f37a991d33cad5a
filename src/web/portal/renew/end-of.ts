import type { OwnSessionAnswer } from '../../../portal/index.ts';

/** The end by this device's clock, whatever it shows: the answer's seconds count, not its moment. */
export const endOf = (renewal: OwnSessionAnswer['renewal'], now: Date): Date =>
  new Date(now.getTime() + (renewal?.remaining ?? 0) * 1000);
