import type { AuditEvent } from './event.ts';

/** Records what happened: in the store's stream `audit`, in the log, and in the metrics. Never throws, never delays. */
export interface Audit {
  record(event: AuditEvent): void;
  /** Resolves when everything recorded so far has been written or given up. */
  flush(): Promise<void>;
}
