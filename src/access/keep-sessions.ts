import { setImmediate as turn } from 'node:timers/promises';
import { defaultSubscription } from '../accounts/index.ts';
import type { Clock, Timer } from '../clock.ts';
import {
  isPasswordOnly,
  referenceTo,
  type SessionRecord,
  type Sessions,
  type Validity,
} from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { Json, Page, Store, Subscription } from '../storage/index.ts';
import { readMessage } from './gate-message.ts';
import { judgeUser, type UserQuestions } from './gate-user.ts';

/** Milliseconds: exemptions run out without anybody saying so, and what failed is tried again. */
const interval = 60_000;
/** Sessions looked at before others get their turn. */
const atOnce = 20;

/**
 * Keeps stored sessions true to what has changed, whether their users show up or not. Ends the password-only ones of
 * everybody who has become subject to two factors, or is gone, within a second; and writes down which sessions
 * shortened settings have ended, so that lengthening them again brings none back.
 */
export class KeepSessions {
  readonly #store: Pick<Store, 'subscribe'>;
  readonly #sessions: Sessions;
  readonly #settings: SettingsReader;
  readonly #questions: UserQuestions;
  readonly #clock: Clock;
  readonly #subscriptions: () => readonly string[];
  #subscription: Subscription | undefined;
  #stopSettings: (() => void) | undefined;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  /** What is to be looked at in the next round. */
  #everybody = false;
  readonly #users = new Set<string>();
  #moved = false;
  readonly #shortened = new Set<string>();
  readonly #validity = new Map<string, Validity>();

  constructor(options: {
    store: Pick<Store, 'subscribe'>;
    sessions: Sessions;
    settings: SettingsReader;
    questions: UserQuestions;
    clock: Clock;
    /** Ids of the subscriptions there are. Default: `default` alone. */
    subscriptions?: () => readonly string[];
  }) {
    this.#subscriptions = options.subscriptions ?? (() => [defaultSubscription]);
    this.#store = options.store;
    this.#sessions = options.sessions;
    this.#settings = options.settings;
    this.#questions = options.questions;
    this.#clock = options.clock;
  }

  start(): void {
    for (const id of this.#subscriptions()) this.#validity.set(id, this.#sessions.validity(id));
    this.#subscription = this.#store.subscribe('accounts', {
      message: (message) => this.#accountChanged(message),
      hearing: () => this.#lookAtEverybody(),
    });
    this.#stopSettings = this.#settings.onChange((subscription) => this.#settingsChanged(subscription));
    this.#timer = this.#clock.every(interval, () => this.#lookAtEverybody());
    this.#lookAtEverybody();
  }

  /** Users may belong elsewhere than before: ends the sessions of those who do. */
  usersChanged(): void {
    this.#moved = true;
    this.#lookAtEverybody();
  }

  /** Stops listening. Resolves when what was under way has ended. */
  async close(): Promise<void> {
    this.#subscription?.close();
    this.#stopSettings?.();
    this.#timer?.cancel();
    await this.#running;
  }

  #accountChanged(message: Json): void {
    const { user } = readMessage(message);
    if (user === undefined) {
      this.#lookAtEverybody();
      return;
    }
    this.#users.add(user);
    this.#look();
  }

  #settingsChanged(subscription: string): void {
    const before = this.#validity.get(subscription);
    const now = this.#sessions.validity(subscription);
    this.#validity.set(subscription, now);
    if (before === undefined || isShorter(now, before)) this.#shortened.add(subscription);
    this.#lookAtEverybody();
  }

  #lookAtEverybody(): void {
    this.#everybody = true;
    this.#look();
  }

  /** One round at a time; whatever is announced during a round makes another one. */
  #look(): void {
    this.#running ??= this.#rounds();
  }

  async #rounds(): Promise<void> {
    try {
      while (this.#everybody || this.#users.size > 0 || this.#shortened.size > 0 || this.#moved)
        await this.#round();
    } catch {
      // The store can't be asked: the gate refuses meanwhile, and the timer tries again.
    } finally {
      // In the very turn of the last look, so that nothing announced now is left to the timer.
      this.#running = undefined;
    }
  }

  async #round(): Promise<void> {
    const users = [...this.#users];
    const everybody = this.#everybody;
    this.#users.clear();
    this.#everybody = false;
    if (this.#moved) {
      this.#moved = false;
      await this.#endMoved().catch((error: unknown) => {
        this.#moved = true;
        throw error;
      });
    }
    for (const subscription of this.#shortened) await this.#writeExpiries(subscription);
    if (everybody) await this.#judgeAll((query) => this.#sessions.listPasswordOnly(query));
    else {
      for (const user of users) {
        for (const id of this.#subscriptions()) {
          await this.#judgeAll((query) => this.#sessions.list({ ...query, prefix: `${id}/${user}/` }));
        }
      }
    }
  }

  async #judgeAll(list: (query: Query) => Promise<Page<SessionRecord>>): Promise<void> {
    await forEach(list, async (session) => {
      if (!isPasswordOnly(session) || session.state.name === 'revoked') return;
      // One user of whom nothing can be learned now must not keep the others' sessions alive.
      await this.#judge(session).catch(() => {});
    });
  }

  /** Every session, its user in sight or not: or it would be good again for whoever is moved back. */
  async #endMoved(): Promise<void> {
    await forEach(
      (query) => this.#sessions.list(query),
      async (session) => {
        if (session.state.name === 'revoked' || session.state.name === 'expired') return;
        await this.#judge(session).catch(() => {});
      },
    );
  }

  async #judge(session: SessionRecord): Promise<void> {
    const verdict = await judgeUser(session, this.#questions, this.#settings);
    if (verdict.result === 'stays') return;
    await this.#sessions.revoke(referenceTo(session), { reason: verdict.reason, actor: 'system' });
  }

  async #writeExpiries(subscription: string): Promise<void> {
    const prefix = `${subscription}/`;
    await forEach(
      (query) => this.#sessions.list({ ...query, prefix }),
      async (session) => {
        const { state } = session;
        const judged = this.#sessions.stateOf(session);
        if (judged === state || judged.name !== 'expired') return;
        await this.#sessions.expire(referenceTo(session), judged.at, state);
      },
    );
    this.#shortened.delete(subscription);
  }
}

type Query = { readonly after?: string; readonly limit: number };

/** Page by page, letting others have their turn in between: there may be very many. */
async function forEach(
  list: (query: Query) => Promise<Page<SessionRecord>>,
  task: (session: SessionRecord) => Promise<void>,
): Promise<void> {
  let after: string | undefined;
  do {
    const page = await list({ limit: atOnce, ...(after === undefined ? {} : { after }) });
    for (const session of page.items) await task(session);
    after = page.next;
    await turn();
  } while (after !== undefined);
}

const isShorter = (now: Validity, before: Validity): boolean =>
  now.before < before.before || now.after < before.after || now.countFrom !== before.countFrom;
