import type { Config } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { readSyslogTarget } from './audit-copies.ts';
import { readAuthorities, readCertificate } from './certificates.ts';
import { readLdapOptions } from './ldap-directories.ts';
import { readRedisPlace } from './redis-place.ts';

/**
 * Reads every certificate, key and authority that the configuration names as a start would, and says what is wrong
 * with each: `certificate-unusable`, `authority-unusable`, `password-file-unusable`, `store-unavailable` with the parameter `path`. Empty when a start could use them all.
 */
export function unusableFiles(
  config: Pick<Config, 'listen' | 'console' | 'applications' | 'redis' | 'directories' | 'audit'>,
): readonly GatewayError[] {
  const { redis } = config;
  const { tls } = config.listen;
  const servers = config.applications.flatMap((application) => application.servers);
  const authorities = new Set(servers.flatMap((server) => server.tls?.ca ?? []));
  const reads = [
    ...[...(tls?.certificates ?? []), ...(config.console.tls?.certificates ?? [])].map(
      (files) => () => readCertificate(files),
    ),
    ...(redis === undefined ? [] : [() => readRedisPlace(redis)]),
    ...config.directories.flatMap((directory) =>
      directory.type === 'ldap' ? [() => readLdapOptions(directory)] : [],
    ),
    ...(config.audit.syslog === undefined ? [] : [syslogRead(config.audit.syslog)]),
    ...[...authorities].map((file) => () => readAuthorities(file)),
  ];
  return reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      if (error instanceof GatewayError) return [error];
      throw error;
    }
  });
}

const syslogRead = (syslog: NonNullable<Config['audit']['syslog']>) => () => readSyslogTarget(syslog);
