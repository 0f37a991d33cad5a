import type { Clock } from '../clock.ts';
import { GatewayError, type ProblemCode } from '../errors.ts';
import type { Sealer, Store } from '../storage/index.ts';
import { requireAllowedCountry } from './allowed-countries.ts';
import { withDeadline } from './deadline.ts';
import type { DeliveryEvent, DeliveryReport } from './delivery-event.ts';
import { DeliveryFailure, type FailureKind } from './delivery-failure.ts';
import { addressHint, phoneHint } from './hints.ts';
import { HourlyBudget, type Reservation } from './hourly-budget.ts';
import { parseEmailAddress } from './parse-email-address.ts';
import { readPhoneNumber } from './parse-phone-number.ts';
import type { EmailSender, SmsSender } from './sender-settings.ts';
import type { EmailMessage, MessagePurpose, SenderKind, Senders, SmsMessage } from './senders.ts';
import { createSmtpSender, type SmtpSender } from './smtp-sender.ts';
import { type OpenSender, type SenderPatch, type SenderView, StoredSenders } from './stored-senders.ts';
import { sendByTwilio } from './twilio-sender.ts';

export type DeliveryOptions = {
  store: Store;
  clock: Clock;
  sealer: Sealer;
  report: DeliveryReport;
  log: { error(fields: Record<string, unknown>, message: string): void };
  /** Scheme, host and port of Twilio's API. */
  twilioUrl: string;
  /** Milliseconds that a provider gets for one message. */
  timeout: number;
  /** Whether a subscription without a sender of its own uses the one of `default`. Absent: none does. */
  shares?: (subscription: string, kind: SenderKind) => boolean;
};

type Refusal = Extract<DeliveryEvent, { type: 'message.refused' }>['reason'];
type Told = {
  subscription: string;
  channel: SenderKind;
  purpose: MessagePurpose;
  to: string;
  user?: string;
};

/** Messages of one kind on their way at the same moment; more would only wait for each other's deadline. */
const mostAtOnce = 100;

/** Whose senders can be shared. */
const shared = 'default';

/** To one user in any sixty minutes. */
const mostNotices = 10;

/** What the person is told; everything else is for the administrator alone. */
const problemOf: { readonly [Kind in FailureKind]?: ProblemCode } = { country: 'country-not-allowed' };

/** The senders as the composition root holds them: what sends, and what administrators do to it. */
export class Delivery implements Senders {
  readonly #options: DeliveryOptions;
  readonly #stored: StoredSenders;
  readonly #budget: HourlyBudget;
  readonly #closing = new AbortController();
  readonly #smtp = new Map<string, { version: number; sender: Promise<SmtpSender> }>();
  readonly #onTheirWay = { sms: 0, email: 0 };

  private constructor(options: DeliveryOptions, stored: StoredSenders) {
    this.#options = options;
    this.#stored = stored;
    this.#budget = new HourlyBudget(options);
  }

  /** Reads the senders and follows their changes. Rejects with `store-unavailable`. */
  static async open(options: DeliveryOptions): Promise<Delivery> {
    return new Delivery(options, await StoredSenders.load(options));
  }

  configured(subscription: string, kind: SenderKind): boolean {
    return this.#stored.current(this.#ownerOf(subscription, kind), kind) !== undefined;
  }

