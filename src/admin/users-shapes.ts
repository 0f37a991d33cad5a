import { z } from 'zod';
import { listedStates } from '../accounts/index.ts';
import {
  confirmShape,
  failureShape,
  locksShape,
  methodShape,
  moment,
  obligationShape,
  paging,
  roleShape,
  searched,
  userKeyShape,
  usersShape,
} from './people-shapes.ts';

/** The user's own entry of the list, in short. */
const ownEntry = z.object({
  mode: z.enum(['enabled', 'exempt']),
  since: moment,
  method: methodShape.optional(),
  reason: z.string().optional(),
  until: moment.optional(),
});

export const userRow = z.object({
  key: userKeyShape,
  directory: z.string(),
  name: z.string(),
  displayName: z.string(),
  groups: z.array(z.string()),
  /** False: perhaps more than these. */
  groupsComplete: z.boolean(),
  disabled: z.boolean(),
  role: roleShape.optional(),
  obligation: obligationShape,
  enrolled: z.object({
    /** Absent: not enrolled. */
    since: moment.optional(),
    methods: z.array(methodShape),
    /** Seconds that the clock of the app used last is ahead, as learned. */
    drift: z.int().optional(),
  }),
  entry: ownEntry.optional(),
  lastSignInAt: moment.optional(),
  lockedUntil: locksShape,
  /** Of other directories than the local one: when name and groups were last heard from there. */
  seenAt: moment.optional(),
});

export const usersQuery = z.object({
  ...paging,
  q: searched.optional(),
  directory: z.string().max(32).optional(),
  /** Only those; a page may then be shorter than `limit` although there is a next one. */
  state: z.enum(listedStates).optional(),
});
export const usersAnswer = z.object({ items: z.array(userRow), next: z.string().optional() });

export const userAnswer = userRow.extend({
  email: z.string().optional(),
  /** Masked. */
  phoneHint: z.string().optional(),
  /** Only of local accounts, and only for whoever may change them. */
  phone: z.string().optional(),
  createdAt: moment.optional(),
  /** The account is kept here: name and details can be changed, it can be disabled and removed. */
  local: z.boolean(),
  /** `no`: the directory has them no more. `unknown`: it doesn't answer; what is shown is what was last heard. */
  exists: z.enum(['yes', 'no', 'unknown']),
  /** Whether the caller's role is enough to change something about this user: administrators are the owner's. */
  changeable: z.boolean(),
  apps: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      issuer: z.string(),
      digits: z.int(),
      enrolledAt: moment,
      lastUsedAt: moment.optional(),
      /** Seconds ahead. */
      drift: z.int(),
    }),
  ),
  destinations: z.array(
    z.object({
      method: z.enum(['sms', 'email']),
      /** Masked. */
      hint: z.string(),
      /** Absent: no code has proven it yet. */
      enrolledAt: moment.optional(),
      lastUsedAt: moment.optional(),
      setByAdministrator: z.boolean(),
    }),
  ),
  recoveryCodesLeft: z.int(),
  ticketRequired: z.boolean(),
  /** A helpdesk code that can still be used. */
  bypassUntil: moment.optional(),
  sessions: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['granted', 'active']),
      amr: z.array(z.string()),
      verifiedAt: moment,
      endsAt: moment,
      address: z.string(),
      browser: z.string(),
    }),
  ),
  /** Their entry of the list left it, and can be put back until then. */
  undoUntil: moment.optional(),
});

const detail = z.string().max(256);
const password = z.string().min(1).max(1024);

export const newUserBody = z.strictObject({
  name: z.string().min(1).max(64),
  displayName: detail.optional(),
  email: detail.optional(),
  phone: detail.optional(),
  password,
  /** The user replaces it at the first sign-in. */
  mustChange: z.boolean().default(true),
  groups: z.array(z.string().min(1).max(64)).max(50).default([]),
});
/** What is given is replaced; an empty text takes a detail away. */
export const changeUserBody = z.strictObject({
  name: z.string().min(1).max(64).optional(),
  displayName: detail.optional(),
  email: detail.optional(),
  phone: detail.optional(),
});
export const setPasswordBody = z.strictObject({ password, mustChange: z.boolean().default(true) });

export const usersActionBody = z.strictObject({ users: usersShape, confirm: confirmShape });
export const resetUsersBody = z.strictObject({
  users: usersShape,
  confirm: confirmShape,
  /** The next enrolment needs a one-time ticket, which the answer shows once. */
  ticket: z.boolean().default(false),
});
export const usersAction = z.enum([
  'reset',
  'unlock',
  'ticket',
  'forget-devices',
  'disable',
  'enable',
  'remove',
]);
export const previewUsersBody = z.strictObject({ action: usersAction, users: usersShape });

/** One of several users: `changed` is false where there was nothing to do. */
export const doneUser = z.object({
  user: userKeyShape,
  name: z.string(),
  changed: z.boolean(),
  /** To be read out to the user; it is stored nowhere. */
  ticket: z.string().optional(),
});
/** Those who are not in `done` are in `failed`: a failure in between leaves the others changed. */
export const usersActionAnswer = z.object({ done: z.array(doneUser), failed: z.array(failureShape) });

export const bypassBody = z.strictObject({
  /** Between 5 and 1440. */
  minutes: z.int().min(5).max(1440).default(60),
  /** For the audit log. */
  reason: z.string().trim().min(1).max(200),
});
/** `code` is to be read out to the user; it is stored nowhere. */
export const bypassAnswer = z.object({ code: z.string(), until: moment });

export const pickersQuery = z.object({
  q: z.string().min(1).max(128),
  directory: z.string().max(32).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export const pickedUser = z.object({
  key: userKeyShape,
  directory: z.string(),
  name: z.string(),
  displayName: z.string(),
  email: z.string().optional(),
  disabled: z.boolean(),
  /** Whether they have an entry of their own on the list. */
  listed: z.enum(['enabled', 'exempt']).optional(),
});
export const pickedUsersAnswer = z.object({
  items: z.array(pickedUser),
  /** Directories that could not be asked. */
  unavailable: z.array(z.string()),
});
export const pickedGroup = z.object({
  /** As the list names it. */
  subject: z.string(),
  directory: z.string(),
  name: z.string(),
  listed: z.enum(['enabled', 'exempt']).optional(),
});
export const pickedGroupsAnswer = z.object({
  items: z.array(pickedGroup),
  unavailable: z.array(z.string()),
});
export const directoriesAnswer = z.object({
  items: z.array(z.object({ name: z.string(), local: z.boolean() })),
});

export type UserRow = z.infer<typeof userRow>;
export type UsersAnswer = z.infer<typeof usersAnswer>;
export type UserAnswer = z.infer<typeof userAnswer>;
export type NewUserBody = z.input<typeof newUserBody>;
export type UsersAction = z.infer<typeof usersAction>;
export type UsersActionAnswer = z.infer<typeof usersActionAnswer>;
export type BypassAnswer = z.infer<typeof bypassAnswer>;
export type PickedUser = z.infer<typeof pickedUser>;
export type PickedGroup = z.infer<typeof pickedGroup>;
