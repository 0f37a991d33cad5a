/** Keeps what must outlive the process: the `Store` contract, its implementations, and secrets sealed at rest. */
export type * from './store.ts';
