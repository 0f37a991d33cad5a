import type { AuditCopy } from './audit.ts';
import { lineOf } from './audit-export.ts';
import { openStandardOutput } from './log.ts';

/**
 * Writes each entry as one line of JSON, `{"audit": …}`, beside the lines of the log: whatever level that has.
 */
export function auditToLines(destination: { write(line: string): void } = openStandardOutput()): AuditCopy {
  return {
    send: (entry) => destination.write(`${JSON.stringify({ audit: lineOf({ entry }) })}\n`),
    close: () => Promise.resolve(),
  };
}
