import { z } from 'zod';
import { failureShape, methodShape, moment, paging, searched, userKeyShape } from './people-shapes.ts';

export const groupRow = z.object({
  /** `<directory>:<name>`, for the calls about this group. */
  key: z.string(),
  /** As the list names it. */
  subject: z.string(),
  directory: z.string(),
  name: z.string(),
  /** Kept here: members can be changed, and it can be removed. */
  local: z.boolean(),
  createdAt: moment.optional(),
  entry: z
    .object({
      mode: z.enum(['enabled', 'exempt']),
      since: moment,
      method: methodShape.optional(),
      reason: z.string().optional(),
      until: moment.optional(),
    })
    .optional(),
});
export const groupsQuery = z.object({
  ...paging,
  q: searched.optional(),
  directory: z.string().max(32).optional(),
});
/** Local groups, then those of other directories that are on the list. */
export const groupsAnswer = z.object({ items: z.array(groupRow), next: z.string().optional() });
export const groupAnswer = groupRow.extend({
  /** Of local groups; at most 1,000 are counted. */
  members: z.int().optional(),
  moreMembers: z.boolean().optional(),
});
export const newGroupBody = z.strictObject({ name: z.string().min(1).max(64) });
export const membersQuery = z.object({ ...paging });
export const memberRow = z.object({
  key: userKeyShape,
  name: z.string(),
  displayName: z.string(),
  disabled: z.boolean(),
});
export const membersAnswer = z.object({ items: z.array(memberRow), next: z.string().optional() });
const keys = z.array(userKeyShape).max(200).default([]);
export const changeMembersBody = z.strictObject({ add: keys, remove: keys });
export const changedMembersAnswer = z.object({
  done: z.array(
    z.object({
      user: userKeyShape,
      name: z.string(),
      member: z.boolean(),
      /** Present where the group made the difference: whether two factors are asked of them now. */
      required: z.boolean().optional(),
    }),
  ),
  failed: z.array(failureShape),
});

export type GroupRow = z.infer<typeof groupRow>;
export type GroupsAnswer = z.infer<typeof groupsAnswer>;
export type GroupAnswer = z.infer<typeof groupAnswer>;
export type MemberRow = z.infer<typeof memberRow>;
