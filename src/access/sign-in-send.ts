import type { DirectoryUser } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { destinationHint, type SentMethod, sentEnrolment, smsText } from '../second-factors/index.ts';
import type { IssuedToken } from '../sessions/index.ts';
import { resendAfter } from './send-allowance-arithmetic.ts';
import type { Procedure } from './sent-codes.ts';
import { tokenFor } from './sign-in-admit.ts';
import { knownDevice } from './sign-in-device.ts';
import { offeredMethods } from './sign-in-methods.ts';
import type { SignInParts, Visitor } from './sign-in-parts.ts';
import { originOf, placeOf } from './sign-in-prove.ts';
import { resume } from './sign-in-steps.ts';

/** A code is on its way. */
export type CodeSent = {
  readonly hint: string;
  /** Seconds. */
  readonly resendAfter: number;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  readonly digits: number;
  /** Carries the procedure on for as long as the code is good; replaces the one before. */
  readonly pending?: IssuedToken;
};

/** Where a code goes, what it will prove, and for what it is good. */
export type CodeWish = {
  readonly user: DirectoryUser;
  readonly visitor: Visitor;
  readonly procedure: string;
  readonly method: SentMethod;
  /** The id of what it proves. */
  readonly enrolment: string;
  /** E.164, or an address. */
  readonly to: string;
};

/**
 * A code for an enrolled number or address, in a sign-in. The one before is void. Rejects with `method-not-available`,
 * and as `deliverCode`.
 */
export async function sendCode(
  parts: SignInParts,
  token: string,
  method: SentMethod,
  visitor: Visitor,
): Promise<CodeSent> {
  const { pending, user } = await resume(parts, token, 'verify', visitor);
  parts.pendings.requireSending(pending.value);
  const wish = await enrolledWish(parts, user, method);
  const sent = await deliverCode(parts, { ...wish, visitor, procedure: pending.value.id });
  return carryOn(parts, pending.value, sent);
}

/** Where codes by an enrolled method go now: an administrator's word counts before what was enrolled. */
export async function enrolledWish(
  parts: SignInParts,
  user: DirectoryUser,
  method: SentMethod,
): Promise<Pick<CodeWish, 'user' | 'method' | 'enrolment' | 'to'>> {
  const { factors } = await parts.factorStore.read(parts.subscription, user.key);
  const enrolment = sentEnrolment(factors, method);
  const offered = await offeredMethods(parts, user, factors);
  if (enrolment === undefined || !offered.some(({ id }) => id === method)) {
    throw new GatewayError('method-not-available');
  }
  const to = await placeOf(parts, user, factors, method);
  if (to === undefined) throw new GatewayError('method-not-available');
  return { user, method, enrolment: enrolment.id, to };
}

/** The token of a sign-in that now lasts until its code ends. */
export async function carryOn(
  parts: SignInParts,
  pending: Parameters<typeof tokenFor>[1],
  sent: CodeSent,
): Promise<CodeSent> {
  const kept = await parts.pendings.keepUntil(pending, sent.expiresAt);
  if (kept === undefined) throw new GatewayError('sign-in-expired');
  return { ...sent, pending: await tokenFor(parts, kept) };
}

/**
 * Makes a code and sends it: counted first, in the allowance of the user or of their device, then in the budget of
 * delivery. What no provider took is given back, and the code before it stays good. Rejects with `locked`,
 * `code-just-sent`, `too-many-codes`, and with what `Senders` rejects with.
 */
export async function deliverCode(
  parts: SignInParts,
  { user, visitor, procedure, method, enrolment, to }: CodeWish,
): Promise<CodeSent> {
  const { subscription } = parts;
  const { digits, codeLifespan } = parts.settings.current(subscription);
  const device = await knownDevice(parts, user.key, visitor);
  // A code that cannot be entered yet would be paid for in vain.
  await parts.throttle.refuseLockedCode({
    subscription,
    subject: user.key,
    origin: originOf(visitor),
    device,
  });
  const owner = { subscription, user: user.key };
  const counted = await parts.sendAllowance.count({ ...owner, method, device });
  const held: Procedure = { ...owner, procedure };
  try {
    const lifespan = codeLifespan * 60_000;
    const made = await parts.sentCodes.make(held, method, { enrolment, to, digits, lifespan });
    try {
      await sendTo(parts, { user, visitor, method, to, code: made.code });
    } catch (error) {
      await made.takeBack();
      throw error;
    }
    return {
      hint: destinationHint(method, to),
      resendAfter: resendAfter / 1000,
      expiresAt: made.expiresAt,
      digits,
    };
  } catch (error) {
    await counted.failed();
    throw error;
  }
}

async function sendTo(
  { subscription, settings, senders, catalogue }: SignInParts,
  message: Pick<CodeWish, 'user' | 'visitor' | 'method' | 'to'> & { readonly code: string },
): Promise<void> {
  const { user, visitor, method, to, code } = message;
  const { issuer, smsMessage, codeLifespan } = settings.current(subscription);
  const letter = { subscription, user: user.key, to };
  if (method === 'sms') {
    return senders.sendSms({ ...letter, text: smsText(smsMessage, { code, issuer }) });
  }
  const language = visitor.language ?? 'en';
  const values = { code, issuer, count: codeLifespan };
  return senders.sendEmail({
    ...letter,
    subject: catalogue.text(language, 'messages.code.subject', values),
    text: catalogue.text(language, 'messages.code.text', values),
  });
}
