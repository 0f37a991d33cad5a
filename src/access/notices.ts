import { type DirectoryUser, defaultSubscription, subscriptionOf } from '../accounts/index.ts';
import type { AuditEvent } from '../audit/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Clock } from '../clock.ts';
import type { Senders } from '../delivery/index.ts';
import { GatewayError } from '../errors.ts';
import type { SettingsReader } from '../settings/index.ts';
import { noticeMail } from './notice-mail.ts';
import { type Notice, noticesOf } from './notices-of.ts';
import type { UserLanguages } from './user-languages.ts';

export type NoticesOptions = {
  clock: Clock;
  senders: Senders;
  catalogue: Pick<Catalogue, 'text'>;
  settings: Pick<SettingsReader, 'current'>;
  languages: UserLanguages;
  log: { warn(fields: Record<string, unknown>, message: string): void };
  /** What the site is called, and the address of its account page. */
  site: { readonly name: string; readonly accountUrl: string };
  findUser(key: string): Promise<DirectoryUser | undefined>;
  /** Where mail to a user goes; undefined for somebody without an address. */
  addressOf(user: DirectoryUser): Promise<string | undefined>;
  /** The keys of those who administer a subscription. */
  owners(subscription: string): AsyncIterable<string>;
};

type Heard = { readonly event: AuditEvent; readonly at: number };

/** Events that wait to be told; a mail server that is down must not fill the memory. */
const mostWaiting = 500;
/** Milliseconds that what still waits gets when the gateway stops. */
const grace = 5_000;

/**
 * Tells users by mail what happened to their account, in the language they last signed in in. Hears everything that
 * is recorded, and delays nothing: mails are sent one after the other in the background, each once; what fails is in
 * the audit log. Without a mail server, or an address, nobody is told.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #waiting: Heard[] = [];
  #working: Promise<void> | undefined;
  #dropping = false;
  #closed = false;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** Never throws, never waits. */
  hear(event: AuditEvent): void {
    const concerns = event.type === 'sign-in.done' || noticesOf(event).length > 0;
    if (!concerns || this.#closed) return;
    if (this.#waiting.length >= mostWaiting) {
      if (!this.#dropping) this.#options.log.warn({ waiting: mostWaiting }, 'notices to users are dropped');
      this.#dropping = true;
      return;
    }
    this.#waiting.push({ event, at: this.#options.clock.now() });
    this.#working ??= this.#work();
  }

  /** Resolves when everybody has been told what was heard so far, or that failed. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Hears nothing more, and gives what still waits five seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#working === undefined) return;
    const working = this.#working;
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(grace, resolve);
      void working.then(() => {
        timer.cancel();
        resolve();
      });
    });
    this.#waiting.length = 0;
  }

  async #work(): Promise<void> {
    // Whoever records an event goes on first.
    await undefined;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#tell(next);
      } catch (error) {
        // Failed deliveries are recorded where they fail; anything else must not stop the next one.
        if (!isDelivery(error)) this.#options.log.warn({ error }, 'a notice could not be sent');
      }
    }
    this.#dropping = false;
    this.#working = undefined;
  }

  async #tell({ event, at }: Heard): Promise<void> {
    const { languages, senders } = this.#options;
    const { subscription = defaultSubscription } = event;
    if (event.type === 'sign-in.done' && event.language !== undefined) {
      await languages.remember(subscription, event.user, event.language);
    }
    if (!senders.configured(subscription, 'email')) return;
    for (const notice of noticesOf(event)) {
      for await (const user of this.#audience(notice, subscription)) {
        await this.#send(notice, user, subscription, at);
      }
    }
  }

  async *#audience({ to, user }: Notice, subscription: string): AsyncGenerator<string> {
    if (to === 'user') yield user;
    else yield* this.#options.owners(subscription);
  }

  async #send(notice: Notice, key: string, subscription: string, at: number): Promise<void> {
    const { senders, catalogue, languages, settings, site } = this.#options;
    const user = await this.#options.findUser(key);
    const address = user === undefined ? undefined : await this.#options.addressOf(user);
    if (address === undefined) return;
    const language = await languages.of(user === undefined ? subscription : subscriptionOf(user), key);
    const { helpdesk } = settings.current(subscription);
    const frame = { site: site.name, accountUrl: site.accountUrl, helpdesk, at };
    const mail = noticeMail(catalogue, language, notice, frame);
    try {
      await senders.sendEmail({ subscription, to: address, user: key, purpose: 'notice', ...mail });
    } catch (error) {
      // The next administrator may have an address that works.
      if (!isDelivery(error)) throw error;
    }
  }
}

const isDelivery = (error: unknown): boolean =>
  error instanceof GatewayError &&
  ['sender-unavailable', 'invalid-address', 'budget-exhausted'].includes(error.code);
