import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, Timer } from '../clock.ts';
import { referenceTo, type SessionRecord, type Sessions } from '../sessions/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { Store, Subscription } from '../storage/index.ts';
import { judgeUser, type UserQuestions } from './gate-user.ts';

/** Milliseconds: exemptions run out without anybody saying so, and what failed is tried again. */
const interval = 60_000;
/** Sessions looked at before others get their turn. */
const atOnce = 20;

/**
 * Ends the password-only sessions of everybody who has become subject to two factors, and of those who are gone,
 * within a second of the change; whether their users show up or not.
 */
export class KeepSessions {
  readonly #store: Pick<Store, 'subscribe'>;
  readonly #sessions: Sessions;
  readonly #settings: SettingsReader;
  readonly #questions: UserQuestions;
  readonly #clock: Clock;
  #subscription: Subscription | undefined;
  #stopSettings: (() => void) | undefined;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(options: {
    store: Pick<Store, 'subscribe'>;
    sessions: Sessions;
    settings: SettingsReader;
    questions: UserQuestions;
    clock: Clock;
  }) {
    this.#store = options.store;
    this.#sessions = options.sessions;
    this.#settings = options.settings;
    this.#questions = options.questions;
    this.#clock = options.clock;
  }

  start(): void {
    this.#subscription = this.#store.subscribe('accounts', {
      message: () => this.#look(),
      hearing: () => this.#look(),
    });
    this.#stopSettings = this.#settings.onChange(() => this.#look());
    this.#timer = this.#clock.every(interval, () => this.#look());
    this.#look();
  }

  /** Stops listening. Resolves when what was under way has ended. */
  async close(): Promise<void> {
    this.#subscription?.close();
    this.#stopSettings?.();
    this.#timer?.cancel();
    this.#again = false;
    await this.#running;
  }

  /** One round at a time; whatever is announced during a round makes another one. */
  #look(): void {
    this.#again = true;
    this.#running ??= this.#rounds().finally(() => {
      this.#running = undefined;
    });
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#round();
      } catch {
        // The store or a directory can't be asked: the gate refuses meanwhile, and the timer tries again.
      }
    }
  }

  async #round(): Promise<void> {
    let after: string | undefined;
    do {
      const page = await this.#sessions.listPasswordOnly({
        limit: atOnce,
        ...(after === undefined ? {} : { after }),
      });
      for (const session of page.items) await this.#judge(session);
      await turn();
      after = page.next;
    } while (after !== undefined);
  }

  async #judge(session: SessionRecord): Promise<void> {
    const verdict = await judgeUser(session, this.#questions, this.#settings);
    if (verdict.result === 'stays') return;
    await this.#sessions.revoke(referenceTo(session), { reason: verdict.reason, actor: 'system' });
  }
}
