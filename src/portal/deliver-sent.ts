import type { CodeSent, CookieNames } from '../access/index.ts';
import type { Clock } from '../clock.ts';
import { type Delivery, setCookie } from '../http/index.ts';
import type { SentAnswer } from './answers.ts';
import type { CallResult } from './api-call.ts';
import { moment } from './describe-session.ts';

type DeliveryOptions = { readonly clock: Clock; readonly names: CookieNames; readonly secure: boolean };

/** Turns a code on its way into its answer, with the token of a sign-in that now lasts as long as the code. */
export function createSentDelivery({ clock, names, secure }: DeliveryOptions) {
  return ({ pending, expiresAt, hint, resendAfter, digits }: CodeSent, deliver: Delivery): CallResult => {
    const seconds = (until: number): number => Math.ceil((until - clock.now()) / 1000);
    const body: SentAnswer = {
      hint,
      resendAfter,
      expiresAt: moment(expiresAt),
      expiresAfter: seconds(expiresAt),
      digits,
    };
    if (pending === undefined) return { body };
    if (deliver === 'bearer') return { body: { ...body, token: pending.token } };
    return { body, cookies: [setCookie(names.pending, pending.token, secure, seconds(pending.expiresAt))] };
  };
}

export type SentDelivery = ReturnType<typeof createSentDelivery>;
