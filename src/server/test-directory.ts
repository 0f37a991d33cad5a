import type { Clock } from '../clock.ts';
import { LdapDirectory, type LdapFinding } from '../first-factors/index.ts';
import type { OpenDirectory } from '../settings/index.ts';
import { storedLdapOptions } from './ldap-directories.ts';

/** Tries a directory that need not be in force, on connections of its own. Never rejects. */
export async function testDirectory(open: OpenDirectory, clock: Clock): Promise<readonly LdapFinding[]> {
  const { name, servers } = open.directory;
  if (open.unreadable === true) {
    return servers.map((url) => ({
      about: 'server',
      ok: false,
      subject: url,
      reason: `the password of ${name} cannot be opened`,
    }));
  }
  const ldap = new LdapDirectory(storedLdapOptions(open), clock);
  try {
    return await ldap.check();
  } finally {
    await ldap.close();
  }
}
