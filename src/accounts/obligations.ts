import type { Clock } from '../clock.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { DirectoryUser, EnabledEntry, Obligation } from './account.ts';
import { type EnabledList, isSameSubject } from './enabled-list.ts';
import type { FactorDocuments } from './factor-documents.ts';
import { type ObligationQuestion, obligation } from './obligation.ts';

/** Answers whether two factors apply to a user now, from the list, the settings and the user's own document. */
export class Obligations {
  readonly #parts: {
    list: EnabledList;
    factors: FactorDocuments;
    settings: SettingsReader;
    clock: Pick<Clock, 'now'>;
  };

  constructor(parts: {
    list: EnabledList;
    factors: FactorDocuments;
    settings: SettingsReader;
    clock: Pick<Clock, 'now'>;
  }) {
    this.#parts = parts;
  }

  /** As the list, the switch and the roles are now. Rejects with `store-unavailable`. */
  async of(subscription: string, user: DirectoryUser, administrator: boolean): Promise<Obligation> {
    const question = await this.#question(subscription, user, administrator);
    return obligation(question, this.#parts.settings.current(subscription));
  }

  /**
   * As it would be with the switch on: switching two factors off keeps enrolments, so it must not decide which
   * of them go. `without`: as if these subjects were not on the list.
   */
  async listed(
    subscription: string,
    user: DirectoryUser,
    administrator: boolean,
    without: readonly string[] = [],
  ): Promise<Obligation> {
    const question = await this.#question(subscription, user, administrator);
    const { everyone, user: own, groups } = question.listing;
    const stays = (entry: EnabledEntry | undefined) =>
      entry !== undefined && !without.some((subject) => isSameSubject(entry.subject, subject));
    const listing = {
      everyone: stays(everyone) ? everyone : undefined,
      user: stays(own) ? own : undefined,
      groups: groups.filter(stays),
    };
    return obligation({ ...question, listing }, { enabled: true });
  }

  async #question(
    subscription: string,
    user: DirectoryUser,
    administrator: boolean,
  ): Promise<ObligationQuestion> {
    const { list, factors, clock } = this.#parts;
    const [listing, document] = await Promise.all([
      list.of(subscription, user),
      factors.read(subscription, user.key),
    ]);
    return {
      listing,
      groupsComplete: user.groupsComplete,
      administrator,
      knownSince: Math.max(user.createdAt ?? 0, document.factors.resetAt ?? 0),
      now: clock.now(),
    };
  }
}
