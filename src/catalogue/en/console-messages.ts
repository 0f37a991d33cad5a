/** Every key begins with `console.messages.`. */
export const consoleMessages = {
  'console.messages.purpose':
    'How codes and notices reach people. SMS and email are offered as methods once their sender is set up here.',
  'console.messages.optional': '{{label}} (optional)',
  'console.messages.secret-kept': 'One is kept, sealed. Leave this empty to keep it.',
  'console.messages.secret-new': 'Is kept sealed and never shown again.',
  'console.messages.budget': 'Hourly budget',
  'console.messages.budget-help': 'So many messages at most in any sixty minutes. Fraud costs money.',
  'console.messages.shared':
    'This subscription sends through the sender of the main one. Set one up below to give it its own.',
  'console.messages.used': '{{used}} of {{budget}} messages in the last hour.',
  'console.messages.wrong-field': "That can't be saved. Allowed: {{allowed}}",
  'console.messages.save': 'Save',
  'console.messages.saved': 'Saved, and in force. Send a test message to be sure.',
  'console.messages.remove': 'Remove',
  'console.messages.removed': 'Removed.',
  'console.messages.test': 'Send a test message',
  'console.messages.send-test': 'Send a test message',
  'console.messages.sending': 'Sending…',
  'console.messages.unsaved': 'The test uses what was saved last, not what is typed above.',
  'console.messages.test-failed': 'The message could not be sent.',
  'console.messages.provider': 'The provider said: {{words}}',
  'console.messages.provider-error': 'The provider said ({{error}}): {{words}}',

  'console.messages.sms.title': 'SMS by Twilio',
  'console.messages.sms.first':
    'Nothing is set up, so nobody gets codes by SMS. You need a Twilio account: its SID and auth token stand on the first page of its administration.',
  'console.messages.sms.sid': 'Account SID',
  'console.messages.sms.sid-help': 'Begins with AC.',
  'console.messages.sms.token': 'Auth token',
  'console.messages.sms.sender': 'Sender number',
  'console.messages.sms.sender-help':
    'In international format (+14155552671), a messaging service (MG…), or a name of up to 11 letters.',
  'console.messages.sms.countries': 'Allowed countries',
  'console.messages.sms.countries-help':
    'Countries (FR) and dialling prefixes (+33), with commas. Empty: all.',
  'console.messages.sms.anywhere':
    'SMS go to every country. Name those your people are in: fraud lives on expensive numbers.',
  'console.messages.sms.test-to': 'Phone number',
  'console.messages.sms.test-sent': 'Twilio took the message to {{to}}.',
  'console.messages.sms.remove-title': 'Send no more SMS?',
  'console.messages.sms.remove-text':
    'The auth token is forgotten. Codes by SMS are offered no more: whoever has nothing else needs a reset or a bypass code to get in.',

  'console.messages.twilio': 'Manage Twilio subscription',
  'console.messages.twilio.administration': 'Administration',
  'console.messages.twilio.status': 'Service Status',
  'console.messages.twilio.support': 'Support Center',

  'console.messages.email.title': 'Email by SMTP',
  'console.messages.email.first':
    'Nothing is set up, so nobody gets codes or notices by email. You need the address of a mail server, and mostly a user and password for it.',
  'console.messages.email.host': 'Mail server',
  'console.messages.email.port': 'Port',
  'console.messages.email.port-help': 'Usually 587 with STARTTLS, 465 with TLS, 25 without encryption.',
  'console.messages.email.security': 'Encryption',
  'console.messages.email.security.starttls': 'STARTTLS',
  'console.messages.email.security.tls': 'TLS',
  'console.messages.email.security.none': 'None',
  'console.messages.email.user': 'User',
  'console.messages.email.user-help': 'Empty: without signing in to the mail server.',
  'console.messages.email.password': 'Password',
  'console.messages.email.from': 'Sender address',
  'console.messages.email.from-help': 'Where mail comes from, such as codes@example.com.',
  'console.messages.email.from-name': 'Sender name',
  'console.messages.email.ca': 'Certificate authority',
  'console.messages.email.ca-help': 'Certificates (PEM) that are trusted instead of the public authorities.',
  'console.messages.email.test-to': 'Email address',
  'console.messages.email.test-sent': 'The mail server took the message to {{to}}.',
  'console.messages.email.remove-title': 'Send no more email?',
  'console.messages.email.remove-text':
    'The password is forgotten. Codes by email are offered no more, and notices to users stop: whoever has nothing else needs a reset or a bypass code to get in.',
} as const;
