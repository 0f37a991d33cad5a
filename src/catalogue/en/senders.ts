/** What administrators read of SMS and email: every key begins with `senders.`. */
export const senders = {
  'senders.failure.unreachable': "No connection: check the address, the port, and this machine's way out.",
  'senders.failure.no-answer': 'No answer in time. The message may have been sent all the same.',
  'senders.failure.unintelligible':
    "Something answered, but not as it should: is this the right address, and isn't a proxy in between?",
  'senders.failure.provider-trouble': 'The provider has trouble of its own. Try again later.',
  'senders.failure.credentials':
    'The provider refuses the sign-in: check the account SID and auth token, or the user and password.',
  'senders.failure.rate-limit': 'The provider takes no more for now: too many messages in too short a time.',
  'senders.failure.unverified-number':
    'This is a Twilio trial account: it sends only to numbers that were verified in the Twilio console before. Verify this number there, or upgrade the account.',
  'senders.failure.recipient':
    "The provider says that no message can be delivered there: the number or address is wrong, or can't receive any.",
  'senders.failure.opted-out':
    'Whoever has this number has replied STOP to our sender. They get messages again once they send START to it.',
  'senders.failure.country':
    "The Twilio account isn't allowed to send to this country. Allow it in the Twilio console: Messaging, Settings, Geo permissions.",
  'senders.failure.sender':
    "The provider doesn't let us send from this number or address. Take one that belongs to the account.",
  'senders.failure.insecure':
    "The connection can't be made safe: the certificate isn't trusted, is for another name, or the server doesn't offer STARTTLS. Name its authority with --ca, or choose the right --security.",
  'senders.failure.refused': 'The provider refused the message.',
  'senders.provider': 'The provider said: {{words}}',
  'senders.provider-error': 'The provider said ({{error}}): {{words}}',
  'senders.refused.budget': 'The hourly budget is used up.',
  'senders.refused.country':
    'This country is not among those that SMS are sent to. All of them are named anew by: sallyport sms set --countries LIST',

  'senders.field': 'FIELD',
  'senders.value': 'VALUE',
  'senders.kept': '(kept sealed)',
  'senders.all': 'all',
  'senders.used': '{{used}} of {{budget}} in the last hour',
  'senders.no-secret': "There's nobody here to type it. Use {{option}}.",
  'senders.removed': 'Removed. Codes of this kind are offered no more.',
  'senders.nothing': 'Nothing is set up.',
  'senders.nothing-named': 'Name at least one thing to change.',
  'senders.unreadable-file': "{{file}} can't be read.",
  'senders.budget': 'messages that the whole site may send in any sixty minutes',

  'senders.sms.help': 'codes by SMS, through Twilio',
  'senders.sms.show.help': 'show how SMS are sent',
  'senders.sms.set.help': 'set up or change how SMS are sent; in effect on running gateways within a second',
  'senders.sms.set.account': 'the account SID (AC…)',
  'senders.sms.set.sender': 'the number to send from (+…), a messaging service (MG…), or a sender name',
  'senders.sms.set.countries': 'dialling prefixes (+33) and countries (FR) to send to, with commas; or all',
  'senders.sms.set.token-stdin': 'read the auth token from standard input',
  'senders.sms.set.new-token': 'ask for another auth token',
  'senders.sms.set.token': 'Auth token:',
  'senders.sms.set.done': 'SMS are sent from {{sender}}. Try it: sallyport sms test NUMBER',
  'senders.sms.set.anywhere':
    'They go to every country. Name those your people are in, such as --countries US,+33: fraud lives on expensive numbers.',
  'senders.sms.test.help': 'send a test message',
  'senders.sms.test.number': 'a phone number, in international format',
  'senders.sms.test.text': 'This is a test message from {{name}}.',
  'senders.sms.test.done': 'Twilio took the message to {{hint}}.',
  'senders.sms.remove.help': 'send no more SMS, and forget the auth token',

  'senders.email.help': 'codes and notices by email, through SMTP',
  'senders.email.show.help': 'show how email is sent',
  'senders.email.set.help':
    'set up or change how email is sent; in effect on running gateways within a second',
  'senders.email.set.host': 'the mail server',
  'senders.email.set.port': 'its port; usually 587 with starttls, 465 with tls, 25 with none',
  'senders.email.set.security':
    'starttls, tls, or none; without encryption nobody signs in to the mail server',
  'senders.email.set.user': 'the user to sign in to the mail server with',
  'senders.email.set.no-user': 'sign in to the mail server no more',
  'senders.email.set.from': 'the address that mail comes from',
  'senders.email.set.from-name': 'the name next to that address',
  'senders.email.set.no-from-name': 'the address alone',
  'senders.email.set.ca': 'a file (PEM) with the certificates to trust instead of the public authorities',
  'senders.email.set.no-ca': 'trust the public authorities',
  'senders.email.set.password-stdin': 'read the password from standard input',
  'senders.email.set.new-password': 'ask for another password',
  'senders.email.set.password': 'Password for the mail server:',
  'senders.email.set.done':
    'Mail is sent from {{from}} through {{host}}:{{port}}. Try it: sallyport email test ADDRESS',
  'senders.email.test.help': 'send a test mail',
  'senders.email.test.address': 'an email address',
  'senders.email.test.subject': 'Test message from {{name}}',
  'senders.email.test.text': 'This is a test message from {{name}}. Nothing needs to be done.',
  'senders.email.test.done': 'The mail server took the message to {{hint}}.',
  'senders.email.remove.help': 'send no more email, and forget the password',
} as const satisfies Readonly<Record<`senders.${string}`, string>>;
