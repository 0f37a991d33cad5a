import { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../errors.ts';
import { createPrivately } from './sqlite-connection.ts';
import { asGatewayError, isBusy } from './sqlite-failure.ts';

/**
 * Runs `work` while no other process runs work under the same lock file. The lock is the operating system's, by way
 * of SQLite: it ends with the process, however that dies. Rejects with `conflict` when it is held.
 */
export async function exclusively<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const lock = takeLock(path);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

function takeLock(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    createPrivately(path);
    lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    throw isBusy(error) ? new GatewayError('conflict', { cause: error }) : asGatewayError(error);
  }
}
