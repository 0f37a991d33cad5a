import { z } from 'zod';
import { failureShape, moment, paging, searched, userKeyShape, usersShape } from './people-shapes.ts';

const reason = z.string().trim().min(1).max(200);

/** A user who may connect with an RDP client without a code. */
export const whitelistRow = z.object({
  user: userKeyShape,
  directory: z.string(),
  name: z.string(),
  displayName: z.string().optional(),
  reason: z.string(),
  since: moment,
  /** Who put them there last, as the audit log names them. */
  by: z.string(),
  /** Absent: for good. */
  until: moment.optional(),
  /** Its time is over: it lets nobody in. */
  over: z.boolean(),
});
export const whitelistQuery = z.object({ ...paging, q: searched.optional() });
export const whitelistAnswer = z.object({ items: z.array(whitelistRow), next: z.string().optional() });
export const addWhitelistBody = z.strictObject({ users: usersShape, reason, until: moment.optional() });
export const changeWhitelistBody = z.strictObject({ reason, until: moment.optional() });
export const addedWhitelistAnswer = z.object({
  done: z.array(whitelistRow),
  failed: z.array(failureShape),
});
export const removeWhitelistBody = z.strictObject({ users: usersShape });
export const removedWhitelistAnswer = z.object({
  done: z.array(z.object({ user: userKeyShape, name: z.string() })),
  failed: z.array(failureShape),
});

export type WhitelistRow = z.infer<typeof whitelistRow>;
