import type { LdapOptions } from './ldap-options.ts';

/** What a directory was asked, and how that went. `reason` is for administrators; it holds no secret. */
export type LdapFinding = {
  readonly about: 'server' | 'people' | 'groups' | 'lockout' | 'password-change' | 'alias';
  readonly ok: boolean;
  /** The server, the name, the number: what the finding is about. */
  readonly subject: string;
  readonly reason?: string;
  /** The server's certificate comes from an authority that is not trusted. */
  readonly untrusted?: true;
};

/** The first sentence of a failure and of what it came from, without what a library adds over several lines. */
export function reasonOf(error: unknown): string {
  const reasons: string[] = [];
  for (let cause = error; cause instanceof Error && reasons.length < 3; cause = cause.cause) {
    const [line = ''] = cause.message.split('\n', 1);
    const [reason = ''] = line.trim().split('; if the root CA', 1);
    if (reason !== '' && !reasons.includes(reason)) reasons.push(reason.slice(0, 200));
  }
  return reasons.join(': ');
}

/** As Node.js names what only another authority to trust can cure (OpenSSL, X509_verify_cert). */
const untrustedCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether a failure, or what it came from, is a certificate of an authority that nobody told us to trust. */
export function isUntrusted(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 3; cause = cause.cause, depth += 1) {
    if ('code' in cause && untrustedCodes.has(String(cause.code))) return true;
  }
  return false;
}

/** The names of a domain that people type but nobody configured. */
export const missingAliases = (
  { aliases }: Pick<LdapOptions, 'aliases'>,
  own: readonly string[],
): readonly string[] =>
  own.filter((name) => !aliases.some((alias) => alias.toLowerCase() === name.toLowerCase()));
