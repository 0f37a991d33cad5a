/** Keeps what must outlive the process: the `Store` contract, its implementations, and secrets sealed at rest. */
export type * from './sealer.ts';
export { type SqliteOptions, SqliteStore } from './sqlite.ts';
export type * from './store.ts';
