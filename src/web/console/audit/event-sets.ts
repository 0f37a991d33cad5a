/** Kinds of events that people look for together; each by how the types begin. */
export const eventSets = {
  'sign-ins': ['sign-in.', 'enrolment.', 'terms.', 'logon.'],
  refusals: ['sign-in.refused', 'request.', 'lockout', 'compromised-password', 'api-access.refused'],
  people: [
    'user.',
    'users.',
    'list.',
    'group.',
    'bypass.',
    'ticket.',
    'factor.',
    'rdp-whitelist.',
    'password.',
  ],
  administration: [
    'setting.',
    'role.',
    'invitation.',
    'api-access.',
    'sender.',
    'application.',
    'directory.',
    'server.',
    'subscription.',
    'branding.',
    'alert.',
    'owner.',
    'keys.',
    'audit.',
  ],
  sessions: ['session.', 'remote-session.'],
} as const;

export type EventSet = keyof typeof eventSets;
export const eventSetNames = Object.keys(eventSets) as EventSet[];

/** The types that a choice stands for: a set, or one type; undefined: all. */
export function typesOf(choice: string, known: readonly string[]): string | undefined {
  if (choice === '') return undefined;
  const set = eventSetNames.find((name) => name === choice);
  if (set === undefined) return choice;
  const found = known.filter((type) => eventSets[set].some((beginning) => type.startsWith(beginning)));
  return found.length === 0 ? undefined : found.join(',');
}
