/** The two ways to a person. */
export type SenderKind = 'sms' | 'email';

/** What a message was for. `test`: an administrator tries the sender. */
export type MessagePurpose = 'code' | 'notice' | 'test';

/** What is known of a message besides itself. */
type Circumstances = {
  /** The key of the user the message is for, so that the audit log finds it among theirs. */
  readonly user?: string;
  /** Notices have a budget of their own, so that they never use up what codes need. Default `code`. */
  readonly purpose?: MessagePurpose;
};

export type SmsMessage = Circumstances & {
  readonly subscription: string;
  /** E.164, as `parsePhoneNumber` gives it. */
  readonly to: string;
  readonly text: string;
};

export type EmailMessage = Circumstances & {
  readonly subscription: string;
  /** One address, as `parseEmailAddress` gives it. */
  readonly to: string;
  /** One line: line breaks and other control characters become spaces. */
  readonly subject: string;
  /** Plain text, lines of any length. */
  readonly text: string;
  /** The same as HTML; every mail has the plain text too. */
  readonly html?: string;
};

/** Sends a text to a person. Nothing is ever sent twice: what fails is not tried again. */
export interface Senders {
  /** Whether messages of this kind can be sent: from memory, true of every replica within a second of a change. */
  configured(subscription: string, kind: SenderKind): boolean;
  /**
   * Resolves once the provider has taken the message. Rejects with `sender-unavailable` (not configured, or the
   * provider is down, slow or refuses us), `invalid-phone-number` (nothing a message can be sent to),
   * `country-not-allowed`, `budget-exhausted` {minutes} with `retryAfter`, or `store-unavailable`. What the
   * provider said is in the audit log (`message.failed`), never in the error's parameters.
   */
  sendSms(message: SmsMessage): Promise<void>;
  /** As `sendSms`; rejects with `sender-unavailable`, `invalid-address`, `budget-exhausted` or `store-unavailable`. */
  sendEmail(message: EmailMessage): Promise<void>;
}
