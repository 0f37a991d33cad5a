import type { AccountAnswer } from '../../../portal/index.ts';
import type { SentMethod } from '../parts/code-kind.ts';
import type { Translate } from '../texts.tsx';

/** What adding a number or an address is called, or putting one in the place of what there is. */
export function sentTitle({ phone, email }: AccountAnswer, method: SentMethod, t: Translate): string {
  if (method === 'sms') return t(phone ? 'portal.account.replace-sms' : 'portal.account.add-sms');
  return t(email ? 'portal.account.replace-email' : 'portal.account.add-email');
}
