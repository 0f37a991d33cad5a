/** Every key begins with `console.applications.`; plural forms end in `_one` and `_other` and take `{{count}}`. */
export const consoleApplications = {
  'console.applications.title': 'Applications',
  'console.applications.purpose':
    'What stands behind the two doors, on which servers and for whom; and the directories that users come from.',
  'console.applications.views': 'What to show',
  'console.applications.tab.applications': 'Applications',
  'console.applications.tab.directories': 'Directories',
  'console.applications.caption': 'Applications',
  'console.applications.name': 'Name',
  'console.applications.address': 'Address',
  'console.applications.for': 'For whom',
  'console.applications.for.all': 'Every verified user',
  'console.applications.for.some': 'Only those named below',
  'console.applications.for.nobody': 'Nobody',
  'console.applications.servers': 'Servers',
  'console.applications.servers-up_one': '{{up}} of {{count}} up',
  'console.applications.servers-up_other': '{{up}} of {{count}} up',
  'console.applications.tunnels': 'Remote sessions',
  'console.applications.source': 'Kept in',
  'console.applications.source.file': 'Configuration file',
  'console.applications.source.store': 'Store',
  'console.applications.not-in-force': 'Not in force',
  'console.applications.not-in-force-text':
    'This is not in force: something in the configuration file has the same name or address, and the file wins.',
  'console.applications.none': 'No application yet',
  'console.applications.none-text':
    'Add the first one: a name, a path and the address of a server. Users see it at once.',
  'console.applications.more': 'More settings',
  'console.applications.edit': 'Settings',
  'console.applications.refused': 'This is not accepted. See below why.',
  'console.applications.kept': 'Kept. Leave empty to keep it.',
  'console.applications.show-password': 'Show the password',
  'console.applications.save': 'Save',
  'console.applications.test': 'Test connection',
  'console.applications.remove': 'Remove',

  'console.applications.health-and-load': 'Health and load',
  'console.applications.state.up': 'Up',
  'console.applications.state.down': 'Down',
  'console.applications.state.draining': 'Draining',
  'console.applications.load': 'Remote sessions: {{tunnels}} · requests under way: {{exchanges}}',
  'console.applications.drained-since': 'Takes nobody new since {{since}}.',
  'console.applications.drained-by-file': 'Takes nobody new, as the configuration says.',
  'console.applications.drain': 'Drain',
  'console.applications.drain-of': 'Drain {{server}}',
  'console.applications.resume': 'Resume',
  'console.applications.resume-of': 'Resume {{server}}',
  'console.applications.ask-drain': 'Drain {{server}}?',
  'console.applications.ask-drain-text':
    'It takes no new users and remote sessions, on every replica, until you resume it. Open remote sessions stay open.',
  'console.applications.drained': '{{server}} takes nobody new.',
  'console.applications.resumed': '{{server}} takes new users again.',

  'console.applications.own.title': 'Let it lead back to the gateway?',
  'console.applications.own.text':
    '{{server}} is the gateway itself ({{listener}}). Users of this application would reach what is meant for operators, or go round in a circle.',
  'console.applications.own.action': 'I mean that',

  'console.applications.application.add': 'Add application',
  'console.applications.application.new': 'New application',
  'console.applications.application.added': '{{name}} is added, and in force.',
  'console.applications.application.saved': '{{name}} is saved, and in force.',
  'console.applications.application.removed': '{{name}} is removed.',
  'console.applications.application.ask-remove': 'Remove {{name}}?',
  'console.applications.application.ask-remove-text':
    'Its remote sessions close now, and nobody can open it any more. Its settings are lost.',
  'console.applications.application.of-file':
    'This application stands in the configuration file: change it there, then reload. Its servers can be drained here.',
  'console.applications.application.name': 'Short name',
  'console.applications.application.name-hint':
    'Lower-case letters, digits and hyphens. It never changes: it stands in the audit log and in metrics.',
  'console.applications.application.title': 'What people call it',
  'console.applications.application.title-hint': 'On pages and in the launcher. Empty: the short name.',
  'console.applications.application.path': 'Path',
  'console.applications.application.path-hint':
    'Everything at and below it goes to this application, such as /desktops. The longest path wins.',
  'console.applications.application.host': 'Host of its own',
  'console.applications.application.host-hint':
    'Such as desktops.example.com, without scheme and port. Empty: the host of the portal.',
  'console.applications.application.servers': 'Servers',
  'console.applications.application.servers-hint':
    'One address in each line, such as http://10.0.0.11:8080. A number after it is its share of users: 2 gets twice as many.',
  'console.applications.application.verify': 'Verify the certificates of its servers',
  'console.applications.application.verify-hint':
    'Without it, whoever answers is trusted: only on a network you trust.',
  'console.applications.application.ca': 'Authorities to trust',
  'console.applications.application.ca-hint':
    'Certificates in PEM form. Empty: the usual public authorities.',
  'console.applications.application.serverName': 'Name in the certificates',
  'console.applications.application.serverName-hint': 'Where it is not the host of the address.',
  'console.applications.application.for': 'For whom',
  'console.applications.application.for-hint':
    'Whoever loses it here loses open remote sessions of it within a second.',
  'console.applications.application.users': 'Users',
  'console.applications.application.users-hint':
    'One name in each line; directory:name means that directory alone.',
  'console.applications.application.groups': 'Groups',
  'console.applications.application.groups-hint':
    'One name in each line; directory:name means that directory alone.',
  'console.applications.application.subscriptions': 'Subscriptions',
  'console.applications.application.subscriptions-hint':
    'One in each line. Narrows to their users; alone, it allows all of them.',
  'console.applications.application.health': 'Health check',
  'console.applications.application.health-hint':
    'A path that each server is asked for every ten seconds, such as /health. Empty: only failed connections tell.',
  'console.applications.application.sessionPaths': 'Paths that open a remote session',
  'console.applications.application.sessionPaths-hint':
    'For an application without WebSockets: one in each line, with * at the end for everything that begins so.',
  'console.applications.application.signOutPaths': 'Paths that sign out',
  'console.applications.application.signOutPaths-hint':
    'Requests that also end the 2FA session: one in each line.',
  'console.applications.application.idle': 'Close when idle (seconds)',
  'console.applications.application.idle-hint': 'Empty: never.',
  'console.applications.application.maximum': 'Close at the latest after (seconds)',
  'console.applications.application.maximum-hint': 'Empty: never.',
  'console.applications.application.identityHeaders': 'Tell its servers who the user is',
  'console.applications.application.identityHeaders-hint':
    'By X-Sallyport-User, X-Sallyport-Groups and a signed assertion.',

  'console.applications.directories.caption': 'Directories',
  'console.applications.directories.none': 'No directory yet',
  'console.applications.directories.none-text': 'Add one so that its users can sign in.',
  'console.applications.kind': 'Kind',
  'console.applications.kind.local': 'Users of the gateway itself',
  'console.applications.kind.active-directory': 'Active Directory',
  'console.applications.kind.openldap': 'OpenLDAP',
  'console.applications.directory.add': 'Add directory',
  'console.applications.directory.new': 'New directory',
  'console.applications.directory.added': '{{name}} is added, and its users can sign in.',
  'console.applications.directory.saved': '{{name}} is saved, and in force.',
  'console.applications.directory.removed': '{{name}} is removed.',
  'console.applications.directory.ask-remove': 'Remove {{name}}?',
  'console.applications.directory.ask-remove-text':
    'None of its users can sign in any more, and their open sessions end now. What they enrolled stays, for the case that you add it again under this name.',
  'console.applications.directory.of-file':
    'This directory stands in the configuration file: change it there, then reload.',
  'console.applications.directory.name': 'Short name',
  'console.applications.directory.name-hint':
    'Lower-case letters, digits and hyphens. It never changes: it is part of the key of each user.',
  'console.applications.directory.kind': 'Kind',
  'console.applications.directory.kind-hint':
    'A Windows or Samba domain, or a directory that follows the RFCs.',
  'console.applications.directory.servers': 'Servers',
  'console.applications.directory.servers-hint':
    'One address in each line, such as ldaps://dc1.corp.example. The first that works is asked.',
  'console.applications.directory.startTls': 'Encrypt ldap:// by StartTLS',
  'console.applications.directory.startTls-hint': 'Before anything is said.',
  'console.applications.directory.allowPlain': 'Allow ldap:// without encryption',
  'console.applications.directory.allowPlain-hint':
    'Everybody on the way can read passwords: only for a trial, or on this machine.',
  'console.applications.directory.baseDn': 'Where its people are',
  'console.applications.directory.baseDn-hint': 'A distinguished name, such as DC=corp,DC=example.',
  'console.applications.directory.bindDn': 'Account of the gateway',
  'console.applications.directory.bindDn-hint':
    'The distinguished name with which it looks people up. Empty: anonymous.',
  'console.applications.directory.password': 'Password of that account',
  'console.applications.directory.password-hint':
    'Stored encrypted and never shown again. Asked for anew when it would go elsewhere.',
  'console.applications.directory.verify': 'Verify the certificates of its servers',
  'console.applications.directory.verify-hint':
    'Without it, whoever answers is trusted: only on a network you trust.',
  'console.applications.directory.ca': 'Authorities to trust',
  'console.applications.directory.ca-hint': 'Certificates in PEM form. Empty: the usual public authorities.',
  'console.applications.directory.serverName': 'Name in the certificates',
  'console.applications.directory.serverName-hint': 'Where it is not the host of the address.',
  'console.applications.directory.aliases': 'Other names',
  'console.applications.directory.aliases-hint':
    'As people type them in CORP\\user and user@corp.example: one in each line. Those of the distinguished name count by themselves.',
  'console.applications.directory.groupBaseDn': 'Where its groups are',
  'console.applications.directory.groupBaseDn-hint':
    'Empty: the whole domain, with OpenLDAP where its people are.',
  'console.applications.directory.userFilter': 'Only people who match',
  'console.applications.directory.userFilter-hint':
    'A filter in parentheses, such as (memberOf=CN=Remote,DC=corp,DC=example).',
  'console.applications.directory.nameAttribute': 'Attribute with the name to sign in with',
  'console.applications.directory.nameAttribute-hint': 'Empty: sAMAccountName, with OpenLDAP uid.',
  'console.applications.directory.emailAttribute': 'Attribute with the email address',
  'console.applications.directory.emailAttribute-hint': 'Empty: mail.',
  'console.applications.directory.timeout': 'Time for an answer (seconds)',
  'console.applications.directory.timeout-hint': '1 to 60; empty: 5.',
  'console.applications.directory.recheck': 'Look again after (seconds)',
  'console.applications.directory.recheck-hint':
    'Somebody removed or disabled there loses their sessions after this time at the latest. 10 to 3,600; empty: 60.',
  'console.applications.directory.lockoutThreshold': 'Wrong passwords until it locks an account',
  'console.applications.directory.lockoutThreshold-hint':
    'The gateway stops two before. Empty: read from the domain. 0: never.',

  'console.applications.findings': 'What the test found',
  'console.applications.finding.answered': 'Answered with {{status}} after {{milliseconds}} ms.',
  'console.applications.finding.failed': 'Not usable: {{reason}}.',
  'console.applications.finding.certificate-verified': 'Its certificate is verified.',
  'console.applications.finding.certificate-unchecked': 'Its certificate is not checked, as you set it.',
  'console.applications.finding.certificate-refused': 'Its certificate is not trusted.',
  'console.applications.finding.nothing': 'There is nothing to test.',
  'console.applications.finding.ok': 'Works: {{subject}}',
  'console.applications.finding.not-ok': 'Does not work: {{subject}}',
  'console.applications.finding.untrusted':
    'Its certificate comes from an authority that is not trusted: paste it under Authorities to trust.',
  'console.applications.finding.server': 'Server',
  'console.applications.finding.people': 'People',
  'console.applications.finding.groups': 'Groups',
  'console.applications.finding.lockout': 'Lockout',
  'console.applications.finding.password-change': 'Changing passwords',
  'console.applications.finding.alias': 'Other names',
} as const;
