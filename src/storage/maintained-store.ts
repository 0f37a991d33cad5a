import type { Json, Store } from './store.ts';

/** What starting, key rotation and backup need of a store beyond the contract that the rooms use. */
export interface MaintainedStore extends Store {
  /** Nothing has ever been written: the only store that may become an installation without being asked to. */
  readonly isNew: boolean;
  /** From now on the store is unavailable whenever its installation record does not have this id. */
  guard(installation: string): void;
  /** The names of all collections that hold a document. */
  collections(): Promise<string[]>;
  /**
   * Replaces the value of a document that is still at `version`, keeping its expiry and terms, and counts the
   * version up; resolves to whether it was.
   */
  rewrite(collection: string, key: string, value: Json, version: number): Promise<boolean>;
  /** Runs `work` while no other process runs work under this name; rejects with `conflict` when one does. */
  exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}
