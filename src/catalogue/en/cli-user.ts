/** What `sallyport user` says besides. */
export const cliUser = {
  'cli.user.list.all': 'list local accounts, and users of other directories who signed in or were listed',
  'cli.user.list.directory': 'only those of this directory',
  'cli.user.list.which': 'only those of one state: {{states}}',
  'cli.user.list.no-state': 'There is no state {{state}}. Take one of: {{states}}.',
  'cli.user.list.last-sign-in': 'LAST SIGN-IN',
  'cli.user.find.help': 'find users of every directory by the beginning of a name',
  'cli.user.find.beginning': 'the beginning of a name',
  'cli.user.find.groups': 'find groups instead',
  'cli.user.find.unavailable': 'Not all were asked: {{names}} does not answer.',
  'cli.user.dry-run': 'say what would happen, and change nothing',
  'cli.user.loss_one': '{{count}} user loses {{what}}.',
  'cli.user.loss_other': '{{count}} users lose {{what}}.',
  'cli.user.loss.factors_one': '{{count}} enrolled app, number or address',
  'cli.user.loss.factors_other': '{{count}} enrolled apps, numbers and addresses',
  'cli.user.loss.recovery_one': '{{count}} recovery code',
  'cli.user.loss.recovery_other': '{{count}} recovery codes',
  'cli.user.loss.sessions_one': '{{count}} session',
  'cli.user.loss.sessions_other': '{{count}} sessions',
  'cli.user.set.name': 'another name to sign in with',
  'cli.user.password.help': 'set the password of a local account; its sessions end',
  'cli.user.password.done': 'The password of {{name}} was set.',
  'cli.user.forget-devices.help': 'make strangers of the browsers that somebody is known by',
  'cli.user.forget-devices.done': 'The browsers of {{name}} are strangers now.',
  'cli.user.import.help': 'put the users of a CSV file on the list, all or nobody',
  'cli.user.import.file':
    'CSV whose first line names the columns: directory, user, method, phone, email, secret, digits, issuer',
  'cli.user.import.line': 'Line {{line}}: {{words}}',
  'cli.user.import.cell': 'Line {{line}}, {{column}}: {{words}}',
  'cli.user.import.would':
    '{{added}} would be added and {{changed}} changed, {{same}} stay the same; {{secrets}} authenticator keys would be taken over.',
  'cli.user.import.done':
    '{{added}} were added and {{changed}} changed, {{same}} stayed the same; {{secrets}} authenticator keys were taken over.',
  'cli.user.import.nothing_one': 'Nothing was changed: one thing in the file has to be put right first.',
  'cli.user.import.nothing_other':
    'Nothing was changed: {{count}} things in the file have to be put right first.',
  'cli.user.import.stopped':
    'It stopped after line {{line}}; everything before is done. Import the same file again for the rest.',
  'cli.user.import.too-large': '{{file}} is larger than 8 MB. Split it.',
  'cli.user.export.help':
    'print everybody whom `user list` knows, without secrets; numbers and addresses are in full',
  'cli.user.export.format': 'csv (as long as nothing else is said) or json',
  'cli.user.export.output': 'a new file to write to, which only you can read',
  'cli.user.export.no-format': 'There is no format {{format}}. Take csv or json.',
  'cli.user.export.done_one': '{{count}} user was written to {{file}}.',
  'cli.user.export.done_other': '{{count}} users were written to {{file}}.',
} as const;
