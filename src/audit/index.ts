/** Tells what happened: the union of audit events, the log, the metrics. */
export type * from './audit.ts';
export type * from './event.ts';
