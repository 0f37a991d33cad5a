/** Every key begins with `pages.`; plural forms end in `_one` and `_other` and take `{{count}}`. */
export const pages = {
  'pages.sign-in': 'Sign in',
  'pages.sign-in-again': 'Sign in again',
  'pages.sign-in-other': 'Sign in as someone else',
  'pages.try-again': 'Try again',
  'pages.try-now': 'Try now',
  'pages.applications': 'Your applications',
  'pages.helpdesk': 'Helpdesk: {{contact}}',

  'pages.refused.title': "You can't go in here",
  'pages.refused.text': 'This request was refused. Go back, or start again from the sign-in page.',

  'pages.not-assigned.title': 'Not assigned to you',
  'pages.not-assigned.text': "You're signed in, but this application isn't assigned to you.",
  'pages.not-assigned.text-named': "You're signed in as {{user}}, but {{application}} isn't assigned to you.",
  'pages.not-assigned.ask': 'Ask your helpdesk for it.',
  'pages.not-assigned.ask-contact': 'Ask the helpdesk for it: {{contact}}',

  'pages.locked.title': 'Too many tries',
  'pages.locked.until_one': 'You can try again in {{count}} minute.',
  'pages.locked.until_other': 'You can try again in {{count}} minutes.',
  'pages.locked.shut': 'An administrator has to unlock you.',
  'pages.locked.ask': 'If it is urgent, ask your helpdesk.',
  'pages.locked.ask-contact': 'If it is urgent, ask the helpdesk: {{contact}}',

  'pages.unreachable.title': "The application isn't answering right now",
  'pages.unreachable.title-named': "{{application}} isn't answering right now",
  'pages.unreachable.text': 'Nothing is lost; we try again every few seconds.',

  'pages.expired.title': 'Your session has ended',
  'pages.expired.text': 'Please sign in to continue.',
  'pages.expired.text-named': 'Please sign in to continue to {{application}}.',

  'pages.signed-out.title': "You're signed out",
  'pages.signed-out.text': 'Your remote sessions are closed. You can leave this page.',

  'pages.store-unavailable.title': "Sign-ins can't be checked right now",
  'pages.store-unavailable.text':
    'Remote sessions that are open stay open. Nobody else can go in until this is over; we try again every few seconds.',

  'pages.doubled.title': 'Please sign in again',
  'pages.doubled.text':
    "Your browser sent more than one sign-in, and we can't tell which one is yours. We have removed them.",

  'pages.bad-request.title': "This address can't be used",
  'pages.bad-request.text':
    "The request isn't written in a way that we can pass on. Check the address, or start again from the sign-in page.",

  'pages.not-found.title': "There's nothing here",
  'pages.not-found.text': 'Check the address, or start from your applications.',

  'pages.no-owner.title': 'Nobody owns this gateway yet',
  'pages.no-owner.text':
    'Open the link that was printed when the gateway started. It creates the owner; then everybody else can sign in.',

  'pages.failed.title': 'Something went wrong on our side',
  'pages.failed.text': 'Try again. If it stays, tell your helpdesk.',
  'pages.renewal.label': '{{site}}: time left',
  'pages.renewal.closes': 'Your remote sessions close at {{time}}, in {{minutes}} min.',
  'pages.renewal.ends':
    'Your sign-in ends at {{time}}, in {{minutes}} min. What is open then stays open; anything new needs you to sign in again.',
  'pages.renewal.act': 'Enter a new code',
  'pages.renewal.later': 'Later',
  'pages.renewal.over': 'Your sign-in has ended. Sign in again to go on.',
} as const;
