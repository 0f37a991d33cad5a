import type { MethodId, SentMethod } from '../second-factors/index.ts';
import { inSubscription } from './in-subscription.ts';
import { begin, type NameAndPassword } from './sign-in-begin.ts';
import { type AppSetup, beginApp, confirmApp } from './sign-in-enrol.ts';
import { beginSent, confirmSent, type SentSetup } from './sign-in-enrol-sent.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { changeInitialPassword } from './sign-in-password.ts';
import { type CodeSent, sendCode } from './sign-in-send.ts';
import { acceptTerms } from './sign-in-terms.ts';
import { verify } from './sign-in-verify.ts';

/** The sign-in procedure. `pending` is a pending token as it came; every failure is a GatewayError. */
export interface SignIn {
  /** Name and password. */
  begin(credentials: NameAndPassword, visitor: Visitor): Promise<SignInStep>;
  /** A code of an enrolled factor, or a recovery code. */
  verify(
    pending: string,
    proof: { readonly method: MethodId; readonly code: string },
    visitor: Visitor,
  ): Promise<SignInStep>;
  /** The key of a first app. `ticket` where the enrolment asks for one. */
  beginApp(pending: string, visitor: Visitor, ticket?: string): Promise<AppSetup>;
  confirmApp(
    pending: string,
    proof: { readonly code: string; readonly label?: string },
    visitor: Visitor,
  ): Promise<SignInStep>;
  /** Sends a code to an enrolled number or address. */
  sendCode(pending: string, method: SentMethod, visitor: Visitor): Promise<CodeSent>;
  /** Sends a code to a number or address that is to be enrolled. */
  beginSent(pending: string, setup: SentSetup, visitor: Visitor): Promise<CodeSent>;
  confirmSent(
    pending: string,
    proof: { readonly method: SentMethod; readonly code: string },
    visitor: Visitor,
  ): Promise<SignInStep>;
  /** Accepts the terms of this version, the last step. */
  acceptTerms(pending: string, version: string, visitor: Visitor): Promise<SignInStep>;
  /** A new password in place of an initial or expired one. */
  changePassword(pending: string, password: string, visitor: Visitor, current?: string): Promise<SignInStep>;
}

/** `parts` are those of `default`; what comes after the password goes on with those of the token's subscription. */
export function createSignIn(parts: SignInParts): SignIn {
  const of = async (pending: string): Promise<SignInParts> => {
    const verdict = await parts.tokens.verifyPending(pending);
    return verdict.result === 'valid' ? inSubscription(parts, verdict.claims.subscription) : parts;
  };
  return {
    begin: (credentials, visitor) => begin(parts, credentials, visitor),
    verify: async (pending, proof, visitor) => verify(await of(pending), pending, proof, visitor),
    beginApp: async (pending, visitor, ticket) => beginApp(await of(pending), pending, visitor, ticket),
    confirmApp: async (pending, proof, visitor) => confirmApp(await of(pending), pending, proof, visitor),
    sendCode: async (pending, method, visitor) => sendCode(await of(pending), pending, method, visitor),
    beginSent: async (pending, setup, visitor) => beginSent(await of(pending), pending, setup, visitor),
    confirmSent: async (pending, proof, visitor) => confirmSent(await of(pending), pending, proof, visitor),
    acceptTerms: async (pending, version, visitor) =>
      acceptTerms(await of(pending), pending, version, visitor),
    changePassword: async (pending, password, visitor, current) =>
      changeInitialPassword(await of(pending), pending, password, visitor, current),
  };
}
