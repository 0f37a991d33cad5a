import { z } from 'zod';
import { importColumns, importProblemCodes } from '../accounts/index.ts';
import { confirmShape, methodShape, warningShape } from './people-shapes.ts';

/** Longest file, in characters. */
export const longestImport = 8_000_000;

export const importBody = z.strictObject({
  /**
   * CSV with a heading: `directory, user, method, phone, email, secret, digits, issuer`; only `user` has to be there.
   * Separated by commas or semicolons, with or without a byte order mark.
   */
  csv: z.string().min(1).max(longestImport),
  /** True: says what would happen, and changes nothing. */
  dryRun: z.boolean(),
  confirm: confirmShape,
});

/** `line` counts from 1 and includes the heading. `text`: what is wrong and what to do, in the reader's language. */
export const importProblem = z.object({
  line: z.int(),
  column: z.enum(importColumns).optional(),
  code: z.enum(importProblemCodes),
  text: z.string(),
});
export const importChange = z.object({
  line: z.int(),
  user: z.string(),
  name: z.string(),
  /** Whether the user comes onto the list, or their entry changes, or stays as it is. */
  entry: z.enum(['added', 'changed', 'same']),
  method: methodShape.optional(),
  /** An authenticator key is taken over. */
  secret: z.boolean(),
});
export const importAnswer = z.object({
  /** False: a dry run, or problems: then nothing was changed at all. */
  applied: z.boolean(),
  /** Lines with a user. */
  lines: z.int(),
  added: z.int(),
  changed: z.int(),
  same: z.int(),
  /** Authenticator keys taken over. */
  secrets: z.int(),
  /** Of the first 200 lines. */
  changes: z.array(importChange),
  /** At most 200; `problemCount` is how many there are. */
  problems: z.array(importProblem),
  problemCount: z.int(),
  warnings: z.array(warningShape),
  /** Present: this number has to be typed, and sent as `confirm`. */
  confirm: z.int().optional(),
  /** Applied, and interrupted by a failure: lines up to this one are done; the same file can be imported again. */
  stoppedAt: z.int().optional(),
});
/** `csv` or `json`: who is listed or enrolled, without any secret. Cells that a spreadsheet takes for formulas are defused. */
export const exportQuery = z.object({ format: z.enum(['csv', 'json']).default('csv') });

export type ImportAnswer = z.infer<typeof importAnswer>;
