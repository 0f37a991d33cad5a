import { chmodSync, copyFileSync, existsSync, linkSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { giveToOwnerOf, moveIntoPlace } from './durable-file.ts';
import type { Sealer } from './sealer.ts';
import { createPrivately, existing, SqliteConnection } from './sqlite-connection.ts';
import { asGatewayError, isBusy } from './sqlite-failure.ts';
import { schemaSteps } from './sqlite-schema.ts';
import { inspectStore, type StoreReport } from './store-report.ts';

export type RestoreOptions = {
  /** The backup. */
  source: string;
  /** The store file of the gateway, which must not run. */
  target: string;
  /** Opens with the master keys that the gateway will have. */
  sealer: Sealer;
  /** Where those keys come from, for messages. */
  place: string;
  /** Collections that must not come back to life: sessions revoked since would be valid again. */
  forget: readonly string[];
  random: Random;
};

export type RestoreResult = {
  readonly report: StoreReport;
  /** Where the store that was there before is now; absent when there was none. */
  readonly previous?: string;
};

/**
 * Puts a backup in place of the store. Until the last step, one rename, the old store stays as it is, and it is kept
 * beside the new one afterwards. Throws `store-in-use` while a gateway runs; changes nothing when the report names problems.
 */
export function restoreStore(options: RestoreOptions): RestoreResult {
  const { source, target, sealer, place, random } = options;
  const report = inspectStore(source, sealer, place);
  if (report.problems.length > 0) return { report };
  const name = randomName(random, 6);
  const draft = `${target}.${name}.draft`;
  try {
    createPrivately(draft);
    copyFileSync(source, draft);
    chmodSync(draft, 0o600);
    giveToOwnerOf(existsSync(target) ? target : dirname(target), draft);
    forgetIn(draft, options.forget);
    const previous = existsSync(target) ? setAside(target, `${target}.before-restore-${name}`) : undefined;
    moveIntoPlace(draft, target);
    return previous === undefined ? { report } : { report, previous };
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true });
    throw asGatewayError(error);
  }
}

function forgetIn(path: string, collections: readonly string[]): void {
  const connection = new SqliteConnection(path, { create: false, steps: schemaSteps });
  try {
    connection.write(() => {
      for (const collection of collections) {
        connection.statement('DELETE FROM documents WHERE collection = ?').run(collection);
        connection.statement('DELETE FROM terms WHERE collection = ?').run(collection);
      }
      connection.statement('DELETE FROM outbox').run();
    });
  } finally {
    // The last connection moves the journal into the file and removes it.
    connection.close();
  }
}

/** Keeps the old store under another name, without a moment in which no store is there: that would be a new site. */
function setAside(target: string, aside: string): string {
  settleJournal(target);
  try {
    linkSync(target, aside);
  } catch {
    copyFileSync(target, aside);
    chmodSync(aside, 0o600);
  }
  for (const suffix of ['-wal', '-shm']) {
    // Left behind by a damaged store only; SQLite would replay it into the restored one.
    if (existsSync(`${target}${suffix}`)) copyFileSync(`${target}${suffix}`, `${aside}${suffix}`);
    rmSync(`${target}${suffix}`, { force: true });
  }
  return aside;
}

/** Moves what is in the journal into the file and proves that nobody else has the store open. */
function settleJournal(path: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(existing(path), { timeout: 0 });
    // In this mode the first access takes the lock that every other open connection shares.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK;');
  } catch (error) {
    if (isBusy(error)) throw new GatewayError('store-in-use', { cause: error });
    // A damaged store is a reason to restore, not to refuse.
  } finally {
    database?.close();
  }
}
