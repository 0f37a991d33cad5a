/** What administrators read of the settings: every key begins with `settings.`. */
export const settings = {
  'settings.enabled.title': 'Two-factor authentication',
  'settings.enabled.help':
    'Off: everybody signs in with the password alone, and what is enrolled is kept. Administrators always need a second factor.',
  'settings.methods.title': 'Methods',
  'settings.methods.help':
    'What people may use: an authenticator app, codes by SMS, codes by email. SMS and email are offered once their sender is set up under Messages.',
  'settings.discrepancy.title': 'Discrepancy',
  'settings.discrepancy.help':
    'By how many steps of 30 seconds the clock of a phone may be off. Wide is convenient and safe as long as the drift tolerance is small: then a far code must be followed by the next one.',
  'settings.driftTolerance.title': 'Drift tolerance',
  'settings.driftTolerance.help':
    "By how many steps of 30 seconds a code may differ from what is known of that phone's clock and still be accepted by itself. As large as the discrepancy, it switches the drift guard off: then a guess has as many chances as the window has steps.",
  'settings.issuer.title': 'Issuer',
  'settings.issuer.help':
    'How the entry is called in authenticator apps. A change affects new enrolments only.',
  'settings.validityAfterFirstSession.title': 'Validity After First Session',
  'settings.validityAfterFirstSession.help':
    'For how long after the first remote session more can be opened without another code. Sessions that are open stay open, unless they are closed at expiry.',
  'settings.countFrom.title': 'Count from',
  'settings.countFrom.help':
    'Whether that time begins with the first remote session alone, or again with each that is opened.',
  'settings.validityBeforeFirstSession.title': 'Validity Before First Session',
  'settings.validityBeforeFirstSession.help':
    'For how long after the code the first remote session may be opened. If none is, the next one needs another code.',
  'settings.digits.title': 'Digits',
  'settings.digits.help':
    'How long codes are. Many authenticator apps know only 6, some 8: try yours before you change this. A change affects new enrolments, and codes sent from now on.',
  'settings.smsMessage.title': 'SMS Verification Code Message',
  'settings.smsMessage.help':
    'The text around a code by SMS. %CODE% becomes the code and has to be there, %ISSUER% the issuer. Longer texts, and letters outside the SMS alphabet, cost more.',
  'settings.codeLifespan.title': 'Code lifespan',
  'settings.codeLifespan.help': 'For how long a code by SMS or email can be used.',
  'settings.closeAtExpiry.title': 'Close remote sessions at expiry',
  'settings.closeAtExpiry.help':
    'On: remote sessions end when the time after the first one is over, whatever people are doing in them.',
  'settings.unlistedUsers.title': 'Users who are not enabled',
  'settings.unlistedUsers.help':
    'Whether people who are not on the list sign in with the password alone, or not at all.',
  'settings.rdpLogon.title': 'RDP logons',
  'settings.rdpLogon.help':
    'What people who need a second factor do before they log on to an application server with an RDP or SSH client. On request: a click on its card in the launcher, for each logon. After verification: being signed in here with a second factor, from the same address. Deny: only the RDP whitelist gets in.',
  'settings.enrolment.title': 'Enrolment',
  'settings.enrolment.help':
    'When people set up their second factor by themselves: whenever they sign in next, within some days of being enabled, or only with a ticket from you.',
  'settings.helpdesk.title': 'Helpdesk contact',
  'settings.helpdesk.help':
    'Whom people ask when they cannot sign in: a telephone number, an address, a room. Shown below the sign-in page.',

  'settings.unit.switch': 'on or off',
  'settings.unit.set': 'one or more',
  'settings.unit.steps': 'steps of 30 seconds',
  'settings.unit.text': 'text',
  'settings.unit.minutes': 'minutes',
  'settings.unit.seconds': 'seconds',
  'settings.unit.choice': 'one of them',
  'settings.unit.digits': 'digits',

  'settings.meaning.alone':
    'A code is accepted by itself from {{seconds}} s before to {{seconds}} s after its own 30 seconds.',
  'settings.meaning.followed': 'Up to {{seconds}} s off, the next code is asked for as well.',
  'settings.meaning.day': 'Guessing for a day with the password known: {{odds}} ({{tries}} tries).',
  'settings.meaning.month': 'For 30 days: {{odds}} ({{tries}} tries, then the count is shut).',
  'settings.meaning.month-set-back':
    'For 30 days, if the user signs in on a new device or is unlocked every day: {{odds}} ({{tries}} tries).',
  'settings.meaning.one-in': '1 in {{count}}',
  'settings.meaning.percent': '{{percent}} %',
} as const satisfies Readonly<Record<`settings.${string}`, string>>;
