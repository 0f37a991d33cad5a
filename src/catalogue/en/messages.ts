/** Messages that are sent to people. Every key begins with `messages.`. */
export const messages = {
  'messages.code.subject': 'Your {{issuer}} verification code',
  'messages.code.text_one':
    "Your verification code is: {{code}}\n\nIt is good for {{count}} minute, for the sign-in that asked for it, and nobody should ask you for it.\n\nIf you aren't signing in right now, somebody may know your password. Change it, or tell your helpdesk.",
  'messages.code.text_other':
    "Your verification code is: {{code}}\n\nIt is good for {{count}} minutes, for the sign-in that asked for it, and nobody should ask you for it.\n\nIf you aren't signing in right now, somebody may know your password. Change it, or tell your helpdesk.",
} as const;
