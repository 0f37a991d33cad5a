/** The console's page of branding: every key begins with `console.branding.`. */
export const consoleBranding = {
  'console.branding.purpose':
    'How the sign-in pages look, whom they name for help, and what people agree to before they get in.',
  'console.branding.name': 'Name',
  'console.branding.name-help': 'Above every page and in its title. Empty: the name of the site.',
  'console.branding.logo': 'Logo',
  'console.branding.logo-help':
    'PNG, or SVG without scripts and links; up to 64 KB. Shown up to 48 pixels high.',
  'console.branding.logo-shown': 'The logo as it is',
  'console.branding.logo-large': 'That file is larger than 64 KB.',
  'console.branding.logo-remove': 'Remove the logo',
  'console.branding.accent': 'Accent colour',
  'console.branding.accent-help':
    'Such as #0f5e63. Made darker by day or lighter by night where it could not be read.',
  'console.branding.pick': 'Pick the accent colour',
  'console.branding.usual': 'Deep teal',
  'console.branding.helpdesk': 'Helpdesk contact',
  'console.branding.helpdesk-help': 'Whom people ask when they cannot sign in; below every page.',
  'console.branding.terms': 'Terms',
  'console.branding.terms-help':
    'Shown after both factors, before anything else. Everybody accepts them once; the audit log says who and when. Empty: nothing to accept.',
  'console.branding.terms-since':
    'In force since {{when}}. Another text is another version: everybody is asked again at their next sign-in.',
  'console.branding.wrong': 'Allowed: {{allowed}}',
  'console.branding.save': 'Save',
  'console.branding.undo': 'Undo',
  'console.branding.saved': 'Saved. Pages look so from now on.',
  'console.branding.preview': 'Preview, by day and by night',
  'console.branding.sample-title': 'Sign in',
  'console.branding.sample-link': "I can't use my code",
  'console.branding.contrast': 'Contrast {{ratio}} : 1.',
  'console.branding.adjusted': 'The colour was adjusted so that it can be read.',
} as const satisfies Readonly<Record<`console.branding.${string}`, string>>;
