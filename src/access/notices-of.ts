import type { AuditEvent, Origin } from '../audit/index.ts';

/** What a notice is about; the catalogue has its subject and text under `notices.<kind>`. */
export type NoticeKind =
  | 'factor-added'
  | 'factor-removed'
  | 'recovery-renewed'
  | 'recovery-used'
  | 'bypass-issued'
  | 'bypass-used'
  | 'password-changed'
  | 'reset'
  | 'new-device'
  | 'password-known'
  | 'user-password-known';

/** A mail that is to be written. */
export type Notice = {
  readonly kind: NoticeKind;
  /** The user it is about, or the administrators of the site. */
  readonly to: 'user' | 'owners';
  readonly user: string;
  readonly name: string;
  readonly method?: string;
  /** Unix milliseconds. */
  readonly until?: number;
  readonly origin?: Origin;
};

/** What people are told of an event: nothing of most. */
export function noticesOf(event: AuditEvent): readonly Notice[] {
  if (!('user' in event) || event.user === undefined || !('name' in event)) return [];
  const origin = 'origin' in event && event.origin !== undefined ? { origin: event.origin } : {};
  const about = { to: 'user', user: event.user, name: event.name, ...origin } as const;
  switch (event.type) {
    case 'enrolment.confirmed':
      return [{ kind: 'factor-added', method: event.method, ...about }];
    case 'factor.removed':
      return [
        { kind: 'factor-removed', ...(event.method === undefined ? {} : { method: event.method }), ...about },
      ];
    case 'recovery.regenerated':
      return [{ kind: 'recovery-renewed', ...about }];
    case 'password.changed':
      return [{ kind: 'password-changed', ...about }];
    case 'user.reset':
      return [{ kind: 'reset', ...about }];
    case 'bypass.issued':
      return [{ kind: 'bypass-issued', until: event.until, ...about }];
    case 'sign-in.factor':
      if (event.result !== 'accepted') return [];
      if (event.method === 'recovery') return [{ kind: 'recovery-used', ...about }];
      return event.method === 'bypass' ? [{ kind: 'bypass-used', ...about }] : [];
    case 'sign-in.done':
      return event.newDevice === true ? [{ kind: 'new-device', ...about }] : [];
    case 'compromised-password':
      return [
        { kind: 'password-known', ...about },
        { kind: 'user-password-known', ...about, to: 'owners' },
      ];
    default:
      return [];
  }
}
