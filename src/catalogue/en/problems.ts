import type { ProblemCode } from '../../errors.ts';

/**
 * One text for each problem code. `_detail` says the same with figures or names, and is used when the error's
 * parameters fill all of its placeholders; its first number chooses the plural form.
 */
export const problems = {
  'problem.invalid-request':
    'Something in this request is missing or not allowed. Check it and send it again.',
  'problem.unsupported-media-type':
    'This address takes JSON only. Send it with Content-Type: application/json.',
  'problem.request-too-large': 'That is more than this address takes. Send less.',
  'problem.request-timeout': 'Nothing more of your request arrived for a long time. Send it again.',
  'problem.not-found': "There's nothing at this address. Check it, or start from the sign-in page.",
  'problem.method-not-allowed': "This address doesn't take that method.",
  'problem.cross-origin':
    'This came from another site, so nothing was done. Open the page here and try again.',
  'problem.ambiguous-credentials': 'This request carries more than one sign-in. Send only one.',
  'problem.bad-target': "This address isn't written in a way that can be passed on. Check it and try again.",
  'problem.invalid-credentials': "That name and password don't match.",
  'problem.sign-in-required': 'Please sign in to continue.',
  'problem.sign-in-required_detail': 'Please sign in to continue to {{application}}.',
  'problem.sign-in-expired': 'This sign-in took too long or was already used. Please start again.',
  'problem.not-assigned': "This application isn't assigned to you. Ask your helpdesk for it.",
  'problem.not-assigned_detail':
    "You're signed in as {{user}}, but {{application}} isn't assigned to you. Ask your helpdesk for it.",
  'problem.not-allowed': "You're signed in, but this isn't for your account. Ask an administrator.",
  'problem.not-administrator':
    "You're signed in, but you don't administer this gateway. Ask one of its owners to invite you.",
  'problem.network-not-allowed':
    "The console can't be used from this network. Connect from one of its own, or ask whoever runs the gateway.",
  'problem.fresh-code-required': 'Please enter a new code: the last one is more than 15 minutes old.',
  'problem.if-match-required':
    'This change must say what it is a change of. Read it first, and send its ETag as If-Match.',
  'problem.changed-meanwhile':
    'Somebody else has changed this meanwhile, so nothing was saved. Look at it again, then decide.',
  'problem.account-disabled': 'This account is switched off. Ask your helpdesk to switch it on.',
  'problem.account-expired': 'Your account has expired. Ask your administrator or the helpdesk to extend it.',
  'problem.outside-logon-hours':
    "Your account can't be used at this time of day. Try again within your permitted hours.",
  'problem.logon-restricted':
    'Your account may only be used from certain computers. Ask your administrator or the helpdesk.',
  'problem.not-enabled': "This account isn't set up for signing in here yet. Ask your helpdesk to enable it.",
  'problem.no-owner-yet':
    'This gateway has no owner yet. Open the link that was printed when it started, then sign in.',
  'problem.enrolment-closed':
    'The time to set up your verification codes is over. Ask your helpdesk to open it again.',
  'problem.ticket-required': 'Setting up your verification codes needs a ticket. Ask your helpdesk for one.',
  'problem.method-not-available': "This way of verifying isn't available to you. Choose another one.",
  'problem.wrong-step': "This step isn't the next one. Please start signing in again.",
  'problem.already-enrolled':
    'Your verification codes are already set up. Sign in with one; you can add another way on your account page.',
  'problem.nothing-enrolled':
    'This user has nothing enrolled yet: they set up a second factor at their next sign-in.',
  'problem.code-malformed': 'A verification code has digits only. Check it and enter it again.',
  'problem.code-malformed_detail_one': 'Enter the {{expected}}-digit code.',
  'problem.code-malformed_detail_other': 'Enter the {{expected}}-digit code.',
  'problem.wrong-code': "That code didn't match. Check the app and try the next one.",
  'problem.wrong-code_detail_zero': "That code didn't match. Check the app and try the next one.",
  'problem.wrong-code_detail_one':
    "That code didn't match. Check the app and try the next one. {{triesLeft}} try left.",
  'problem.wrong-code_detail_other':
    "That code didn't match. Check the app and try the next one. {{triesLeft}} tries left.",
  'problem.code-already-used': 'That code was already used. Wait for the next one.',
  'problem.code-already-used_detail_one':
    'That code was already used. Wait for the next one (about {{nextIn}} second).',
  'problem.code-already-used_detail_other':
    'That code was already used. Wait for the next one (about {{nextIn}} seconds).',
  'problem.code-expired': 'There is no code to enter any more. Have a new one sent.',
  'problem.code-just-sent': 'A code has just been sent. Wait a little before you have another one sent.',
  'problem.code-just-sent_detail_one':
    'A code has just been sent. You can have another one sent in {{seconds}} second.',
  'problem.code-just-sent_detail_other':
    'A code has just been sent. You can have another one sent in {{seconds}} seconds.',
  'problem.too-many-codes': 'Many codes have been sent already. Verify another way, or try again later.',
  'problem.too-many-codes_detail_one':
    'Many codes have been sent already. Verify another way, or try again in {{minutes}} minute.',
  'problem.too-many-codes_detail_other':
    'Many codes have been sent already. Verify another way, or try again in {{minutes}} minutes.',
  'problem.set-by-administrator': 'Your administrator has set this. Only they can change it.',
  'problem.locked': 'Too many tries. Ask your helpdesk to unlock you.',
  'problem.locked_detail_one':
    'Too many tries. You can try again in {{minutes}} minute, or ask your helpdesk.',
  'problem.locked_detail_other':
    'Too many tries. You can try again in {{minutes}} minutes, or ask your helpdesk.',
  'problem.too-many-requests': 'That was a lot in a short time. Wait a little and try again.',
  'problem.too-many-requests_detail_one':
    'That was a lot in a short time. Wait {{seconds}} second and try again.',
  'problem.too-many-requests_detail_other':
    'That was a lot in a short time. Wait {{seconds}} seconds and try again.',
  'problem.sender-unavailable':
    "The message couldn't be sent right now. Try again in a moment, or verify another way.",
  'problem.invalid-phone-number':
    "That isn't a phone number that messages can be sent to. Write it with + and the country code, like +14155552671.",
  'problem.invalid-address': "That isn't an email address. Check it and enter it again.",
  'problem.country-not-allowed':
    "Messages to this country aren't sent from here. Use another number, or ask your helpdesk.",
  'problem.budget-exhausted':
    'No more messages can be sent right now. Verify another way, or try again later.',
  'problem.budget-exhausted_detail_one':
    'No more messages can be sent right now. Verify another way, or try again in {{minutes}} minute.',
  'problem.budget-exhausted_detail_other':
    'No more messages can be sent right now. Verify another way, or try again in {{minutes}} minutes.',
  'problem.password-too-weak': 'This password is too easy to guess. Choose a longer one.',
  'problem.password-too-weak_detail_one':
    'This password is too easy to guess. Choose one of at least {{minimum}} character, different from your name.',
  'problem.password-too-weak_detail_other':
    'This password is too easy to guess. Choose one of at least {{minimum}} characters, different from your name.',
  'problem.password-unchanged': 'This is the password you already have. Choose a new one.',
  'problem.wrong-password': "That isn't your current password. Check it and try again.",
  'problem.last-factor': 'This is the only way you can verify. Add another one first, then remove this one.',
  'problem.group-listed': 'This group is on the list of who is enabled, or exempt. Take it off there first.',
  'problem.not-local': 'This account is kept in its own directory. Change it there.',
  'problem.last-owner': 'This is the only owner. Make somebody else an owner first.',
  'problem.confirmation-required': 'This concerns many users. Confirm it by typing how many.',
  'problem.confirmation-required_detail_one':
    'This concerns {{count}} user. Confirm it by typing that number.',
  'problem.confirmation-required_detail_other':
    'This concerns {{count}} users. Confirm it by typing that number.',
  'problem.invalid-ticket':
    'This link or ticket was already used, is too old, or is incomplete. Ask for a new one.',
  'problem.invalid-hand-off':
    'This way to the application was already used or is too old. Open the application again.',
  'problem.name-taken': 'This name is already taken. Choose another one.',
  'problem.name-taken_detail': 'The name {{name}} is already taken. Choose another one.',
  'problem.unknown-user': "There's no user of this name.",
  'problem.unknown-user_detail': "There's no user named {{name}}.",
  'problem.unknown-setting': "There's no setting of this name.",
  'problem.unknown-setting_detail': "There's no setting named {{setting}}.",
  'problem.foreign-subscription':
    "Your account doesn't belong here. Sign in at the address that your own organisation gave you.",
  'problem.licence-expired':
    'The licence of this site has ended, so nobody new can be enabled. Tell the helpdesk or your administrators.',
  'problem.licence-exhausted':
    'As many users are enabled as the licence of this site allows, so nobody new can be. Tell the helpdesk or your administrators.',
  'problem.licence-exhausted_detail':
    'As many users are enabled as the licence of this site allows ({{limit}}), so nobody new can be. Tell the helpdesk or your administrators.',
  'problem.licence-invalid': "This file isn't a licence of this installation.",
  'problem.licence-off': 'This installation needs no licence.',
  'problem.unknown-subscription': "There's no subscription of this name.",
  'problem.unknown-subscription_detail': "There's no subscription named {{name}}.",
  'problem.assignment-taken':
    'This already belongs to another subscription. Say that you want to take it from there.',
  'problem.assignment-taken_detail':
    'This already belongs to {{subscription}}. Say that you want to take it from there.',
  'problem.subscription-not-empty':
    'There is still something in this subscription. Type its name to delete it with all of it.',
  'problem.subscription-not-empty_detail':
    'There is still something in this subscription: {{what}}. Type its name to delete it with all of it.',
  'problem.invalid-setting': "This setting can't have that value.",
  'problem.invalid-setting_detail': "{{setting}} can't have that value. Allowed: {{allowed}}.",
  'problem.invalid-application': "The application can't be taken over like this. Correct it and try again.",
  'problem.invalid-application_detail': "The application can't be taken over like this. {{reason}}",
  'problem.invalid-directory': "The directory can't be taken over like this. Correct it and try again.",
  'problem.invalid-directory_detail': "The directory can't be taken over like this. {{reason}}",
  'problem.unknown-application': 'There is no such application. It may have been removed meanwhile.',
  'problem.unknown-directory': 'There is no such directory. It may have been removed meanwhile.',
  'problem.set-by-file': 'This stands in the configuration file. Change it there, then reload.',
  'problem.own-listener':
    'This address leads back to the gateway itself. Name another server, or confirm that you mean it.',
  'problem.own-listener_detail':
    '{{server}} leads back to the gateway itself ({{listener}}). Name another server, or confirm that you mean it.',
  'problem.conflict': 'Somebody changed this at the same moment. Look at it again, then repeat your change.',
  'problem.upstream-unreachable':
    "The application isn't answering right now. Nothing is lost; we try again every few seconds.",
  'problem.upstream-unreachable_detail':
    "{{application}} isn't answering right now. Nothing is lost; we try again every few seconds.",
  'problem.upstream-invalid':
    "The application sent an answer that can't be passed on. Try again, and tell your helpdesk if it stays so.",
  'problem.upstream-invalid_detail':
    "{{application}} sent an answer that can't be passed on. Try again, and tell your helpdesk if it stays so.",
  'problem.no-healthy-server':
    "None of the application's servers is answering right now. Nothing is lost; we try again every few seconds.",
  'problem.no-healthy-server_detail':
    'None of the servers of {{application}} is answering right now. Nothing is lost; we try again every few seconds.',
  'problem.upstream-timeout': 'The application took too long to answer. Try again in a moment.',
  'problem.upstream-timeout_detail': '{{application}} took too long to answer. Try again in a moment.',
  'problem.password-file-unusable': 'A password file can’t be used.',
  'problem.password-file-unusable_detail':
    'The password in {{path}} can’t be used: the file can’t be read, or its first line is empty.',
  'problem.directory-unavailable':
    "The directory can't be asked right now, so nobody can sign in with its passwords. Try again in a few minutes.",
  'problem.store-unavailable':
    "Sign-ins can't be checked right now, so nobody new is let in. Open remote sessions stay open. Try again in a moment.",
  'problem.shutting-down': 'The gateway is restarting. Try again in a moment.',
  'problem.service-worker-refused': "An application can't install a service worker here.",
  'problem.expectation-failed':
    "The gateway can't do what this request expects of it. Send it without Expect.",
  'problem.store-too-new':
    'The store was written by a newer Sallyport. Start the newer version, or restore a backup made before the upgrade.',
  'problem.store-too-new_detail':
    'The store was written by a newer Sallyport (format {{found}}; this one knows {{known}}). Start the newer version, or restore a backup made before the upgrade.',
  'problem.store-not-initialised':
    'The store holds no installation. If this really is a new site, run “sallyport init”; otherwise restore a backup.',
  'problem.address-unusable':
    "An address to listen on can't be used. Free it, or choose another one in the configuration.",
  'problem.address-unusable_detail':
    "Sallyport can't listen on {{address}}: {{reason}}. Free that port, or choose another one in the configuration.",
  'problem.certificate-unusable':
    "The certificate or its key can't be used. Check the files named under listen.tls.",
  'problem.certificate-unusable_detail':
    "The certificate or its key can't be used: {{reason}}. Check the files named under listen.tls.",
  'problem.authority-unusable':
    "The certificates of the authorities for an application server can't be used. Check the file named under ca.",
  'problem.authority-unusable_detail':
    "The certificates of authorities in {{file}} can't be used: {{reason}}. Check the file named under ca.",
  'problem.store-may-evict':
    'Redis would throw records away when its memory is full. Set maxmemory-policy noeviction there, in redis.conf or by CONFIG SET.',
  'problem.store-may-evict_detail':
    '{{place}} would throw records away when its memory is full (maxmemory-policy {{policy}}), used codes and revocations among them. Set maxmemory-policy noeviction there: in redis.conf, by CONFIG SET, or in the settings of a hosted server.',
  'problem.store-in-use': 'The store is in use by another process. Stop the gateway first.',
  'problem.master-key-missing':
    "The store is there, but its master key is not. Bring the key back from where you keep it: without it, enrolled secrets can't be read.",
  'problem.master-key-missing_detail':
    "The store is there, but its master key is not: {{place}}. Bring the key back from where you keep it: without it, enrolled secrets can't be read.",
  'problem.master-key-wrong':
    'The master key does not belong to this store. Bring the right key back; nothing was changed.',
  'problem.master-key-wrong_detail':
    'The master key in {{place}} does not belong to this store. Bring the right key back; nothing was changed.',
  'problem.internal': 'Something went wrong on our side. Try again; if it stays so, tell your helpdesk.',
} as const satisfies Readonly<Record<`problem.${ProblemCode}`, string>> & Readonly<Record<string, string>>;
