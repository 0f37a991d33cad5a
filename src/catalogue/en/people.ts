/** What administrators read of files of users, and of changes with less effect than expected: keys begin with `people.`. */
export const people = {
  'people.import.no-heading':
    'The file is empty. Its first line names the columns: directory, user, method, phone, email, secret, digits, issuer.',
  'people.import.not-utf-8': 'The file is not in UTF-8: letters like é are broken. Save it as “CSV UTF-8”.',
  'people.import.unknown-column':
    'There is no column “{{value}}”. Use directory, user, method, phone, email, secret, digits, issuer.',
  'people.import.repeated-column': 'The column “{{value}}” is there twice. Leave one.',
  'people.import.no-user-column':
    'No column is called “user”. Name the columns in the first line; “user” has to be one of them.',
  'people.import.unclosed-quote':
    'A quotation mark opens here and nothing closes it. Close it, or write it twice where it is meant.',
  'people.import.text-after-quote':
    'Text follows a closing quotation mark. Write quotation marks within a cell twice.',
  'people.import.too-many-fields':
    'The line has more cells than the heading. Put cells that hold the separator into quotation marks.',
  'people.import.too-many-lines': 'More than {{value}} lines. Split the file.',
  'people.import.empty-user': 'No user is named. Fill in the name that they sign in with.',
  'people.import.unknown-directory': 'There is no directory “{{value}}”. Use its name in the configuration.',
  'people.import.unknown-user':
    'Nobody is called “{{value}}”. Check the spelling, or name the directory in its column.',
  'people.import.repeated-user': '“{{value}}” is on an earlier line already. Leave one of them.',
  'people.import.unknown-method': '“{{value}}” is no method. Use app, sms, email or default.',
  'people.import.invalid-phone-number':
    '“{{value}}” is no phone number. Write it in international format, like +14155552671.',
  'people.import.invalid-address': '“{{value}}” is no email address.',
  'people.import.invalid-secret': 'The key is not Base32: only A to Z and 2 to 7 belong in it.',
  'people.import.short-secret': 'The key is too short: it takes 16 characters at least.',
  'people.import.invalid-digits': '“{{value}}” is no number of digits. Use 4 to 12.',
  'people.import.invalid-issuer': 'The issuer has 1 to 64 characters and no colon.',
  'people.import.secret-needed': 'Digits and issuer belong to a key. Fill in “secret”, or leave this empty.',
  'people.import.already-enrolled':
    'The user has enrolled something else already. Reset them first, or leave “secret” empty.',
  'people.import.exempt': '“{{value}}” is exempt. End the exemption first.',
  'people.import.not-allowed': '“{{value}}” is an administrator. Only an owner can change that.',
  'people.import.directory-unavailable': 'The directory of “{{value}}” does not answer. Try again later.',

  'people.warning.group-still-listed': 'No effect for {{names}}: the group {{detail}} is on the list.',
  'people.warning.everyone-still-listed': 'No effect for {{names}}: Everyone is on the list.',
  'people.warning.administrator': 'No effect for {{names}}: administrators always need a second factor.',
  'people.warning.exempt': 'No effect for {{names}}: {{detail}} is exempt, and that wins.',
  'people.warning.switched-off':
    'Two-factor authentication is switched off: it is asked of administrators alone.',
  'people.warning.not-enrolled': 'Nothing to lose for {{names}}: nothing is enrolled.',
  'people.warning.groups-unknown':
    'The groups of {{names}} are not fully known, so they count as enabled and lose nothing.',
  'people.warning.directory-unavailable':
    'The directory of {{names}} does not answer, so what happens there cannot be told in full.',
  'people.warning.gone': 'Their directory has {{names}} no more.',
  'people.warning.method-off': 'The setting Methods has no {{detail}}, which {{names}} should use.',
  'people.warning.no-sender': 'There is no sender for {{detail}} yet, which {{names}} should use.',
  'people.warning.no-destination':
    'No number or address is known of {{names}} for {{detail}}; they are asked for it when they enrol.',
} as const;
