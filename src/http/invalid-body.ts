import type { z } from 'zod';
import { GatewayError } from '../errors.ts';

/** A body that its schema refuses: which field breaks which rule, never what was in it. */
export class InvalidBody extends GatewayError {
  constructor(error: z.ZodError) {
    super('invalid-request', {
      issues: error.issues.slice(0, 16).map(({ path, code }) => ({ path: path.join('.'), rule: code })),
    });
  }
}
