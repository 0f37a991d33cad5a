import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Factors, SentEnrolment } from '../accounts/index.ts';
import { addressHint, phoneHint } from '../delivery/index.ts';
import type { Random } from '../random.ts';
import type { Claim, OpenSentCode, SecondFactor, SentMethod, TypedProof, Verdict } from './second-factor.ts';
import { timeStep } from './totp.ts';

/** With the fifth wrong try a code that was sent is void. */
export const sentCodeTries = 5;

/** A code of so many random digits. */
export const newSentCode = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => random.integer(10)).join('');

/**
 * What is stored of a code: HMAC-SHA-256 under a key of its own, since six digits are guessed at once from a plain
 * hash. `bound`: what the code is good for and nothing else; none of it holds a NUL.
 */
export const sentCodeHash = (key: Uint8Array, bound: readonly string[], code: string): string =>
  createHmac('sha256', key)
    .update(['sallyport sent code', ...bound, code].join('\0'))
    .digest('base64url');

/** In constant time. */
export const isSameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The message of an SMS: the setting with its two placeholders filled, each once, whatever stands in the other. */
export const smsText = (
  message: string,
  values: { readonly code: string; readonly issuer: string },
): string =>
  message.replaceAll(/%(CODE|ISSUER)%/g, (_, name) => (name === 'CODE' ? values.code : values.issuer));

/** Spaces are how messages group digits; people copy them along. */
const digitsOf = (code: string): string => code.replaceAll(/\s/g, '');

/** Whether a typed text can be this code at all; otherwise what is expected. */
export function malformedSentCode(code: string, { digits }: { readonly digits: number }) {
  const typed = digitsOf(code);
  return /^[0-9]+$/.test(typed) && typed.length === digits ? undefined : { expected: digits };
}

/** Judges a typed code whose try has been counted. `claims` are to be taken, and none may be lost. */
export async function judgeSentCode(
  { code, claimed }: Pick<TypedProof, 'code' | 'claimed'>,
  sent: OpenSentCode,
): Promise<
  | { readonly result: 'wrong' }
  | { readonly result: 'replayed'; readonly claims: readonly Claim[] }
  | { readonly result: 'accepted'; readonly claims: readonly Claim[] }
> {
  if (!sent.isRight(digitsOf(code))) return { result: 'wrong' };
  const claims = [{ enrolment: sent.id, step: timeStep(sent.expiresAt) }];
  const [taken] = await claimed(claims);
  return taken === true ? { result: 'replayed', claims: [] } : { result: 'accepted', claims };
}

/** Opens the number or address of an enrolment of this user. */
export type OpenDestination = (
  holder: { readonly subscription: string; readonly user: string },
  sealed: string,
) => string;

const places = { sms: 'phone', email: 'email' } as const satisfies Record<SentMethod, keyof Factors>;
const hints = { sms: phoneHint, email: addressHint } as const;

/** What this user has enrolled for codes by this method. */
export const sentEnrolment = (factors: Factors, method: SentMethod): SentEnrolment | undefined =>
  factors[places[method]];

/** The same factors with another enrolment for codes by this method, or without one. */
export function withSentEnrolment(
  factors: Factors,
  method: SentMethod,
  enrolment: SentEnrolment | undefined,
): Factors {
  const { [places[method]]: before, ...others } = factors;
  void before;
  return enrolment === undefined ? others : { ...others, [places[method]]: enrolment };
}

/** Where it goes, masked. */
export const destinationHint = (method: SentMethod, to: string): string => hints[method](to);

/** Codes that are sent, by SMS or email: good in the procedure they were sent for, once. */
export function sentFactor(method: SentMethod, open: OpenDestination): SecondFactor {
  return {
    method,

    offer(factors, { subscription, user, destinations, digits }) {
      const enrolment = sentEnrolment(factors, method);
      if (enrolment === undefined) return undefined;
      const to = destinations[method] ?? open({ subscription, user }, enrolment.sealedTo);
      return { id: method, hint: destinationHint(method, to), digits };
    },

    malformed: (code, _factors, sent) => sent && malformedSentCode(code, sent),

    async verify(typed): Promise<Verdict> {
      const { sent, factors, now } = typed;
      // An enrolment that was replaced meanwhile is not what this code was sent to.
      if (sent === undefined || sentEnrolment(factors, method)?.id !== sent.enrolment)
        return { result: 'void' };
      const judged = await judgeSentCode(typed, sent);
      if (judged.result !== 'accepted') return judged;
      return {
        result: 'accepted',
        enrolment: sent.enrolment,
        claims: judged.claims,
        apply(current) {
          const enrolment = sentEnrolment(current, method);
          if (enrolment?.id !== sent.enrolment) return undefined;
          return withSentEnrolment(current, method, { ...enrolment, lastUsedAt: now });
        },
      };
    },
  };
}
