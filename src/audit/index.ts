/** Tells what happened: the union of audit events, the log, the metrics. */
export { type Audit, type AuditCopy, type AuditEntry, type AuditOptions, createAudit } from './audit.ts';
export { auditAsCsv, auditAsJsonLines, csvCell } from './audit-export.ts';
export { type AuditFilter, everyEntry, type FoundEntry, findEntry, queryAudit } from './audit-query.ts';
export { AuditRetention, retentionDays } from './audit-retention.ts';
export { endOldEntries } from './end-old-entries.ts';
export type * from './event.ts';
export { auditEventTypes, describeEvents } from './event-descriptions.ts';
export { createLog, type Log, type LogFields, type LogLevel, type LogOptions } from './log.ts';
export { measureStore } from './measured-store.ts';
export { describeMetrics } from './metric-descriptions.ts';
export {
  type ApplicationMetrics,
  createMetrics,
  type MetricDescription,
  type Metrics,
  type SessionCounts,
  type UpstreamResult,
} from './metrics.ts';
export { redact, redacted, redactText } from './redact.ts';
export { auditToLines } from './standard-output.ts';
export { createSyslog, type SyslogTarget } from './syslog.ts';
export type { SyslogFacility } from './syslog-message.ts';
