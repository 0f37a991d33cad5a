/** Answers "prove it another way": authenticator apps and recovery codes; later SMS and email. */
export {
  type AppDraft,
  appFactor,
  claimExpiry,
  draftApp,
  isCodeShaped,
  type OpenSecret,
  proveDraft,
} from './app.ts';
export { bypassFactor } from './bypass-code.ts';
export { otpauthUri, qrSvg } from './otpauth.ts';
export { newRecoveryCodes, recoveryCodesLeft, recoveryFactor } from './recovery-codes.ts';
export type * from './second-factor.ts';
export { secondsToNextStep, stepLength, timeStep, totp, totpKey } from './totp.ts';
