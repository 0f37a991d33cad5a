/** Sends a text to a person: SMS by Twilio, email by SMTP, within budgets, and tells what became of it. */
export { Delivery, type DeliveryOptions } from './delivery.ts';
export type * from './delivery-event.ts';
export { DeliveryFailure, type FailureKind } from './delivery-failure.ts';
export { addressHint, phoneHint } from './hints.ts';
export { parseEmailAddress } from './parse-email-address.ts';
export { parsePhoneNumber } from './parse-phone-number.ts';
export { type EmailSecurity, type EmailSender, type SmsSender, usualPort } from './sender-settings.ts';
export type * from './senders.ts';
export { type SmsSegments, smsSegments } from './sms-segments.ts';
export type { SenderPatch, SenderView } from './stored-senders.ts';