  async sendSms(message: SmsMessage): Promise<void> {
    const told = toldOf(message, 'sms', phoneHint(message.to));
    const sender = await this.#require('sms', told);
    const number = await this.#refusing(told, 'recipient', readPhoneNumber(message.to));
    if (!number.reachable) throw this.#refused(told, 'recipient', new GatewayError('invalid-phone-number'));
    try {
      requireAllowedCountry(number, sender.settings.countries);
    } catch (error) {
      throw this.#refused(told, 'country', error);
    }
    const { twilioUrl, timeout } = this.#options;
    const wanted = { to: number.e164, text: message.text };
    await this.#send(told, sender, (signal) =>
      sendByTwilio(sender.settings, sender.secret ?? '', wanted, { twilioUrl, timeout, signal }),
    );
  }

  async sendEmail(message: EmailMessage): Promise<void> {
    const told = toldOf(message, 'email', addressHint(message.to));
    const sender = await this.#require('email', told);
    const to = await this.#refusing(told, 'recipient', parseLater(message.to));
    await this.#send(told, sender, async (signal) => {
      const smtp = await this.#smtpFor(this.#ownerOf(told.subscription, 'email'), sender);
      await smtp.send({ ...message, to }, signal);
    });
  }

  /** The senders of a subscription, without their secrets. */
  describe(subscription: string): { sms: SmsSender | undefined; email: EmailSender | undefined } {
    return {
      sms: this.#stored.current(subscription, 'sms'),
      email: this.#stored.current(subscription, 'email'),
    };
  }

  /** How many messages of this kind count within the last hour, notices aside. Rejects with `store-unavailable`. */
  used(subscription: string, kind: SenderKind): Promise<number> {
    return this.#budget.counted(`${this.#ownerOf(subscription, kind)}/${kind}`);
  }

  /** Makes or changes a sender, here at once and everywhere within a second. Rejects like `StoredSenders.change`. */
  async change<Kind extends SenderKind>(
    subscription: string,
    kind: Kind,
    patch: SenderPatch<Kind>,
    actor: string,
    seen?: string,
  ): Promise<void> {
    await this.#stored.change(subscription, kind, patch, actor, seen);
  }

  /** A sender as it is stored at this moment, with its version. Rejects with `store-unavailable`. */
  read<Kind extends SenderKind>(subscription: string, kind: Kind): Promise<SenderView<Kind>> {
    return this.#stored.read(subscription, kind);
  }

  /** Takes a sender away, with its secret. Resolves to whether there was one. Rejects like `StoredSenders.remove`. */
  remove(subscription: string, kind: SenderKind, actor: string, seen?: string): Promise<boolean> {
    return this.#stored.remove(subscription, kind, actor, seen);
  }

  /** Gives up what is on its way, and closes every connection. */
  async close(): Promise<void> {
    this.#stored.close();
    this.#closing.abort();
    const senders = [...this.#smtp.values()];
    this.#smtp.clear();
    for (const { sender } of senders) (await sender).close();
  }

  async #send<Kind extends SenderKind>(
    told: Told,
    { settings }: OpenSender<Kind>,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { clock, timeout, report } = this.#options;
    if (this.#onTheirWay[told.channel] >= mostAtOnce || this.#closing.signal.aborted) {
      throw this.#refused(told, 'busy', new GatewayError('sender-unavailable', { retryAfter: 1 }));
    }
    this.#onTheirWay[told.channel] += 1;
    try {
      const reservation = await this.#refusing(told, 'budget', this.#reserve(told, settings.hourlyBudget));
      try {
        await withDeadline(work, { clock, milliseconds: timeout, closing: this.#closing.signal });
      } catch (error) {
        throw await this.#failed(told, reservation, error);
      }
    } finally {
      this.#onTheirWay[told.channel] -= 1;
    }
    report.record({ type: 'message.sent', ...told });
  }

  /**
   * Notices have a budget of their own, so that they never use up what codes need, and each user a small part of
   * it, so that whoever causes many to one user keeps none from another.
   */
  async #reserve({ channel, purpose, user, ...told }: Told, budget: number): Promise<Reservation> {
    // Whoever shares a sender shares what it may send.
    const subscription = this.#ownerOf(told.subscription, channel);
    if (purpose !== 'notice') return this.#budget.reserve(`${subscription}/${channel}`, budget);
    const name = `${subscription}/${channel}-notices`;
    if (user !== undefined) await this.#budget.reserve(`${name}/${user}`, mostNotices);
    return this.#budget.reserve(name, budget);
  }

  /** One pool per subscription; that of another version is closed once its mails are sent. */
  #smtpFor(subscription: string, { settings, secret, version }: OpenSender<'email'>): Promise<SmtpSender> {
    const known = this.#smtp.get(subscription);
    if (known?.version === version) return known.sender;
    void known?.sender.then((sender) => sender.close());
    const sender = createSmtpSender(settings, secret, this.#options);
    this.#smtp.set(subscription, { version, sender });
    return sender;
  }

  async #require<Kind extends SenderKind>(kind: Kind, told: Told): Promise<OpenSender<Kind>> {
    const sender = await this.#stored
      .open(this.#ownerOf(told.subscription, kind), kind)
      .catch((error: unknown) => {
        if (error instanceof GatewayError && error.code === 'store-unavailable') throw error;
        this.#options.log.error({ error, kind }, 'a stored sender cannot be opened');
        return undefined;
      });
    if (sender === undefined)
      throw this.#refused(told, 'not-configured', new GatewayError('sender-unavailable'));
    return sender;
  }

  /** Whose sender a subscription uses: its own, or else the one it shares with `default`. */
  #ownerOf(subscription: string, kind: SenderKind): string {
    const own = this.#stored.current(subscription, kind) !== undefined;
    return !own && this.#options.shares?.(subscription, kind) === true ? shared : subscription;
  }

  async #refusing<Result>(told: Told, reason: Refusal, wanted: Promise<Result>): Promise<Result> {
    try {
      return await wanted;
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'store-unavailable') throw error;
      throw this.#refused(told, reason, error);
    }
  }

  #refused(told: Told, reason: Refusal, error: unknown): unknown {
    this.#options.report.record({ type: 'message.refused', ...told, reason });
    return error;
  }

  /** What is thrown when the provider did not take the message; whatever certainly was not sent counts no more. */
  async #failed(told: Told, reservation: Reservation, error: unknown): Promise<GatewayError> {
    if (!(error instanceof DeliveryFailure)) {
      await giveBack(reservation);
      this.#options.log.error({ error, channel: told.channel }, 'a message could not be sent');
      return new GatewayError('sender-unavailable', { cause: error });
    }
    const { kind, providerError, message, maybeSent } = error;
    if (!maybeSent) await giveBack(reservation);
    this.#options.report.record({
      type: 'message.failed',
      ...told,
      reason: kind,
      ...(providerError === undefined ? {} : { providerError }),
      ...(message === '' ? {} : { explanation: message }),
    });
    const recipient = told.channel === 'sms' ? 'invalid-phone-number' : 'invalid-address';
    const code = kind === 'recipient' ? recipient : (problemOf[kind] ?? 'sender-unavailable');
    return new GatewayError(code, { cause: error });
  }
}

/** A count that cannot be given back stays counted: less is sent, never more. */
const giveBack = (reservation: Reservation): Promise<void> => reservation.giveBack().catch(() => {});

const parseLater = async (address: string): Promise<string> => parseEmailAddress(address);

const toldOf = (message: SmsMessage | EmailMessage, channel: SenderKind, to: string): Told => ({
  subscription: message.subscription,
  channel,
  purpose: message.purpose ?? 'code',
  to,
  ...(message.user === undefined ? {} : { user: message.user }),
});
