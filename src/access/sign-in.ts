import type { MethodId, SentMethod } from '../second-factors/index.ts';
import { begin, type NameAndPassword } from './sign-in-begin.ts';
import { type AppSetup, beginApp, confirmApp } from './sign-in-enrol.ts';
import { beginSent, confirmSent, type SentSetup } from './sign-in-enrol-sent.ts';
import type { SignInParts, SignInStep, Visitor } from './sign-in-parts.ts';
import { changeInitialPassword } from './sign-in-password.ts';
import { type CodeSent, sendCode } from './sign-in-send.ts';
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
  /** A new password in place of an initial or expired one. */
  changePassword(pending: string, password: string, visitor: Visitor, current?: string): Promise<SignInStep>;
}

export const createSignIn = (parts: SignInParts): SignIn => ({
  begin: (credentials, visitor) => begin(parts, credentials, visitor),
  verify: (pending, proof, visitor) => verify(parts, pending, proof, visitor),
  beginApp: (pending, visitor, ticket) => beginApp(parts, pending, visitor, ticket),
  confirmApp: (pending, proof, visitor) => confirmApp(parts, pending, proof, visitor),
  sendCode: (pending, method, visitor) => sendCode(parts, pending, method, visitor),
  beginSent: (pending, setup, visitor) => beginSent(parts, pending, setup, visitor),
  confirmSent: (pending, proof, visitor) => confirmSent(parts, pending, proof, visitor),
  changePassword: (pending, password, visitor, current) =>
    changeInitialPassword(parts, pending, password, visitor, current),
});
