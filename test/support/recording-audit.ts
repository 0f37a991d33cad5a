import type { Audit, AuditEvent } from '../../src/audit/index.ts';

/** An audit log that only remembers, in order. */
export function recordingAudit(): Audit & { readonly events: AuditEvent[] } {
  const events: AuditEvent[] = [];
  return {
    events,
    record(event) {
      events.push(event);
    },
    flush: () => Promise.resolve(),
  };
}
