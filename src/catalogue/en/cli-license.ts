/** What `sallyport license` says. */
export const cliLicense = {
  'cli.license.help': 'how many users may be enabled, where a distributor has a say in it',
  'cli.license.file': 'the licence file, license.lic',
  'cli.license.serial': 'serial number',
  'cli.license.edition': 'edition',
  'cli.license.none': 'unlimited, no licence needed',
  'cli.license.users': 'enabled users',
  'cli.license.of': '{{users}} of {{limit}}',
  'cli.license.until': 'until',
  'cli.license.over':
    'It has ended: nobody new can be enabled. Everybody who is enabled stays protected, and signs in as before.',
  'cli.license.full':
    'It is full: nobody new can be enabled. Everybody who is enabled stays protected, and signs in as before.',
  'cli.license.unreadable': 'The file {{file}} cannot be read.',
  'cli.license.show.help': 'shows the serial number, what is licensed, and how much of it is used',
  'cli.license.activate.help': 'takes a licence file; in effect at once',
  'cli.license.activate.done': 'Activated {{edition}}: {{limit}} users until {{until}}.',
  'cli.license.fault.malformed': 'This is no licence file.',
  'cli.license.fault.signature': 'This licence is not signed by the distributor of this installation.',
  'cli.license.fault.serial':
    'This licence is for another installation: its serial number is a different one.',
  'cli.license.fault.expired': 'This licence has ended.',
  'cli.license.fault.older': 'This licence is older than the one that holds.',
  'cli.license.key.help':
    'for distributors: makes the key that licences are signed with, and prints its public half for the configuration',
  'cli.license.key.file': 'where the private key is, or is to be written',
  'cli.license.key.done':
    'The private key is in {{file}}. Keep it, and keep it secret. Its public half, for licence.publicKey:',
  'cli.license.issue.help': 'for distributors: makes a licence file for one installation',
  'cli.license.issue.key': 'the private key',
  'cli.license.issue.serial': 'the serial number of the installation, as `license show` prints it',
  'cli.license.issue.users': 'how many users may be enabled',
  'cli.license.issue.until': 'the last day, like 2027-12-31',
  'cli.license.issue.edition': 'what it is called',
  'cli.license.issue.output': 'where to write it; else it is printed',
  'cli.license.issue.no-serial': '{{serial}} is no serial number: its check digit is wrong. Read it again.',
  'cli.license.issue.no-date': '{{date}} is no date to come, like 2027-12-31.',
  'cli.license.issue.no-users': '{{users}} is no number of users, 1 or more.',
  'cli.license.issue.no-key': 'The file {{file}} holds no Ed25519 private key.',
  'cli.license.issue.done': 'Wrote {{file}} for {{serial}}: {{users}} users until {{until}}.',
} as const;
