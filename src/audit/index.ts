/** Tells what happened: the union of audit events, the log, the metrics. */
export { type Audit, type AuditEntry, type AuditOptions, createAudit } from './audit.ts';
export type * from './event.ts';
export { describeEvents } from './event-descriptions.ts';
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
