import type { AuditEventType } from './event.ts';
import { severityName } from './syslog-message.ts';

/** What each event says, for the reference documentation; a new event does not compile without its line. */
const descriptions: Record<AuditEventType, string> = {
  'sign-in.password': 'A name and password were checked.',
  'sign-in.factor': 'A second factor was tried.',
  'sign-in.done': 'A sign-in was completed and a 2FA session granted.',
  'sign-in.refused': 'A sign-in was refused for another reason than a wrong password or code.',
  'enrolment.started': 'A user was shown the key of a new second factor.',
  'enrolment.confirmed': 'A code proved the new second factor, and it was saved.',
  'factor.removed': 'A second factor was removed.',
  'recovery.regenerated': 'A user got new recovery codes; the old ones are void.',
  'password.changed': 'A local password was changed or set.',
  'session.active': 'The first remote session made a 2FA session active.',
  'session.renewed':
    'A second factor was proven anew in the middle of a 2FA session: both its clocks begin again.',
  'session.revoked': 'A 2FA session was ended before its time.',
  'remote-session.start': 'A remote session was opened.',
  'remote-session.end': 'A remote session was closed.',
  'remote-session.closed': 'An administrator closed a remote session, and said why.',
  'request.refused': 'The gate refused a request or an upgrade.',
  'request.suspicious': 'A request was malformed in a way that attacks are.',
  lockout: 'Too many wrong tries shut a count, for a while or until an administrator unlocks it.',
  'compromised-password': 'Five wrong codes followed a right password: somebody has that password.',
  'user.added': 'An account was created.',
  'user.reset': "A user's second factors were emptied; the next sign-in enrols afresh.",
  'user.removed': 'An account was deleted.',
  'user.enabled': 'A disabled account was switched on again.',
  'user.disabled': 'An account was switched off.',
  'user.unlocked': 'A lock was lifted.',
  'user.changed': 'An account was renamed, or its groups or details changed.',
  'licence.activated': 'A licence was activated: for how many users, and until when.',
  'subscription.created': 'A subscription was created.',
  'subscription.changed': 'A subscription was renamed, or what belongs to it was changed.',
  'subscription.removed': 'A subscription was deleted.',
  'user.moved':
    'A user signed in who belonged to another subscription the last time, and has nothing of what was there.',
  'group.added': 'A local group was created.',
  'group.removed': 'A local group was deleted.',
  'list.changed': 'The list of who is enabled for two factors was changed.',
  'list.undone': 'A removal from that list was undone.',
  'role.changed': 'A user was given a role in Sallyport, another one, or none any more.',
  'invitation.issued': 'A one-time link was made that gives a role.',
  'invitation.withdrawn': 'Such a link was voided before it was used.',
  'invitation.accepted': 'Somebody took such a role, with a second factor enrolled.',
  'api-access.created': 'An API token was made.',
  'api-access.revoked': 'An API token was revoked, or ended with the administrator who made it.',
  'api-access.refused': 'A program called with an API token that is none, or is good no more.',
  'audit.exported': 'Entries of this log were taken away as a file.',
  'bypass.issued': 'The helpdesk made a code that stands in for the second factor once.',
  'bypass.withdrawn': 'Such a code was voided before its time, or by a newer one.',
  'bypass.expired': 'Such a code ended without having been used.',
  'ticket.issued': 'An administrator made a one-time ticket for an enrolment.',
  'rdp-whitelist.changed': 'Who may connect with an RDP client without a code was changed.',
  'logon.checked': 'An application server asked whether somebody may log on by RDP or SSH, and was told.',
  'logon.permitted':
    'A user permitted, in the launcher, one logon of theirs on one server within two minutes.',
  'users.exported': 'Users with their state were taken away as a file, without secrets.',
  'users.imported': 'Users were put on the list from a file; each of them has an entry of their own besides.',
  'setting.changed': 'A run-time setting was changed.',
  'owner.ticket': 'A one-time link for the owner was made.',
  'owner.created': 'The owner was created by such a link.',
  'owner.recovered': 'An administrator was let in again from the server itself.',
  'keys.rotated': 'The master key or the signing keys were rotated.',
  'server.health': 'An application server came up, went down, or is being drained.',
  'directory.health': 'A directory stopped answering, or answers again.',
  'alert.receiver-added': 'An administrator asked to be told of events, by email or webhook.',
  'alert.receiver-removed': 'A receiver of alerts was taken away.',
  'alert.sent': 'A receiver of alerts was told of something.',
  'alert.failed': 'An alert could not be delivered, after all tries.',
  'branding.changed': 'The name, logo, accent colour or terms of the pages were changed.',
  'terms.accepted': 'A user accepted the terms, of this version.',
  'gateway.started': 'The gateway started.',
  'gateway.stopped': 'The gateway stopped.',
  'gateway.reloaded': 'The gateway took over a changed configuration.',
  'certificate.renewed': 'A certificate of the gateway was replaced by the renewed one in its file.',
  'certificate.unusable': "A certificate's files changed and can't be used; the one before stays.",
  'certificate.expiring':
    'A certificate of the gateway ends within two weeks, or has ended. Told once a day.',
  'message.sent': 'Twilio or the mail server took a message to a user.',
  'message.failed': 'A message could not be sent; the provider says why.',
  'message.refused': 'A message was not sent because of our own rules: country, budget, recipient.',
  'sender.changed': 'The SMS or email sender was set up or changed.',
  'sender.removed': 'The SMS or email sender was removed.',
  'application.added': 'An application was added at run time.',
  'application.changed': 'An application of the store was changed.',
  'application.removed': 'An application of the store was removed.',
  'directory.added': 'A directory was added at run time.',
  'directory.changed': 'A directory of the store was changed.',
  'directory.removed': 'A directory of the store was removed.',
  'server.drained': 'An administrator let an application server take no new users and remote sessions.',
  'server.resumed': 'An administrator let an application server take new users and remote sessions again.',
  'store.backed-up': 'A backup of the store was made.',
  'store.restored': 'A backup was put in place of the store.',
  'store.deaf': "The store's messages stopped arriving; nothing remembered is trusted.",
  'store.hearing': "The store's messages arrive again.",
  'store.lost': 'The store stopped answering; nobody new is let in.',
  'store.back': 'The store answers again.',
  'clock.off': 'The clock of this machine is off.',
};

/** Every type of event there is. */
export const auditEventTypes = Object.keys(descriptions) as readonly AuditEventType[];

/**
 * A Markdown table of every audit event: its type, what happened, how syslog ranks it, and its fields where they are
 * known.
 */
export function describeEvents(fields: ReadonlyMap<string, readonly string[]> = new Map()): string {
  const rows = auditEventTypes.map((type) => {
    const named = (fields.get(type) ?? []).map((field) => `\`${field}\``).join(', ');
    return `| \`${type}\` | ${descriptions[type]} | ${severityName(type)} | ${named} |`;
  });
  return ['| event | what happened | severity | fields |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}
