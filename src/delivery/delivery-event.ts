import type { MessagePurpose, SenderKind } from './senders.ts';

/** A message as the audit log knows it: never its text, its code, or the whole number or address. */
type Told = {
  readonly subscription: string;
  readonly channel: SenderKind;
  readonly purpose: MessagePurpose;
  /** The last two digits, or the first letter and the domain. */
  readonly to: string;
  /** The key of the user it was for. */
  readonly user?: string;
};

/** What this room records; the root writes it into the audit log. */
export type DeliveryEvent =
  | ({ readonly type: 'message.sent' } & Told)
  | ({
      readonly type: 'message.failed';
      /** What kind of failure it was, as the catalogue explains it under `senders.failure.<reason>`. */
      readonly reason: string;
      /** The provider's own code: of Twilio, of SMTP, or of the system. */
      readonly providerError?: string;
      /** The provider's sentence, for the administrator. */
      readonly explanation?: string;
    } & Told)
  | ({
      readonly type: 'message.refused';
      readonly reason: 'not-configured' | 'recipient' | 'country' | 'budget' | 'busy';
    } & Told)
  | {
      readonly type: 'sender.changed' | 'sender.removed';
      readonly subscription: string;
      readonly channel: SenderKind;
      /** Which of its fields; never their values. */
      readonly fields: readonly string[];
      readonly actor: string;
    };

/** Where this room's events go. */
export type DeliveryReport = { record(event: DeliveryEvent): void };
