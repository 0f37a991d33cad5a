import type { Obligation } from '../accounts/index.ts';
import type { Settings } from '../settings/index.ts';

export type LogonProtocol = 'rdp' | 'ssh';

/** Why somebody may, or may not; each has its text in the catalogue under `logon.<reason>`. */
export type LogonReason =
  | 'two-factor-off'
  | 'exempt'
  | 'not-enabled'
  | 'whitelisted'
  | 'reconnect'
  | 'permitted'
  | 'verified'
  | 'unknown-user'
  | 'ambiguous-user'
  | 'directory-unavailable'
  | 'user-disabled'
  | 'not-assigned'
  | 'not-enabled-denied'
  | 'logons-denied'
  | 'click-needed'
  | 'session-ended'
  | 'not-verified'
  | 'other-address';

/** What is known when a server asks. */
export type LogonFacts =
  | { readonly person: 'unknown' | 'ambiguous' | 'directory-unavailable' | 'disabled' }
  | {
      readonly person: 'known';
      readonly protocol: LogonProtocol;
      /** Whether the applications that name this server, if any does, are for them. */
      readonly assigned: boolean;
      readonly obligation: Obligation;
      readonly settings: Pick<Settings, 'unlistedUsers' | 'rdpLogon'>;
      readonly whitelisted: boolean;
      /**
       * Their logon on this server still exists, as the server says, and was let in by a 2FA session that is still valid:
       * `over` where that has ended.
       */
      readonly earlier: 'valid' | 'over' | 'none';
      /** Their click for this server, of the last two minutes. `over`: its 2FA session has ended since. */
      readonly permit: 'valid' | 'over' | 'none';
      /** A valid 2FA session with a second factor; `elsewhere`: only from other addresses than the server reports. */
      readonly session: 'valid' | 'elsewhere' | 'none';
    };

/** `by`: what the logon is let in by, and what it then takes or opens. */
export type LogonVerdict =
  | {
      readonly decision: 'allow';
      readonly reason: LogonReason;
      readonly by?: 'earlier' | 'permit' | 'session';
    }
  | { readonly decision: 'deny'; readonly reason: LogonReason };

const allow = (reason: LogonReason, by?: 'earlier' | 'permit' | 'session'): LogonVerdict =>
  by === undefined ? { decision: 'allow', reason } : { decision: 'allow', reason, by };
const deny = (reason: LogonReason): LogonVerdict => ({ decision: 'deny', reason });

/**
 * Whether somebody may log on to an application server, in this order (decision 36): nobody in particular, or somebody
 * whom the server is not for, may not; who needs no second factor may; the RDP whitelist spares RDP the code; then the
 * mode decides, within which a logon that still exists may be taken up again.
 */
export function decideLogon(facts: LogonFacts): LogonVerdict {
  if (facts.person !== 'known') return deny(strangers[facts.person]);
  const { obligation, settings } = facts;
  // Not a matter of factors: who may use a server at all.
  if (!facts.assigned) return deny('not-assigned');
  if (!obligation.required) {
    if (obligation.rule === 'switched-off') return allow('two-factor-off');
    if (obligation.rule === 'exempt') return allow('exempt');
    return settings.unlistedUsers === 'allow' ? allow('not-enabled') : deny('not-enabled-denied');
  }
  if (facts.protocol === 'rdp' && facts.whitelisted) return allow('whitelisted');
  if (settings.rdpLogon === 'deny') return deny('logons-denied');
  if (facts.earlier === 'valid') return allow('reconnect', 'earlier');
  if (settings.rdpLogon === 'on-request') {
    if (facts.permit === 'valid') return allow('permitted', 'permit');
    return deny(facts.permit === 'over' || facts.earlier === 'over' ? 'session-ended' : 'click-needed');
  }
  if (facts.session === 'valid') return allow('verified', 'session');
  return deny(facts.session === 'elsewhere' ? 'other-address' : 'not-verified');
}

const strangers = {
  unknown: 'unknown-user',
  ambiguous: 'ambiguous-user',
  'directory-unavailable': 'directory-unavailable',
  disabled: 'user-disabled',
} as const;
