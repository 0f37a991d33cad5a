/** What needs an administrator, and what to do about it: every key begins with `attention.`. */
export const attention = {
  'attention.two-factors-off.title': 'Two-factor authentication is switched off',
  'attention.two-factors-off.advice':
    'Everybody but administrators gets in with the password alone. Switch it on again under Settings.',
  'attention.no-local-owner.title': 'No owner has a password of this gateway',
  'attention.no-local-owner.advice':
    "While the directory is down, nobody could sign in to the console. Make a local user an owner under Administrators; 'sallyport admin recover' on the server is the last way in.",
  'attention.sender-missing.title': '{{channel}} is used, but not set up',
  'attention.sender-missing.advice':
    '{{count}} users are to get their codes that way and can not. Set up the sender under Messages.',
  'attention.sender-down.title': '{{channel}} can not be sent',
  'attention.sender-down.advice':
    'The provider failed ({{reason}}). The audit log has its words; try a test message under Messages.',
  'attention.certificate-expiring.title': 'The certificate {{file}} ends soon',
  'attention.certificate-expiring.advice':
    'Put the renewed one into the same file: it is taken over within ten seconds. Once it has ended, browsers stop everybody.',
  'attention.certificate-unusable.title': 'The new certificate {{file}} can not be used',
  'attention.certificate-unusable.advice':
    'The one before stays in use. What is wrong with the files: {{reason}}.',
  'attention.store-not-persistent.title': 'The store keeps nothing on disk',
  'attention.store-not-persistent.advice': '{{warning}}',
  'attention.guard-off.title': 'The drift guard is switched off',
  'attention.guard-off.advice':
    'With this discrepancy, each guess has {{chances}} chances instead of a few. Set the drift tolerance to 2 under Settings.',
  'attention.clock-off.title': "The server's clock is off by {{seconds}} s",
  'attention.clock-off.advice':
    'Codes depend on the time. Switch on time synchronisation (NTP) on that machine.',
  'attention.not-enrolled.title_one': '{{count}} user has not set up a second factor for two weeks',
  'attention.not-enrolled.title_other': '{{count}} users have not set up a second factor for two weeks',
  'attention.not-enrolled.advice':
    'Until then, whoever knows their password can set one up for them: {{names}}. Ask them to sign in, or ask for a ticket.',
  'attention.lockout-wave.title': 'A wave of lockouts',
  'attention.lockout-wave.advice':
    '{{count}} users or more were locked within {{minutes}} minutes. Somebody may be trying passwords: look at the addresses in the audit log.',
  'attention.directory-down.title': 'The directory {{directory}} does not answer',
  'attention.directory-down.advice':
    'Its users can not sign in. Sessions that are open stay open. Check the server and the network.',
  'attention.server-down.title': 'The server {{server}} of {{application}} is down',
  'attention.server-down.advice': 'New sessions go to the others. It is tried again every few seconds.',
  'attention.password-known.title': 'Somebody else knows the password of {{name}}',
  'attention.password-known.advice':
    'Five wrong codes followed the right password. Have the password changed; {{name}} was told, where there is an address.',

  'attention.channel.sms': 'SMS',
  'attention.channel.email': 'Email',

  'attention.alert.raised': '{{title}}',
  'attention.alert.cleared': 'Over: {{title}}',
  'attention.alert.test': 'This is a test alert. Nothing needs to be done.',
  'attention.alert.when': 'Since {{when}}.',
  'attention.alert.subscription': 'In the subscription {{subscription}}.',
  'attention.alert.footer': 'See what needs attention: {{url}}',

  'attention.kind.certificate': 'a certificate ends soon or can not be used',
  'attention.kind.directory': 'a directory is down',
  'attention.kind.sender': 'SMS or email can not be sent',
  'attention.kind.server': 'an application server is down',
  'attention.kind.lockouts': 'a wave of lockouts',
  'attention.kind.clock': 'the clock is off',
  'attention.kind.password-known': 'somebody else knows a password',

  'attention.failure.unreachable': "No connection: check the address, and this machine's way out.",
  'attention.failure.no-answer': 'No answer in time.',
  'attention.failure.insecure': "The certificate of the receiver isn't trusted, or is for another name.",
  'attention.failure.refused': 'The receiver answered, but refused the alert.',
  'attention.failure.other': 'Email could not be sent: {{reason}}. Try a test message under Messages.',
} as const satisfies Readonly<Record<`attention.${string}`, string>>;
