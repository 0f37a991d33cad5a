/**
 * Where an invitation is accepted, at the console's origin. The ticket is in the fragment, so that no server, log or
 * referrer ever has it; with the name, so that nobody can mistype it.
 */
export const invitationLink = (origin: string, ticket: string, name: string, newAccount: boolean): string =>
  `${origin}/.sallyport/invitation#${newAccount ? 'new' : 'own'}/${ticket}/${encodeURIComponent(name)}`;
