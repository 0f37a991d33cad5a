/** Every key begins with `console.licence.`; plural forms end in `_one` and `_other` and take `{{count}}`. */
export const consoleLicence = {
  'console.licence.purpose': 'How many users may be enabled, and until when.',
  'console.licence.unlimited': 'Nothing is limited: this installation needs no licence.',
  'console.licence.serial': 'Serial number',
  'console.licence.serial.help': 'Give it to whoever issues your licence.',
  'console.licence.edition': 'Edition',
  'console.licence.trial': 'Trial',
  'console.licence.users': 'Enabled users',
  'console.licence.users.of': '{{users}} of {{limit}}',
  'console.licence.users.help':
    'Everybody who has set up a second factor, and everybody on the enabled list by name. Whom a group or Everyone means counts from the moment they set one up.',
  'console.licence.until': 'Valid until',
  'console.licence.over': 'The licence has ended.',
  'console.licence.full': 'As many users are enabled as the licence allows.',
  'console.licence.means':
    'Nobody new can be enabled or set up a second factor. Everybody who is enabled stays protected and signs in as before, and nobody is let in without their second factor. Administrators can always come in.',
  'console.licence.ahead':
    'Past the limit or the end nobody new can be enabled. Everybody who is enabled stays protected and signs in as before, and nobody is let in without their second factor.',
  'console.licence.activate': 'Activate a licence',
  'console.licence.file': 'Choose license.lic',
  'console.licence.choose': 'Choose the file, or paste its text.',
  'console.licence.text': 'Text of the file',
  'console.licence.action': 'Activate',
  'console.licence.done': 'Activated: {{limit}} users until {{until}}.',
  'console.licence.read-only': 'An owner of the site can activate a licence.',
} as const;
