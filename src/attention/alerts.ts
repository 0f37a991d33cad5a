import type { Audit } from '../audit/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import { DeliveryFailure, type Senders } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { type AlertReceiver, alertKindOf } from './alert-receiver.ts';
import type { AlertReceivers } from './alert-receivers.ts';
import type { Concern } from './concern.ts';
import { describeConcern } from './describe-concern.ts';
import type { ConcernListener } from './standing-concerns.ts';
import { postWebhook, type WebhookBody, WebhookFailure } from './webhook.ts';

export type AlertsOptions = {
  readonly receivers: AlertReceivers;
  readonly senders: Senders;
  readonly catalogue: Pick<Catalogue, 'text'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Pick<Audit, 'record'>;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
  readonly site: { readonly name: string; readonly consoleUrl: string };
};

/** What became of a test. */
export type AlertTest = { readonly sent: true } | { readonly sent: false; readonly reason: string };

type State = WebhookBody['state'];
type Alert = {
  readonly id: string;
  readonly state: State;
  readonly at: number;
  readonly subscription: string;
  readonly concern: Concern | undefined;
};

/** Milliseconds before each further try of a webhook. */
const waits = [5_000, 30_000, 120_000];
/** Alerts on their way at the same time; a receiver that hangs must not fill the memory. */
const mostUnderWay = 200;

/**
 * Tells receivers of concerns that begin and end. Hears of each on one replica alone (`StandingConcerns`); what a process
 * had not told when it died is told by nobody.
 */
export class Alerts implements ConcernListener {
  readonly #options: AlertsOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(options: AlertsOptions) {
    this.#options = options;
  }

  raised(subscription: string, concern: Concern): void {
    this.#tell(subscription, concern, 'raised');
  }

  cleared(subscription: string, concern: Concern): void {
    this.#tell(subscription, concern, 'cleared');
  }

  /** Sends one receiver a test, once and at once. Rejects with `store-unavailable`. */
  async test(receiver: AlertReceiver): Promise<AlertTest> {
    const alert: Alert = {
      ...{ id: randomName(this.#options.random, 12), state: 'test', subscription: 'default' },
      at: this.#options.clock.now(),
      concern: undefined,
    };
    try {
      await this.#send(receiver, alert);
      return { sent: true };
    } catch (error) {
      return { sent: false, reason: reasonOf(error) };
    }
  }

  /** Receivers that are tried again in a while. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when everybody has been told what is known so far, or that failed. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Tries nothing again that has failed, and waits for what is on its way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const give of [...this.#waiting]) give();
    await this.settled();
  }

  #tell(subscription: string, concern: Concern, state: State): void {
    const kind = alertKindOf(concern.kind);
    const { receivers, random, clock, log } = this.#options;
    if (kind === undefined || this.#closed) return;
    const alert: Alert = { id: randomName(random, 12), state, at: clock.now(), subscription, concern };
    this.#run(async () => {
      for (const receiver of await receivers.wanting(kind)) {
        if (this.#underWay.size >= mostUnderWay) {
          log.warn({ kind, receiver: receiver.name }, 'an alert is dropped: too many are on their way');
          continue;
        }
        this.#run(() => this.#deliver(receiver, alert, kind));
      }
    });
  }

  #run(work: () => Promise<void>): void {
    const running = work().catch((error: unknown) => {
      this.#options.log.warn({ error }, 'an alert could not be told');
    });
    this.#underWay.add(running);
    void running.then(() => this.#underWay.delete(running));
  }

  async #deliver(receiver: AlertReceiver, alert: Alert, kind: string): Promise<void> {
    const { audit } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#send(receiver, alert);
        audit.record({ type: 'alert.sent', kind, receiver: receiver.name });
        return;
      } catch (error) {
        const wait = waits[attempt];
        // Mail servers try again by themselves, and a sender that is down is often what the alert is about.
        const again = error instanceof WebhookFailure && error.passing;
        if (!again || wait === undefined || this.#closed) {
          audit.record({ type: 'alert.failed', kind, receiver: receiver.name, reason: reasonOf(error) });
          return;
        }
        await this.#pause(wait);
      }
    }
  }

  #pause(wait: number): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => {
        timer.cancel();
        this.#waiting.delete(over);
        resolve();
      };
      const timer = this.#options.clock.after(wait, over);
      this.#waiting.add(over);
    });
  }

  async #send(receiver: AlertReceiver, alert: Alert): Promise<void> {
    const { senders, catalogue, clock, site } = this.#options;
    const { language, target, secret, ca } = receiver;
    const { state, concern, at } = alert;
    const say = catalogue.text.bind(catalogue, language);
    const told = concern === undefined ? undefined : describeConcern(catalogue, language, concern);
    const title = told?.title ?? say('attention.alert.test');
    const lead = say(state === 'cleared' ? 'attention.alert.cleared' : 'attention.alert.raised', { title });
    const headline = state === 'test' ? title : lead;
    if (receiver.channel === 'webhook') {
      const body: WebhookBody = {
        id: alert.id,
        event: concern?.kind ?? 'test',
        state,
        at: new Date(at).toISOString(),
        site: site.name,
        subscription: alert.subscription,
        subject: concern?.kind === 'password-known' ? String(concern.params.name) : (concern?.subject ?? ''),
        text: headline,
      };
      await postWebhook({ target, secret: secret ?? '', ...(ca === undefined ? {} : { ca }) }, body, clock);
      return;
    }
    const advice = state === 'raised' && told !== undefined ? [told.advice] : [];
    const when = say('attention.alert.when', {
      when: `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    });
    const whose =
      alert.subscription === 'default'
        ? []
        : [say('attention.alert.subscription', { subscription: alert.subscription })];
    const footer = say('attention.alert.footer', { url: site.consoleUrl });
    await senders.sendEmail({
      subscription: 'default',
      to: target,
      purpose: 'notice',
      subject: `${site.name}: ${headline}`,
      text: `${[headline, ...advice, ...whose, when, footer].join('\n\n')}\n`,
    });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof WebhookFailure) return error.reason;
  if (!(error instanceof GatewayError)) throw error;
  return error.cause instanceof DeliveryFailure ? error.cause.kind : error.code;
}
