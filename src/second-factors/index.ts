/** Answers "prove it another way": authenticator apps, codes by SMS and email, recovery codes, the helpdesk's codes. */
export {
  type AppDraft,
  appFactor,
  claimExpiry,
  draftApp,
  isCodeShaped,
  type OpenSecret,
  proveDraft,
} from './app.ts';
export { decodeBase32, encodeBase32 } from './base32.ts';
export { bypassFactor } from './bypass-code.ts';
export { otpauthUri, qrSvg } from './otpauth.ts';
export { newRecoveryCodes, recoveryCodesLeft, recoveryFactor } from './recovery-codes.ts';
export type * from './second-factor.ts';
export {
  destinationHint,
  isSameHash,
  judgeSentCode,
  malformedSentCode,
  newSentCode,
  type OpenDestination,
  sentCodeHash,
  sentCodeTries,
  sentEnrolment,
  sentFactor,
  smsText,
  withSentEnrolment,
} from './sent-code.ts';
export { secondsToNextStep, stepLength, timeStep, totp, totpKey } from './totp.ts';
