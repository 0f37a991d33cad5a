/**
 * Mails that tell users what happened to their account. Every key begins with `notices.`. Each kind has a subject
 * and a text; the lines below are put under it.
 */
export const notices = {
  'notices.factor-added.subject': 'A new way to verify was added to your account',
  'notices.factor-added.text':
    '{{method}} was added to your account {{name}}, as a way to verify when you sign in.',
  'notices.factor-removed.subject': 'A way to verify was removed from your account',
  'notices.factor-removed.text':
    '{{method}} was removed from your account {{name}}. You can no longer verify with it.',
  'notices.recovery-renewed.subject': 'New recovery codes were made',
  'notices.recovery-renewed.text':
    'New recovery codes were made for your account {{name}}. The ones before are void.',
  'notices.recovery-used.subject': 'A recovery code was used',
  'notices.recovery-used.text':
    'A recovery code of your account {{name}} was used to verify. It is void now. If few are left, make new ones on your account page.',
  'notices.bypass-issued.subject': 'The helpdesk made a code for your account',
  'notices.bypass-issued.text':
    'The helpdesk made a one-time code that can stand in for your verification code. It is for your account {{name}} and good until {{until}}.',
  'notices.bypass-used.subject': 'A helpdesk code was used',
  'notices.bypass-used.text': 'A code from the helpdesk was used to verify as {{name}}. It is void now.',
  'notices.password-changed.subject': 'Your password was changed',
  'notices.password-changed.text': 'The password of your account {{name}} was changed.',
  'notices.reset.subject': 'Your ways to verify were reset',
  'notices.reset.text':
    'An administrator reset your account {{name}}: authenticator apps, phone numbers and recovery codes are gone, and every session was ended. At your next sign-in you set up a new one.',
  'notices.new-device.subject': 'Sign-in from a new device',
  'notices.new-device.text':
    'Somebody signed in as {{name}}, with your password and a verification, in a browser that was not known before.',
  'notices.password-known.subject': 'Somebody may know your password',
  'notices.password-known.text':
    'Somebody entered the right password of your account {{name}}, and then five wrong verification codes. They were not let in.',
  'notices.user-password-known.subject': 'Somebody may know the password of {{name}}',
  'notices.user-password-known.text':
    'Somebody entered the right password of {{name}}, and then five wrong verification codes. They were not let in. Ask {{name}} whether it was them; otherwise set another password.',

  'notices.method.app': 'An authenticator app',
  'notices.method.sms': 'A phone number',
  'notices.method.email': 'An email address',
  'notices.method.other': 'A way to verify',

  'notices.when': 'When: {{when}}',
  'notices.where': 'From: {{address}}',
  'notices.where-browser': 'From: {{address}}, {{browser}}',
  'notices.browser': '{{browser}} on {{system}}',
  'notices.yours': "If it was you, there's nothing to do.",
  'notices.not-yours': 'If it was not you, change your password at once and tell your helpdesk.',
  'notices.not-asked': 'If you did not ask for this, tell your helpdesk at once.',
  'notices.change-password':
    'If it was not you, change your password now: only the verification still stood in their way.',
  'notices.account': 'Your account: {{url}}',
  'notices.helpdesk': 'Helpdesk: {{helpdesk}}',
  'notices.footer': 'This message was sent by {{site}} on its own. There is no need to answer it.',
} as const satisfies Readonly<Record<`notices.${string}`, string>>;
