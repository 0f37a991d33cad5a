import type { AuditEventType } from './event.ts';

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
  'session.revoked': 'A 2FA session was ended before its time.',
  'remote-session.start': 'A remote session was opened.',
  'remote-session.end': 'A remote session was closed.',
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
  'group.added': 'A local group was created.',
  'group.removed': 'A local group was deleted.',
  'list.changed': 'The list of who is enabled for two factors was changed.',
  'list.undone': 'A removal from that list was undone.',
  'role.changed': 'A user was made an administrator of Sallyport, or is one no more.',
  'bypass.issued': 'The helpdesk made a code that stands in for the second factor once.',
  'bypass.withdrawn': 'Such a code was voided before its time, or by a newer one.',
  'bypass.expired': 'Such a code ended without having been used.',
  'ticket.issued': 'An administrator made a one-time ticket for an enrolment.',
  'setting.changed': 'A run-time setting was changed.',
  'owner.ticket': 'A one-time link for the owner was made.',
  'owner.created': 'The owner was created by such a link.',
  'owner.recovered': 'An administrator was let in again from the server itself.',
  'keys.rotated': 'The master key or the signing keys were rotated.',
  'server.health': 'An application server came up, went down, or is being drained.',
  'gateway.started': 'The gateway started.',
  'gateway.stopped': 'The gateway stopped.',
  'gateway.reloaded': 'The gateway took over a changed configuration.',
  'certificate.renewed': 'A certificate of the gateway was replaced by the renewed one in its file.',
  'certificate.unusable': "A certificate's files changed and can't be used; the one before stays.",
  'certificate.expiring':
    'A certificate of the gateway ends within two weeks, or has ended. Told once a day.',
  'store.backed-up': 'A backup of the store was made.',
  'store.restored': 'A backup was put in place of the store.',
  'store.deaf': "The store's messages stopped arriving; nothing remembered is trusted.",
  'store.hearing': "The store's messages arrive again.",
  'store.lost': 'The store stopped answering; nobody new is let in.',
  'store.back': 'The store answers again.',
  'clock.off': 'The clock of this machine is off.',
};

/** A Markdown table of every audit event. */
export function describeEvents(): string {
  const rows = Object.entries(descriptions).map(([type, text]) => `| \`${type}\` | ${text} |`);
  return ['| event | what happened |', '| --- | --- |', ...rows, ''].join('\n');
}
