/**
 * The frame of the console and the parts that its pages share; each page has an area of its own, `console-<page>.ts`. Every
 * key begins with `console.`; plural forms end in `_one` and `_other` and take `{{count}}`.
 */
export const consoleTexts = {
  'console.title': 'Console',
  'console.skip': 'Skip to the page',
  'console.menu': 'Menu',
  'console.menu.close': 'Close menu',
  'console.close': 'Close',
  'console.done': 'Done',
  'console.copy': 'Copy',
  'console.search': 'Search',
  'console.subscription': 'Subscription',
  'console.who': 'Signed in',
  'console.account': 'Your account',
  'console.sign-out': 'Sign out',
  'console.role.owner': 'Owner',
  'console.role.administrator': 'Administrator',
  'console.role.helpdesk': 'Helpdesk',
  'console.role.auditor': 'Auditor',

  'console.nav': 'Console',
  'console.nav.home': 'Home',
  'console.nav.users': 'Users',
  'console.nav.sessions': 'Sessions',
  'console.nav.applications': 'Applications',
  'console.nav.messages': 'Messages',
  'console.nav.settings': 'Settings',
  'console.nav.branding': 'Branding',
  'console.nav.alerts': 'Alerts',
  'console.nav.rdp-whitelist': 'RDP whitelist',
  'console.nav.audit': 'Audit',
  'console.nav.administrators': 'Administrators',
  'console.nav.licence': 'Licence',
  'console.nav.subscriptions': 'Subscriptions',

  'console.switched-off': 'Two-factor authentication is off: everybody gets in with a password alone.',
  'console.switched-off.of':
    'Two-factor authentication is off for {{subscription}}: its users get in with a password alone.',
  'console.switched-off.settings': 'Open the setting',

  'console.nothing-here.title': 'Nothing here',
  'console.nothing-here.text': 'This address belongs to no page of the console.',
  'console.nothing-here.home': 'Go to Home',

  'console.code.title': 'Enter a code to go on',
  'console.code.lead': 'Changes need a code that is not older than 15 minutes. Nothing you typed is lost.',
  'console.code.impossible': 'You have no way to enter a code here. Sign out and sign in again.',
  'console.ended.title': 'Your session has ended',
  'console.ended.lead': 'Sign in in a new tab, then come back and continue. What you typed is still here.',
  'console.ended.sign-in': 'Sign in',
  'console.ended.continue': 'Continue here',

  'console.conflict.title': 'Somebody else changed this meanwhile',
  'console.conflict.lead': 'Nothing of yours is saved yet. These values are different now:',
  'console.conflict.field': 'Field',
  'console.conflict.theirs': 'Now',
  'console.conflict.mine': 'Yours',
  'console.conflict.untouched': 'Not changed by you: stays as it is now',
  'console.conflict.take-theirs': 'Keep what is there now',
  'console.conflict.keep-mine': 'Save mine instead',

  'console.confirm.type': 'Type {{number}} to confirm.',
  'console.confirm.mistyped': "That isn't {{number}}. Nothing was changed.",

  'console.table.all': 'Select all that are shown',
  'console.table.select': 'Select {{name}}',
  'console.table.selected_one': '{{count}} selected',
  'console.table.selected_other': '{{count}} selected',
  'console.table.none': 'Clear selection',
  'console.table.more': 'Load more',
} as const;
