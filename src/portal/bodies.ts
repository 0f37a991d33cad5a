import { z } from 'zod';
import { methodId } from './answers.ts';

/** The bodies of the portal's API: one strict schema each, every text bounded. */

const password = z.string().min(1).max(1024);
/** As typed: spaces are allowed, and a recovery code in groups is longer than any TOTP code. */
const code = z.string().min(1).max(64);
const username = z.string().min(1).max(256);
const sentMethod = z.enum(['sms', 'email']);

export const signInBody = z.strictObject({
  username,
  password,
  returnTo: z.string().max(4096).optional(),
  shared: z.boolean().optional(),
  deliver: z.enum(['cookie', 'bearer']).optional(),
  /** The ticket of an invitation to administer. */
  invitation: z.string().min(1).max(128).optional(),
});
export const sendCodeBody = z.strictObject({ method: sentMethod });
export const verifyBody = z.strictObject({ method: methodId, code });
export const newPasswordBody = z.strictObject({ password, current: password.optional() });
export const emptyBody = z.strictObject({});
const enrolmentTicket = z.string().min(1).max(128).optional();
/** In international format; absent where an administrator has set one. */
const phone = z.string().min(1).max(40).optional();

/** `ticket` where the site asks for one before anybody enrols. */
export const enrolAppBody = z.strictObject({ ticket: enrolmentTicket });
export const enrolSmsBody = z.strictObject({ phone, ticket: enrolmentTicket });
export const enrolEmailBody = z.strictObject({ ticket: enrolmentTicket });
export const enrolVerifyBody = z.strictObject({
  method: z.enum(['app', 'sms', 'email']),
  code,
  /** What the user calls the new device. */
  label: z.string().max(64).optional(),
});
export const ownerBody = z.strictObject({
  ticket: z.string().min(1).max(128),
  username,
  displayName: z.string().max(256).optional(),
  password,
});
/** A code typed now, and the number to add or to put in the place of the one there is. */
export const addSmsBody = z.strictObject({ method: methodId, code, phone });
export const addedSentBody = z.strictObject({ code });
export const addedAppBody = z.strictObject({ code, label: z.string().max(64).optional() });
export const changePasswordBody = z.strictObject({ current: password, next: password });

/** Which card was clicked. */
export const permitBody = z.strictObject({
  application: z.string().min(1).max(32),
  server: z.string().min(1).max(253),
});

export type SignInBody = z.infer<typeof signInBody>;
export type OwnerBody = z.infer<typeof ownerBody>;
export type ChangePasswordBody = z.infer<typeof changePasswordBody>;
export type NewPasswordBody = z.infer<typeof newPasswordBody>;

/** The version that was shown. */
export const termsBody = z.strictObject({ version: z.string().min(1).max(64) });
