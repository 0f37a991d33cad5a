import type { z } from 'zod';
import { GatewayError } from '../errors.ts';
import type { ProblemAnswer } from './problem-answer.ts';

/** A body that its schema refuses: which field breaks which rule, never what was in it. */
export class InvalidBody extends GatewayError {
  readonly issues: NonNullable<ProblemAnswer['issues']>;

  constructor(error: z.ZodError) {
    super('invalid-request');
    this.issues = error.issues.slice(0, 16).map(({ path, code }) => ({ path: path.join('.'), rule: code }));
  }
}
