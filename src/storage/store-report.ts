import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { GatewayError } from '../errors.ts';
import { checkKey, documentSchema, type InstallationRecord, installationRecord } from './installation.ts';
import { mapSealed } from './sealed.ts';
import type { Sealer } from './sealer.ts';
import { asGatewayError, isCorrupt } from './sqlite-failure.ts';
import { schemaSteps, schemaVersionOf } from './sqlite-schema.ts';
import type { Json } from './store.ts';

/** What a store file holds and whether it can be used; `problems` is empty when it can. */
export type StoreReport = {
  readonly path: string;
  readonly bytes: number;
  /** Unix milliseconds of the installation's creation, and its id. */
  readonly installation?: { readonly id: string; readonly createdAt: number };
  readonly documents: Readonly<Record<string, number>>;
  readonly auditEntries: number;
  readonly sealedValues: number;
  readonly problems: readonly StoreProblem[];
};

/** What keeps a store file from being used. */
export type StoreProblem =
  | { readonly kind: 'damaged'; readonly details: readonly string[] }
  | { readonly kind: 'too-new'; readonly found: number; readonly known: number }
  | { readonly kind: 'no-installation' }
  | { readonly kind: 'wrong-key' }
  | { readonly kind: 'unreadable-values'; readonly count: number };

/**
 * Reads a store file from end to end and changes nothing, not even its directory. `sealer` holds the master keys
 * that should open it. Throws `store-unavailable` when there is no such file or it is no database at all.
 */
export function inspectStore(path: string, sealer: Sealer, place: string): StoreReport {
  const database = openUntouched(path);
  try {
    const damage = damageOf(database);
    const found = schemaVersionOf(database);
    const bytes = statSync(path).size;
    const nothing = { path, bytes, documents: {}, auditEntries: 0, sealedValues: 0 };
    if (damage.length > 0) return { ...nothing, problems: [{ kind: 'damaged', details: damage }] };
    if (found > schemaSteps.length) {
      return { ...nothing, problems: [{ kind: 'too-new', found, known: schemaSteps.length }] };
    }
    if (found === 0) return { ...nothing, problems: [{ kind: 'no-installation' }] };
    return { path, bytes, ...contentOf(database, sealer, place) };
  } catch (error) {
    throw asGatewayError(error);
  } finally {
    database.close();
  }
}

function openUntouched(path: string): DatabaseSync {
  if (!existsSync(path)) {
    throw new GatewayError('store-unavailable', { cause: new Error(`there is no file ${path}`) });
  }
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'ro');
  // A finished backup has no journal beside it: then SQLite need not make files of its own there.
  if (!existsSync(`${path}-wal`)) url.searchParams.set('immutable', '1');
  try {
    return new DatabaseSync(url, { readOnly: true });
  } catch (error) {
    throw asGatewayError(error);
  }
}

function damageOf(database: DatabaseSync): string[] {
  try {
    return database
      .prepare('PRAGMA integrity_check(20)')
      .all()
      .map((row) => String(row.integrity_check))
      .filter((line) => line !== 'ok');
  } catch (error) {
    // Damage that keeps even the check from going on.
    if (isCorrupt(error)) return [String(error)];
    throw error;
  }
}

type Content = Pick<StoreReport, 'documents' | 'auditEntries' | 'sealedValues' | 'problems' | 'installation'>;

function contentOf(database: DatabaseSync, sealer: Sealer, place: string): Content {
  const documents: Record<string, number> = {};
  const problems: StoreProblem[] = [];
  let record: InstallationRecord | undefined;
  let sealedValues = 0;
  let unreadable = 0;
  for (const row of database.prepare('SELECT collection, key, value FROM documents').iterate()) {
    const [collection, key] = [String(row.collection), String(row.key)];
    documents[collection] = (documents[collection] ?? 0) + 1;
    const value: Json = JSON.parse(String(row.value));
    if (collection === installationRecord.collection && key === installationRecord.key) {
      record = value as InstallationRecord;
    }
    mapSealed(value, (sealed) => {
      sealedValues += 1;
      if (!opens(sealer, { collection, key }, sealed)) unreadable += 1;
      return sealed;
    });
  }
  if (record === undefined) problems.push({ kind: 'no-installation' });
  else if (record.schema > documentSchema) {
    problems.push({ kind: 'too-new', found: record.schema, known: documentSchema });
  } else if (!keyFits(sealer, record, place)) problems.push({ kind: 'wrong-key' });
  else if (unreadable > 0) problems.push({ kind: 'unreadable-values', count: unreadable });
  const entries = database.prepare('SELECT count(*) AS found FROM entries').get();
  return {
    documents,
    auditEntries: Number(entries?.found),
    sealedValues,
    problems,
    ...(record === undefined ? {} : { installation: { id: record.id, createdAt: record.createdAt } }),
  };
}

function opens(sealer: Sealer, record: { collection: string; key: string }, sealed: string): boolean {
  try {
    sealer.open(record, sealed);
    return true;
  } catch {
    return false;
  }
}

function keyFits(sealer: Sealer, record: InstallationRecord, place: string): boolean {
  try {
    checkKey(sealer, record, place);
    return true;
  } catch {
    return false;
  }
}
