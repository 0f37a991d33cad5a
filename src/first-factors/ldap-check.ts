import type { LdapOptions } from './ldap-options.ts';

/** What a directory was asked, and how that went. `reason` is for administrators; it holds no secret. */
export type LdapFinding = {
  readonly about: 'server' | 'people' | 'groups' | 'lockout' | 'password-change' | 'alias';
  readonly ok: boolean;
  /** The server, the name, the number: what the finding is about. */
  readonly subject: string;
  readonly reason?: string;
};

/** The first sentence of a failure and of what it came from, without what a library adds over several lines. */
export function reasonOf(error: unknown): string {
  const reasons: string[] = [];
  for (let cause = error; cause instanceof Error && reasons.length < 3; cause = cause.cause) {
    const [line = ''] = cause.message.split('\n', 1);
    if (line !== '' && !reasons.includes(line)) reasons.push(line.slice(0, 200));
  }
  return reasons.join(': ');
}

/** The names of a domain that people type but nobody configured. */
export const missingAliases = (
  { aliases }: Pick<LdapOptions, 'aliases'>,
  own: readonly string[],
): readonly string[] =>
  own.filter((name) => !aliases.some((alias) => alias.toLowerCase() === name.toLowerCase()));
