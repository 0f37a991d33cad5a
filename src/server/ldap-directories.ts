import { readFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { type Config, type LdapDirectoryConfig, resolveStoredDirectory } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { LdapDirectory, type LdapOptions } from '../first-factors/index.ts';
import type { OpenDirectory } from '../settings/index.ts';
import { readAuthorities } from './certificates.ts';

/** Every LDAP directory of the configuration; nothing is asked yet. Throws as `readLdapOptions`. */
export const ldapDirectories = (
  config: Pick<Config, 'directories'>,
  clock: Clock,
): readonly LdapDirectory[] =>
  config.directories.flatMap((directory) =>
    directory.type === 'ldap' ? [new LdapDirectory(readLdapOptions(directory), clock)] : [],
  );

/**
 * How a directory is reached, with what stands in the files that the configuration names. Throws
 * `authority-unusable`, and `password-file-unusable` with the parameter `path`.
 */
export function readLdapOptions(config: LdapDirectoryConfig): LdapOptions {
  const { name, kind, servers, startTls, tls, bindDn, passwordFile, timeout, ...rest } = config;
  const { ca, ...verification } = tls;
  const { baseDn, groupBaseDn, userFilter, attributes, aliases, lockoutThreshold } = rest;
  return {
    directory: name,
    kind,
    urls: servers,
    startTls,
    tls: { ...verification, ...(ca === undefined ? {} : { ca: readAuthorities(ca) }) },
    timeout: timeout * 1000,
    ...(bindDn === undefined || passwordFile === undefined
      ? {}
      : { account: { dn: bindDn, password: firstLine(passwordFile) } }),
    baseDn,
    ...(groupBaseDn === undefined ? {} : { groupBaseDn }),
    ...(userFilter === undefined ? {} : { userFilter }),
    attributes,
    aliases,
    ...(lockoutThreshold === undefined ? {} : { lockoutThreshold }),
  };
}

/** How a directory of the store is reached, with its password, which must have been readable. */
export function storedLdapOptions({ directory, password }: OpenDirectory): LdapOptions {
  const { config, authorities } = resolveStoredDirectory(directory);
  const options = readLdapOptions(config);
  return {
    ...options,
    tls: { ...options.tls, ...(authorities === undefined ? {} : { ca: authorities }) },
    ...(config.bindDn === undefined || password === undefined
      ? {}
      : { account: { dn: config.bindDn, password } }),
  };
}

function firstLine(path: string): string {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split(/\r?\n/, 1);
    if (line === '') throw new Error('its first line is empty');
    return line;
  } catch (cause) {
    throw new GatewayError('password-file-unusable', { params: { path }, cause });
  }
}
