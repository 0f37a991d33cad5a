/** Sends a text to a person: SMS by Twilio, email by SMTP, within budgets, and tells what became of it. */
export { addressHint, phoneHint } from './hints.ts';
export { parseEmailAddress } from './parse-email-address.ts';
export { parsePhoneNumber } from './parse-phone-number.ts';
export type * from './senders.ts';
