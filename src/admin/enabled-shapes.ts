import { z } from 'zod';
import {
  confirmShape,
  failureShape,
  methodShape,
  moment,
  paging,
  searched,
  subjectShape,
  subjectsShape,
  warningShape,
} from './people-shapes.ts';

export const entryShape = z.object({
  subject: subjectShape,
  kind: z.enum(['everyone', 'user', 'group']),
  /** Of users: their key, for the calls about users. */
  user: z.string().optional(),
  directory: z.string().optional(),
  /** Empty for everyone. */
  name: z.string(),
  displayName: z.string().optional(),
  mode: z.enum(['enabled', 'exempt']),
  since: moment,
  method: methodShape.optional(),
  /** Masked. */
  phoneHint: z.string().optional(),
  emailHint: z.string().optional(),
  /** Of exemptions. */
  reason: z.string().optional(),
  until: moment.optional(),
  /** The exemption is over: they count as enabled again. */
  over: z.boolean(),
});
export const enabledQuery = z.object({
  ...paging,
  q: searched.optional(),
  kind: z.enum(['user', 'group']).optional(),
  mode: z.enum(['enabled', 'exempt']).optional(),
});
/** *Everyone* comes first where it is on the list. */
export const enabledAnswer = z.object({ items: z.array(entryShape), next: z.string().optional() });

/** `phone` and `email` in full only for whoever may change them. */
export const entryAnswer = entryShape.extend({
  phone: z.string().optional(),
  email: z.string().optional(),
  warnings: z.array(warningShape),
});

/** What is left out stays as it was; an empty text takes a number or address away. */
const enabling = {
  mode: z.literal('enabled'),
  /** `default`: none of their own, so the group's, and else the app. */
  method: z.enum(['app', 'sms', 'email', 'default']).optional(),
  /** In international format; only of users. */
  phone: z.string().max(40).optional(),
  email: z.string().max(254).optional(),
} as const;
const exempting = {
  mode: z.literal('exempt'),
  reason: z.string().trim().min(1).max(200),
  until: moment,
} as const;

export const changeEntryBody = z.discriminatedUnion('mode', [
  z.strictObject(enabling),
  z.strictObject(exempting),
]);
/** Several at once; a number or address only for a single user. */
export const addEntriesBody = z.discriminatedUnion('mode', [
  z.strictObject({ subjects: subjectsShape, ...enabling }),
  z.strictObject({ subjects: subjectsShape, ...exempting }),
]);
export const addedEntriesAnswer = z.object({
  done: z.array(entryShape),
  failed: z.array(failureShape),
  warnings: z.array(warningShape),
});

export const previewEntriesBody = z.strictObject({
  change: z.enum(['enable', 'exempt', 'remove']),
  subjects: subjectsShape,
});
export const removeEntriesBody = z.strictObject({ subjects: subjectsShape, confirm: confirmShape });
export const removedEntriesAnswer = z.object({
  done: z.array(
    z.object({
      subject: subjectShape,
      name: z.string(),
      /** Users who lost what they had enrolled, which is kept for the undoing. */
      left: z.int(),
    }),
  ),
  failed: z.array(failureShape),
  undoUntil: moment,
});
export const undoEntriesBody = z.strictObject({ subjects: subjectsShape });
export const undoneEntriesAnswer = z.object({
  done: z.array(
    z.object({
      subject: subjectShape,
      name: z.string(),
      /** Users who got back what they had enrolled. */
      restored: z.int(),
    }),
  ),
  failed: z.array(failureShape),
});
/** What left the list within the last seven days and can be put back. */
export const removedQuery = z.object({ ...paging });
export const removedAnswer = z.object({
  items: z.array(
    z.object({
      subject: subjectShape,
      kind: z.enum(['everyone', 'user', 'group']),
      name: z.string(),
      mode: z.enum(['enabled', 'exempt']),
      undoUntil: moment,
    }),
  ),
  next: z.string().optional(),
});

export type EntryRow = z.infer<typeof entryShape>;
export type EntryAnswer = z.infer<typeof entryAnswer>;
export type ChangeEntryBody = z.infer<typeof changeEntryBody>;
export type AddEntriesBody = z.infer<typeof addEntriesBody>;
export type AddedEntriesAnswer = z.infer<typeof addedEntriesAnswer>;
export type RemovedEntriesAnswer = z.infer<typeof removedEntriesAnswer>;
export type RemovedAnswer = z.infer<typeof removedAnswer>;
