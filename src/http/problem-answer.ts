import { z } from 'zod';

/** RFC 9457, with what this API adds: `code` is stable, `title` and `detail` are for people. */
export const problemAnswer = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  triesLeft: z.int().optional(),
  retryAfter: z.int().optional().describe('Seconds'),
  issues: z
    .array(z.object({ path: z.string(), rule: z.string() }))
    .optional()
    .describe('What is wrong with the body'),
});

export type ProblemAnswer = z.infer<typeof problemAnswer>;
