import type { EmailMessage, SenderKind, Senders, SmsMessage } from '../../src/delivery/index.ts';
import { GatewayError, type ProblemCode } from '../../src/errors.ts';

/** Keeps what it is given instead of sending it. */
export class RecordingSenders implements Senders {
  readonly sms: SmsMessage[] = [];
  readonly emails: EmailMessage[] = [];
  readonly kinds = new Set<SenderKind>(['sms', 'email']);
  /** What every message is refused with. */
  failure: ProblemCode | undefined;

  configured(_subscription: string, kind: SenderKind): boolean {
    return this.kinds.has(kind);
  }

  async sendSms(message: SmsMessage): Promise<void> {
    this.#refuse();
    this.sms.push(message);
  }

  async sendEmail(message: EmailMessage): Promise<void> {
    this.#refuse();
    this.emails.push(message);
  }

  /** The code in the latest message of this kind. */
  code(kind: SenderKind): string {
    const message = kind === 'sms' ? this.sms.at(-1) : this.emails.at(-1);
    return /\d{4,12}/.exec(message?.text ?? '')?.[0] ?? 'no code was sent';
  }

  #refuse(): void {
    if (this.failure !== undefined) throw new GatewayError(this.failure);
  }
}
