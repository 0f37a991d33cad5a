/** Keeps what must outlive the process: the `Store` contract, its implementations, and secrets sealed at rest. */
export { type Change, changeDocument, isConflict } from './change-document.ts';
export {
  type Installation,
  type InstallationOptions,
  type OpenInstallation,
  openInstallation,
} from './installation.ts';
export { KeyRing } from './key-ring.ts';
export type * from './maintained-store.ts';
export type { MasterKeySource } from './master-key.ts';
export { RedisStore } from './redis.ts';
export type { RedisPlace, RedisStoreOptions, RedisTls } from './redis-options.ts';
export { type RestoreOptions, type RestoreResult, restoreStore } from './restore-store.ts';
export { type RotationOptions, type RotationReport, rotateMasterKey } from './rotate-master-key.ts';
export { isSealed, RingSealer } from './sealed.ts';
export type * from './sealer.ts';
export { type SqliteOptions, SqliteStore } from './sqlite.ts';
export type * from './store.ts';
export { inspectStore, type StoreProblem, type StoreReport } from './store-report.ts';
export { TopicFollower } from './topic-follower.ts';
export { requireVersion, versionTag } from './version-tag.ts';
