import { z } from 'zod';
import type { LdapDirectoryConfig } from './config.ts';
import { checkLdapServers } from './consistency.ts';
import { judgeStored, type StoredVerdict } from './judge-stored.ts';
import { resolveDirectory } from './resolve-directories.ts';
import { ldapDirectory } from './schema-directories.ts';
import { setting } from './setting.ts';
import { certificates } from './stored-certificates.ts';

const password = setting(
  z
    .string()
    .min(1)
    .max(1_024)
    .refine((text) => !/[\r\n\0]/.test(text), 'A password is one line.')
    .exactOptional(),
  {
    description: 'The password of that account; never told again. Goes with `bindDn`.',
    allowed: '1 to 1,024 characters on one line',
  },
);

/** An LDAP directory that is kept in the store: as in the file, but for what stands in files there. */
export const storedDirectory = ldapDirectory.omit({ passwordFile: true, tls: true }).extend({
  tls: setting(
    z
      .strictObject({
        verify: ldapDirectory.shape.tls.unwrap().shape.verify,
        ca: certificates,
        serverName: ldapDirectory.shape.tls.unwrap().shape.serverName,
      })
      .prefault({}),
    { description: 'How TLS is spoken with the servers.' },
  ),
  password,
});

export type StoredDirectoryInput = z.input<typeof storedDirectory>;
export type ParsedStoredDirectory = z.output<typeof storedDirectory>;

/**
 * Judges a directory as if it stood in the file: `taken` are the names of the others. Whether there is a password is
 * left to whoever knows the one that is kept.
 */
export function judgeDirectory(
  input: unknown,
  taken: readonly string[],
): StoredVerdict<ParsedStoredDirectory> {
  return judgeStored('directories', storedDirectory, input, (value, report, isTaken) => {
    checkLdapServers(value, [], report);
    if (value.bindDn === undefined && value.password !== undefined) {
      report(['bindDn'], {
        mistake: 'A password needs the account it belongs to.',
        allowed: 'both or neither',
        remedy: 'Add bindDn, or take the password out.',
      });
    }
    if (!taken.includes(value.name)) return;
    isTaken(['name'], {
      mistake: 'Another directory has this name.',
      value: value.name,
      allowed: 'a name of its own for each directory',
      remedy: 'Choose another name.',
    });
  });
}

/** As the configuration would have it, with the certificates that are trusted; without the password. */
export type ResolvedStoredDirectory = {
  readonly config: LdapDirectoryConfig;
  /** PEM. */
  readonly authorities?: string;
};

export function resolveStoredDirectory(
  parsed: Omit<ParsedStoredDirectory, 'password'>,
): ResolvedStoredDirectory {
  const { tls, ...rest } = parsed;
  const { ca, ...verification } = tls;
  const config = resolveDirectory({ ...rest, tls: verification }, [], (_path, value) => value);
  if (config.type !== 'ldap') throw new TypeError('only LDAP directories are stored');
  return { config, ...(ca === undefined ? {} : { authorities: ca }) };
}
