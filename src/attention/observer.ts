import type { AuditEvent } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Concern } from './concern.ts';
import { LockoutWave, type LockoutWaveParts } from './lockout-wave.ts';
import type { StandingConcerns } from './standing-concerns.ts';
import { subscriptionOfEvent } from './subscription-of-event.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Failures of a provider that the next message would meet as well; others concern one message alone. */
const lasting = new Set([
  'unreachable',
  'no-answer',
  'unintelligible',
  'provider-trouble',
  'credentials',
  'sender',
  'insecure',
]);

type Change = {
  readonly raise?: Concern;
  readonly clear?: readonly Pick<Concern, 'kind' | 'subject'>[];
  /** Milliseconds; absent: until cleared. */
  readonly lasts?: number;
};

/** What an event begins or ends. Pure. */
export function concernsOf(event: AuditEvent): Change {
  switch (event.type) {
    case 'server.health': {
      const { application, server, state } = event;
      const subject = `${application} ${server}`;
      if (state !== 'down') return { clear: [{ kind: 'server-down', subject }] };
      return { raise: { kind: 'server-down', subject, serious: true, params: { application, server } } };
    }
    case 'directory.health': {
      const { directory, state } = event;
      if (state === 'up') return { clear: [{ kind: 'directory-down', subject: directory }] };
      return { raise: { kind: 'directory-down', subject: directory, serious: true, params: { directory } } };
    }
    case 'certificate.expiring': {
      const { certificate: file, expiresAt } = event;
      // Told once a day; the number of days is that of the listing, not of this moment.
      const params = { file, until: new Date(expiresAt).toISOString().slice(0, 10) };
      const raise: Concern = { kind: 'certificate-expiring', subject: file, serious: true, params };
      return { raise, lasts: 26 * hour };
    }
    case 'certificate.unusable': {
      const params = { file: event.certificate, reason: event.reason };
      return { raise: { kind: 'certificate-unusable', subject: event.certificate, serious: true, params } };
    }
    case 'certificate.renewed': {
      const { certificate: subject } = event;
      return {
        clear: [
          { kind: 'certificate-expiring', subject },
          { kind: 'certificate-unusable', subject },
        ],
      };
    }
    case 'clock.off': {
      const params = { seconds: Math.abs(Math.round(event.offset * 10) / 10) };
      return { raise: { kind: 'clock-off', subject: '', serious: true, params }, lasts: day };
    }
    case 'message.failed': {
      if (!lasting.has(event.reason)) return {};
      const { channel, reason } = event;
      return {
        raise: { kind: 'sender-down', subject: channel, serious: true, params: { channel, reason } },
        lasts: hour,
      };
    }
    case 'message.sent':
      return { clear: [{ kind: 'sender-down', subject: event.channel }] };
    case 'compromised-password': {
      const { user, name } = event;
      return {
        raise: { kind: 'password-known', subject: user, serious: true, params: { name } },
        lasts: day,
      };
    }
    case 'password.changed':
      return { clear: [{ kind: 'password-known', subject: event.user }] };
    default:
      return {};
  }
}

/** Makes standing concerns of what is recorded. */
export class Observer {
  readonly #concerns: StandingConcerns;
  readonly #wave: LockoutWave;
  /** What may stand: most events end something that never began, and must not cost a question each. */
  readonly #perhaps = new Set<string>();

  constructor(parts: LockoutWaveParts & { readonly concerns: StandingConcerns; readonly clock: Clock }) {
    this.#concerns = parts.concerns;
    this.#wave = new LockoutWave(parts);
  }

  /** Learns what stood when this process started. Rejects with `store-unavailable`. */
  async start(subscriptions: readonly string[]): Promise<void> {
    for (const subscription of subscriptions) {
      for (const { kind, subject } of await this.#concerns.list(subscription)) {
        this.#perhaps.add(`${subscription}/${kind}/${subject}`);
      }
    }
  }

  /** Never throws, never waits. */
  hear(event: AuditEvent): void {
    const subscription = subscriptionOfEvent(event);
    const { raise, clear = [], lasts } = concernsOf(event);
    if (raise !== undefined) {
      this.#perhaps.add(`${subscription}/${raise.kind}/${raise.subject}`);
      this.#concerns.raise(subscription, raise, lasts);
    }
    for (const over of clear) this.over(subscription, over);
    if (event.type === 'lockout' && event.scope !== 'address') {
      void this.#wave.count(subscription, event.subject);
    }
  }

  /** Something that no event tells of is over. */
  over(subscription: string, concern: Pick<Concern, 'kind' | 'subject'>): void {
    if (this.#perhaps.delete(`${subscription}/${concern.kind}/${concern.subject}`)) {
      this.#concerns.clear(subscription, concern);
    }
  }

  settled(): Promise<void> {
    return this.#wave.settled();
  }
}
