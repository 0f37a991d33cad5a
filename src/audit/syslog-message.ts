import type { AuditEntry } from './audit.ts';
import { lineOf } from './audit-export.ts';
import type { AuditEventType } from './event.ts';

/** By the names of RFC 5424 section 6.2.1. */
const syslogFacilities = {
  kern: 0,
  user: 1,
  daemon: 3,
  auth: 4,
  syslog: 5,
  authpriv: 10,
  audit: 13,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;

export type SyslogFacility = keyof typeof syslogFacilities;

export type SyslogSource = {
  readonly facility: SyslogFacility;
  /** This machine, as far as it knows its name. */
  readonly host: string;
  readonly process: number;
};

const appName = 'sallyport';

/** Warning, notice and informational of RFC 5424. */
const severities: Partial<Record<AuditEventType, number>> = {
  lockout: 4,
  'compromised-password': 4,
  'request.suspicious': 4,
  'api-access.refused': 4,
  'sign-in.refused': 4,
  'message.failed': 4,
  'certificate.unusable': 4,
  'certificate.expiring': 4,
  'store.lost': 4,
  'store.deaf': 4,
  'clock.off': 4,
  'owner.recovered': 5,
  'role.changed': 5,
};
const informational = 6;

const severityNames: Readonly<Record<number, string>> = { 4: 'warning', 5: 'notice', 6: 'info' };

/** As RFC 5424 calls it. */
export const severityName = (type: AuditEventType): string =>
  severityNames[severities[type] ?? informational] ?? 'info';

/**
 * One message of RFC 5424, without structured data: the entry is the text, as JSON in ASCII, so that no byte order mark
 * is needed (section 6.4) and no line break is in it. `MSGID` is the type of the event.
 */
export function syslogMessage(entry: AuditEntry, { facility, host, process }: SyslogSource): string {
  const priority = syslogFacilities[facility] * 8 + (severities[entry.type] ?? informational);
  const time = new Date(entry.at).toISOString();
  const head = `<${priority}>1 ${time} ${printable(host, 255)} ${appName} ${process}`;
  return `${head} ${printable(entry.type, 32)} - ${asciiJson(lineOf({ entry }))}`;
}

/** A field of the header: PRINTUSASCII, `-` where there is nothing. */
const printable = (text: string, most: number): string =>
  text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, most) || '-';

const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
