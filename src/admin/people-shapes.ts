import { z } from 'zod';

/** Shapes that the calls about users, groups and the list of who is enabled have in common. */

export const moment = z.iso.datetime().describe('UTC, RFC 3339');
export const methodShape = z.enum(['app', 'sms', 'email']);
/** `directory:id`; the id is the directory's immutable one. */
export const userKeyShape = z
  .string()
  .max(300)
  .regex(/^[a-z0-9-]{1,32}:[^/\p{Cc}]{1,256}$/u);
/** `everyone`, `user:<user key>` or `group:<directory>:<name>`. */
export const subjectShape = z
  .string()
  .max(310)
  .regex(/^(everyone|(user|group):[a-z0-9-]{1,32}:[^/\p{Cc}]{1,256})$/u);
export const roleShape = z.enum(['owner', 'administrator', 'helpdesk', 'auditor']);

/** Whether two factors are asked of a user, and by which rule. `since`: when they became subject to it. */
export const obligationShape = z.object({
  required: z.boolean(),
  rule: z.enum([
    'administrator',
    'user',
    'group',
    'everyone',
    'groups-unknown',
    'switched-off',
    'exempt',
    'not-listed',
  ]),
  since: moment.optional(),
  method: methodShape.optional(),
});

/** When it can be tried again; `unlocked` waits for an administrator. */
const lockEnd = z.union([moment, z.literal('unlocked')]);
export const locksShape = z.object({ codes: lockEnd.optional(), password: lockEnd.optional() });

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(1024).optional(),
} as const;

/** What is searched for as it is typed: words of names, folded. */
export const searched = z.string().max(128);

/** One or many at once; above ten their number has to be repeated in `confirm`. */
export const usersShape = z.array(userKeyShape).min(1).max(200);
export const subjectsShape = z.array(subjectShape).min(1).max(200);
export const confirmShape = z.int().min(1).max(1_000_000).optional();

/** Of one of several: what was refused, by the code of its problem. */
export const failureShape = z.object({
  /** User key or subject, as it was sent. */
  id: z.string(),
  name: z.string(),
  code: z.string(),
  /** The problem's text in the language of the request. */
  title: z.string(),
});

export const warningCodes = [
  /** The user stays enabled through a group: `detail` names it. */
  'group-still-listed',
  /** *Everyone* is on the list, so removing or leaving it out has no effect. */
  'everyone-still-listed',
  /** An administrator always needs a second factor. */
  'administrator',
  /** An exemption wins over being enabled: `detail` names its subject. */
  'exempt',
  /** Two factors are switched off for the subscription. */
  'switched-off',
  /** Nothing is enrolled, so nothing is lost. */
  'not-enrolled',
  /** Groups can't be fully determined: the user counts as enabled and nothing is deleted. */
  'groups-unknown',
  /** The directory doesn't answer, so what happens can't be told in full. */
  'directory-unavailable',
  /** The directory has them no more. */
  'gone',
  /** The method isn't among the setting *Methods*: `detail` is the method. */
  'method-off',
  /** The method has no sender: `detail` is the method. */
  'no-sender',
  /** The method needs a number or address, and none is known yet: the user is asked for it. */
  'no-destination',
  /** The group has members in other ways than known here, so the number of users can't be told. */
  'members-unknown',
] as const;

/** Why a change has less effect than one may expect, for how many, and of whom the first. */
export const warningShape = z.object({
  code: z.enum(warningCodes),
  count: z.int(),
  names: z.array(z.string()),
  detail: z.string().optional(),
});

/** What a change would do, without doing it. */
export const previewAnswer = z.object({
  /** How many users or subjects the change concerns. */
  count: z.int(),
  /** Of the first ten. */
  names: z.array(z.string()),
  /** What ends or goes. */
  loses: z.object({
    /** Live 2FA sessions that end. */
    sessions: z.int(),
    /** Enrolled apps, numbers and addresses. */
    factors: z.int(),
    /** Unused recovery codes. */
    recoveryCodes: z.int(),
    /** Users who lose something they enrolled, and the first ten of them. */
    users: z.int(),
    names: z.array(z.string()),
  }),
  /** Present: this number has to be typed, and sent as `confirm`. */
  confirm: z.int().optional(),
  warnings: z.array(warningShape),
  /** For whom the change would be refused. */
  failed: z.array(failureShape),
  /** Until when it can be undone. */
  undoUntil: moment.optional(),
});

export type Preview = z.infer<typeof previewAnswer>;
export type WarningCode = (typeof warningCodes)[number];
