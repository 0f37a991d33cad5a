/** Where a request came from, as far as it can be told. */
export type Origin = { address: string; browser?: string };

/** The person or program that caused an event: a user key, `cli`, or `system`. */
export type Actor = string;

/** A message on its way to a person: never its text or code, nor the whole number or address. */
type Message = {
  subscription: string;
  channel: 'sms' | 'email';
  purpose: 'code' | 'notice' | 'test';
  /** The last two digits, or the first letter and the domain. */
  to: string;
  /** The key of the user it was for. */
  user?: string;
};

/**
 * What happened, in one closed union: `type` is stable and documented. Never a secret, a code, a token or a
 * whole phone number. `user` is a user key (`directory:id`), `name` what the person typed or is called.
 */
export type AuditEvent = Happening & {
  /** What it concerns; absent: `default`, or the whole site. */
  subscription?: string;
};

type Happening =
  | {
      type: 'sign-in.password';
      result: 'accepted' | 'refused' | 'locked';
      user?: string;
      /** What was typed; of a name that nobody has, only the beginning is kept: it may be a password. */
      name: string;
      reason?: string;
      /** How many alike this entry stands for, when there were too many to store each. */
      repeated?: number;
      origin: Origin;
    }
  | {
      type: 'sign-in.factor';
      result: 'accepted' | 'wrong' | 'replayed' | 'drift' | 'malformed' | 'locked';
      user: string;
      name: string;
      method: string;
      session?: string;
      repeated?: number;
      origin: Origin;
    }
  | {
      type: 'sign-in.done';
      user: string;
      name: string;
      session: string;
      amr: readonly string[];
      /** Two factors were proven in a browser that had never done so for this user. */
      newDevice?: boolean;
      /** The language of the pages. */
      language?: string;
      origin: Origin;
    }
  | { type: 'sign-in.refused'; user?: string; name: string; reason: string; origin: Origin }
  | {
      type: 'enrolment.started' | 'enrolment.confirmed';
      user: string;
      name: string;
      method: string;
      origin: Origin;
    }
  | {
      type: 'factor.removed' | 'recovery.regenerated' | 'password.changed';
      user: string;
      name: string;
      method?: string;
      actor: Actor;
      origin?: Origin;
    }
  | {
      type: 'session.active';
      user: string;
      name: string;
      session: string;
      application: string;
      origin: Origin;
    }
  | {
      type: 'session.renewed';
      user: string;
      name: string;
      session: string;
      method: string;
      origin: Origin;
    }
  | {
      type: 'session.revoked';
      user: string;
      session?: string;
      reason: string;
      /** In the administrator's words, where one ended it. */
      note?: string;
      actor: Actor;
    }
  | {
      type: 'remote-session.start';
      user: string;
      name: string;
      session: string;
      application: string;
      server: string;
      tunnel: string;
      origin: Origin;
    }
  | {
      type: 'remote-session.end';
      user: string;
      name: string;
      session: string;
      application: string;
      server: string;
      tunnel: string;
      origin: Origin;
      reason: string /** seconds */;
      duration: number;
      bytesIn: number;
      bytesOut: number;
    }
  | {
      /** Closed by an administrator. */
      type: 'remote-session.closed';
      user: string;
      name: string;
      session: string;
      application: string;
      server: string;
      tunnel: string;
      /** In the administrator's words. */
      note: string;
      actor: Actor;
    }
  | {
      type: 'request.refused';
      code: string;
      user?: string;
      session?: string;
      application?: string;
      upgrade: boolean;
      repeated?: number;
      origin: Origin;
    }
  | { type: 'request.suspicious'; reason: string; repeated?: number; origin: Origin }
  | {
      type: 'lockout';
      scope: 'user-codes' | 'user-password' | 'address';
      subject: string;
      until?: number;
      origin?: Origin;
    }
  | { type: 'compromised-password'; user: string; name: string; origin: Origin }
  | {
      type:
        | 'user.added'
        | 'user.reset'
        | 'user.removed'
        | 'user.enabled'
        | 'user.disabled'
        | 'user.unlocked'
        | 'user.changed';
      user: string;
      name: string;
      actor: Actor;
      reason?: string;
    }
  | { type: 'group.added' | 'group.removed'; group: string; actor: Actor }
  | {
      type: 'licence.activated';
      users: number;
      edition: string;
      /** Unix milliseconds. */
      until: number;
      actor: Actor;
    }
  | {
      type: 'subscription.created' | 'subscription.changed' | 'subscription.removed';
      subscription: string;
      name: string;
      /** What was changed. */
      reason?: string;
      actor: Actor;
    }
  | {
      type: 'user.moved';
      user: string;
      name: string;
      from: string;
      to: string;
    }
  | {
      type: 'list.changed';
      /** `everyone`, `user:<user key>` or `group:<directory>:<name>`. */
      subject: string;
      from: 'enabled' | 'exempt' | 'absent';
      to: 'enabled' | 'exempt' | 'absent';
      reason?: string /** Unix milliseconds, of exemptions */;
      until?: number;
      actor: Actor;
    }
  | { type: 'list.undone'; subject: string; actor: Actor }
  | {
      type: 'role.changed';
      user: string;
      name: string;
      from: string;
      to: string;
      /** Where the role holds; absent: in the whole site. */
      subscription?: string;
      actor: Actor;
    }
  | {
      type: 'invitation.issued' | 'invitation.withdrawn' | 'invitation.accepted';
      /** The user it is for; absent where accepting it makes the account. */
      user?: string;
      name: string;
      role: string;
      subscription?: string;
      actor: Actor;
      origin?: Origin;
    }
  | {
      type: 'api-access.created' | 'api-access.revoked';
      /** Of the API token; never its secret. */
      id: string;
      name: string;
      role: string;
      subscription?: string;
      /** Unix milliseconds. */
      until: number;
      /** The administrator with whom it ends. */
      user: string;
      reason?: string;
      actor: Actor;
    }
  | { type: 'audit.exported'; format: 'jsonl' | 'csv'; actor: Actor }
  | { type: 'api-access.refused'; reason: string; id?: string; repeated?: number; origin: Origin }
  | {
      type: 'bypass.issued';
      user: string;
      name: string;
      actor: Actor;
      reason: string;
      /** Unix milliseconds. */
      until: number;
    }
  | { type: 'bypass.withdrawn'; user: string; name: string; actor: Actor; reason: 'withdrawn' | 'replaced' }
  | { type: 'bypass.expired'; user: string /** Unix milliseconds. */; until: number }
  | { type: 'ticket.issued'; user: string; name: string; actor: Actor }
  | {
      type: 'rdp-whitelist.changed';
      user: string;
      name: string;
      how: 'added' | 'changed' | 'removed';
      reason: string;
      /** Unix milliseconds. */
      until?: number;
      actor: Actor;
    }
  | {
      /** A server asked whether somebody may log on to it. */
      type: 'logon.checked';
      result: 'allowed' | 'refused';
      reason: string;
      /** As the server has it: absent where it stands for nobody. */
      user?: string;
      name: string;
      server: string;
      protocol: 'rdp' | 'ssh';
      /** The 2FA session that let them in. */
      session?: string;
      actor: Actor;
      /** The user's address where the server has told it, else the server's own. */
      origin: Origin;
    }
  | {
      /** A click in the launcher. */
      type: 'logon.permitted';
      user: string;
      name: string;
      server: string;
      application: string;
      session: string;
      /** Unix milliseconds. */
      until: number;
      origin: Origin;
    }
  | { type: 'users.exported'; format: 'csv' | 'json'; actor: Actor }
  | { type: 'users.imported'; added: number; changed: number; secrets: number; actor: Actor }
  | { type: 'setting.changed'; subscription: string; key: string; from: string; to: string; actor: Actor }
  | {
      type: 'owner.ticket' | 'owner.created' | 'owner.recovered';
      name: string;
      actor: Actor;
      origin?: Origin;
    }
  | { type: 'keys.rotated'; kind: 'master' | 'signing'; actor: Actor }
  | {
      type: 'server.health';
      application: string;
      server: string;
      state: 'up' | 'down' | 'draining';
      reason?: string;
    }
  | {
      type: 'alert.receiver-added' | 'alert.receiver-removed';
      /** `email` or `webhook`; never where to. */
      channel: string;
      receiver: string;
      actor: Actor;
    }
  | { type: 'alert.sent' | 'alert.failed'; kind: string; receiver: string; reason?: string }
  | { type: 'branding.changed'; subscription: string; fields: readonly string[]; actor: Actor }
  | { type: 'terms.accepted'; user: string; name: string; version: string; origin: Origin }
  | { type: 'directory.health'; directory: string; state: 'up' | 'down'; reason?: string }
  | { type: 'gateway.started' | 'gateway.stopped' | 'gateway.reloaded'; version: string }
  | { type: 'certificate.renewed' | 'certificate.expiring'; certificate: string; expiresAt: number }
  | { type: 'certificate.unusable'; certificate: string; reason: string }
  | ({ type: 'message.sent' } & Message)
  | ({
      type: 'message.failed';
      /** As the catalogue explains it under `senders.failure.<reason>`. */
      reason: string;
      /** The provider's own code, and its sentence without anything secret. */
      providerError?: string;
      explanation?: string;
    } & Message)
  | ({
      type: 'message.refused';
      reason: 'not-configured' | 'recipient' | 'country' | 'budget' | 'busy';
    } & Message)
  | {
      type: 'sender.changed' | 'sender.removed';
      subscription: string;
      channel: 'sms' | 'email';
      /** Which of its fields; never their values. */
      fields: readonly string[];
      actor: Actor;
    }
  | {
      type: 'application.added' | 'application.changed' | 'application.removed';
      application: string;
      /** Which of its fields; never their values. */
      fields: readonly string[];
      actor: Actor;
    }
  | {
      type: 'directory.added' | 'directory.changed' | 'directory.removed';
      directory: string;
      fields: readonly string[];
      actor: Actor;
    }
  | { type: 'server.drained' | 'server.resumed'; application: string; server: string; actor: Actor }
  | { type: 'store.backed-up' | 'store.restored'; actor: Actor }
  | { type: 'store.deaf' | 'store.hearing' | 'store.lost' | 'store.back'; reason?: string }
  | { type: 'clock.off' /** seconds, positive when the server is ahead */; offset: number };

export type AuditEventType = AuditEvent['type'];
