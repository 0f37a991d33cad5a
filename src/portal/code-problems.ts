import type { ProblemCode } from '../errors.ts';

/** What a call that takes a code says of the code itself. Besides, any of them may be `locked`. */
export const codeProblems = [
  'code-malformed',
  'wrong-code',
  'code-already-used',
  'code-expired',
  'too-many-requests',
] as const satisfies readonly ProblemCode[];
