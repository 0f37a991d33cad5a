/** Answers "who are you": checks passwords against the user's directory. */
export { Directories, type NamedDirectory, type PlaceOf } from './directories.ts';
export type * from './first-factor.ts';
export type { LdapFinding } from './ldap-check.ts';
export { LdapDirectory } from './ldap-directory.ts';
export type { LdapOptions } from './ldap-options.ts';
export type { LdapServerState } from './ldap-servers.ts';
export { LocalDirectory, type LocalDirectoryOptions } from './local-directory.ts';
export { LocalPasswords } from './local-passwords.ts';
export { type HashCost, owaspCost, PasswordHasher, type PasswordHasherOptions } from './password-hash.ts';
export { minimumPasswordLength } from './password-rules.ts';
