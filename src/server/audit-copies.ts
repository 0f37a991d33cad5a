import { hostname } from 'node:os';
import { type AuditCopy, auditToLines, createSyslog, type Log, type SyslogTarget } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { readAuthorities } from './certificates.ts';

const usualPorts = { udp: 514, tcp: 601, tls: 6514 } as const;

/**
 * Where audit entries go besides the store, as the configuration says. `standardOutput`: whether this process may write
 * there; a command's results stand there. Throws `authority-unusable`.
 */
export function auditCopies(
  config: Config['audit'],
  parts: { readonly clock: Clock; readonly log: Log; readonly standardOutput: boolean },
): readonly AuditCopy[] {
  const { syslog } = config;
  return [
    ...(config.standardOutput && parts.standardOutput ? [auditToLines()] : []),
    ...(syslog === undefined
      ? []
      : [
          createSyslog({
            ...parts,
            target: readSyslogTarget(syslog),
            source: { facility: syslog.facility, host: hostname(), process: process.pid },
          }),
        ]),
  ];
}

/** Throws `authority-unusable`. */
export function readSyslogTarget({ url, verify, ca }: NonNullable<Config['audit']['syslog']>): SyslogTarget {
  const { protocol: scheme, hostname: host, port } = new URL(url);
  const protocol = scheme === 'tls:' ? 'tls' : scheme === 'tcp:' ? 'tcp' : 'udp';
  return {
    protocol,
    host: host.replace(/^\[|\]$/g, ''),
    port: port === '' ? usualPorts[protocol] : Number(port),
    verify,
    ...(ca === undefined ? {} : { authorities: readAuthorities(ca) }),
  };
}
