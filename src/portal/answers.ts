import { z } from 'zod';

/** The answers of the portal's API, as zod schemas: the types of the web app and of OpenAPI come from here. */

const moment = z.iso.datetime().describe('UTC, RFC 3339');

export const methodId = z.enum(['app', 'sms', 'email', 'recovery', 'bypass']);

/**
 * A way to prove the second factor, or one to enrol; `hint` masks where a sent code goes, `digits` is how long its
 * codes are. When enrolling, `sms` without a hint asks for a number; with one, an administrator has set it.
 */
const offeredMethod = z.object({
  id: methodId,
  hint: z.string().optional(),
  digits: z.int().optional(),
});

/** A 2FA session as its own user sees it. */
const sessionAnswer = z.object({
  user: z.object({ name: z.string(), displayName: z.string() }),
  state: z.enum(['granted', 'active']),
  verifiedAt: moment,
  firstSessionAt: moment.optional(),
  /** When remote sessions can no longer be opened, as things stand. */
  expiresAt: moment,
  amr: z.array(z.string()),
  applications: z.array(z.object({ name: z.string(), url: z.string() })),
  /** Servers that the user reaches with an RDP client; absent: none. */
  desktops: z
    .array(
      z.object({
        application: z.string(),
        title: z.string(),
        server: z.string(),
        program: z.boolean().describe('One program in place of the whole desktop'),
      }),
    )
    .optional(),
});

/** The same, with what its user needs to keep it from ending. */
export const ownSessionAnswer = sessionAnswer.extend({
  renewal: z
    .object({
      /** From when on an open page tells its user; renewing is possible before. */
      from: moment,
      remaining: z
        .int()
        .describe('Seconds until `expiresAt`, by the gateway: a browser’s clock may be wrong'),
      closesRemoteSessions: z.boolean().describe('Whether remote sessions that are open then close'),
      methods: z.array(offeredMethod),
    })
    .optional()
    .describe('Absent where a new sign-in is the only way on'),
});

const pendingToken = z
  .string()
  .optional()
  .describe('Only with `deliver: "bearer"`: carries the procedure on');

const verifyAnswer = z.object({
  status: z.literal('verify'),
  methods: z.array(offeredMethod),
  default: methodId,
  token: pendingToken,
});

const enrolAnswer = z.object({
  status: z.literal('enrol'),
  methods: z.array(offeredMethod),
  default: methodId,
  token: pendingToken,
});

const confirmDriftAnswer = z.object({ status: z.literal('confirm-drift') });

/** The password has to be replaced: `POST api/v1/sign-in/password` comes next, with `current` where it is needed. */
const changePasswordAnswer = z.object({
  status: z.literal('change-password'),
  needsCurrent: z.boolean(),
  token: pendingToken,
});

/** There is something to agree to first: `POST api/v1/sign-in/terms` comes next. */
const acceptTermsAnswer = z.object({
  status: z.literal('accept-terms'),
  version: z.string(),
  text: z.string().describe('Plain text'),
  token: pendingToken,
});

const doneAnswer = z.object({
  status: z.literal('done'),
  session: sessionAnswer,
  returnTo: z.string().optional(),
  recoveryCodes: z.array(z.string()).optional(),
  clockOffset: z
    .int()
    .optional()
    .describe('Seconds the device is ahead, told once a second code has proven it'),
  token: z.string().optional().describe('Only with `deliver: "bearer"`: the session token'),
});

export const signInAnswer = z.discriminatedUnion('status', [
  verifyAnswer,
  enrolAnswer,
  changePasswordAnswer,
  acceptTermsAnswer,
  doneAnswer,
]);

export const stepAnswer = z.discriminatedUnion('status', [
  doneAnswer,
  confirmDriftAnswer,
  changePasswordAnswer,
  acceptTermsAnswer,
]);

export const renewedAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('renewed'),
    session: ownSessionAnswer,
    clockOffset: z.int().optional().describe('Seconds the device is ahead, as after signing in'),
    token: z
      .string()
      .optional()
      .describe('For clients that go by bearer token: the new one; the old one stays good'),
  }),
  confirmDriftAnswer,
]);

/** A click on the card of a remote desktop. */
export const permitAnswer = z.object({
  until: moment
    .optional()
    .describe('Absent for who signed in with the password alone: nothing was permitted'),
  fileName: z.string(),
  file: z.string().describe('The `.rdp` file, in base64'),
});

/** A code is on its way. */
export const sentAnswer = z.object({
  hint: z.string().describe('Where it went, masked'),
  resendAfter: z.int().describe('Seconds'),
  expiresAt: moment,
  expiresAfter: z.int().describe('Seconds: the same for clients whose own clock may be wrong'),
  digits: z.int(),
  token: pendingToken,
});

/** A new authenticator app before its first code has proven it; `qrSvg` is a whole `<svg>`. */
export const appSetupAnswer = z.object({
  uri: z.string(),
  secret: z.string().describe('Base32'),
  qrSvg: z.string(),
  digits: z.int(),
});

/** A phone number or an email address that codes go to. */
const sentFactor = z.object({
  id: z.string(),
  hint: z.string(),
  enrolledAt: moment,
  lastUsedAt: moment.optional(),
  setByAdministrator: z.boolean().describe('Then the user can put no other in its place'),
});

export const accountAnswer = z.object({
  user: z.object({ name: z.string(), displayName: z.string(), directory: z.string() }),
  apps: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      digits: z.int(),
      issuer: z.string(),
      enrolledAt: moment,
      lastUsedAt: moment.optional(),
    }),
  ),
  phone: sentFactor.optional(),
  email: sentFactor.optional(),
  /** What can be added, or put in the place of what there is; a `hint` where the user has no choice of where to. */
  addable: z.array(offeredMethod),
  recoveryCodes: z.object({ total: z.int(), left: z.int() }),
  /** Methods that can prove a change now; empty for a session without a second factor. */
  methods: z.array(offeredMethod),
  canChangePassword: z.boolean(),
  sessions: z.array(
    z.object({
      id: z.string(),
      current: z.boolean(),
      state: z.enum(['granted', 'active']),
      verifiedAt: moment,
      expiresAt: moment,
      address: z.string(),
      browser: z.string(),
      amr: z.array(z.string()),
    }),
  ),
});

export const addedFactorAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('added'), id: z.string() }),
  confirmDriftAnswer,
]);

export const recoveryCodesAnswer = z.object({ recoveryCodes: z.array(z.string()) });

export type MethodId = z.infer<typeof methodId>;
export type OfferedMethodAnswer = z.infer<typeof offeredMethod>;
export type SessionAnswer = z.infer<typeof sessionAnswer>;
export type OwnSessionAnswer = z.infer<typeof ownSessionAnswer>;
export type RenewedAnswer = z.infer<typeof renewedAnswer>;
export type SignInAnswer = z.infer<typeof signInAnswer>;
export type StepAnswer = z.infer<typeof stepAnswer>;
export type PermitAnswer = z.infer<typeof permitAnswer>;
export type SentAnswer = z.infer<typeof sentAnswer>;
export type AppSetupAnswer = z.infer<typeof appSetupAnswer>;
export type AccountAnswer = z.infer<typeof accountAnswer>;
export type AddedFactorAnswer = z.infer<typeof addedFactorAnswer>;
export type RecoveryCodesAnswer = z.infer<typeof recoveryCodesAnswer>;
