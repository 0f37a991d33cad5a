import type { Json, Store } from './store.ts';

/** What starting, key rotation and backup need of a store beyond the contract that the rooms use. */
export interface MaintainedStore extends Store {
  /** Where it is, in words for an administrator. */
  readonly place: string;
  /** What would be lost with the server's memory, in words for an administrator; absent: it keeps its data. */
  readonly lastingDoubt?: string | undefined;
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
  /**
   * Ends entries of a stream that were made before `moment` (Unix milliseconds), some hundreds of them; they are removed
   * as whatever has expired. Begins after the cursor `after`, and resolves to where to go on: undefined at the end.
   */
  endEntries(stream: string, moment: number, after?: string): Promise<string | undefined>;
  /**
   * Writes everything to `target`, a file that must not exist, in the form of the embedded store; gateways may run
   * meanwhile. Sealed values stay sealed: without the master key, which is not in it, the copy gives no secret away.
   */
  backup(target: string): Promise<void>;
  /** Runs `work` while no other process runs work under this name; rejects with `conflict` when one does. */
  exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}
