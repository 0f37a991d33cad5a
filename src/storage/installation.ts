import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import { createFile } from './durable-file.ts';
import { KeyRing } from './key-ring.ts';
import type { MaintainedStore } from './maintained-store.ts';
import { generateMasterKey, type MasterKeySource, placeOf, readKeyLines } from './master-key.ts';
import { RingSealer } from './sealed.ts';
import type { Sealer } from './sealer.ts';

/** What tells this installation from every other; its id is the issuer of all tokens. */
export type Installation = { readonly id: string /** Unix milliseconds. */; readonly createdAt: number };

/** The record of an installation as stored. */
export type InstallationRecord = Installation & {
  /** The shape of the documents; only a program that knows it may write. */
  readonly schema: number;
  /** A known text, sealed: opens with the right master key only, before anything depends on it. */
  readonly keyCheck: string;
};

export const installationRecord = { collection: 'installation', key: 'this' } as const;

/** The shape of documents that this program reads and writes. */
export const documentSchema = 1;

const checkLabel = 'key-check';
const checkText = 'sallyport';

export type InstallationOptions = {
  store: MaintainedStore;
  masterKey: MasterKeySource;
  clock: Clock;
  random: Random;
  /** Make an installation of a store that has none although it is not a new one (`sallyport init`). */
  initialise?: boolean;
};

export type OpenInstallation = { installation: Installation; sealer: Sealer; created: boolean };

/**
 * Opens the installation in `store` and proves that the master key is its own. A new store becomes an installation,
 * and its key file is generated when there is none. Throws `store-not-initialised`, `store-too-new`,
 * `master-key-missing`, `master-key-wrong`, `store-unavailable`; then nothing was changed.
 */
export async function openInstallation(options: InstallationOptions): Promise<OpenInstallation> {
  const { store } = options;
  const found = await readRecord(store);
  const opened = found === undefined ? await initialise(options) : adopt(options, found);
  store.guard(opened.installation.id);
  return opened;
}

/** Makes an installation of a store without one: the key first, so that a crash between leaves a new store. */
async function initialise(options: InstallationOptions): Promise<OpenInstallation> {
  const { store, clock, random } = options;
  if (!store.isNew && options.initialise !== true) throw new GatewayError('store-not-initialised');
  if (options.masterKey.kind === 'file' && store.isNew && readKeyLines(options.masterKey) === undefined) {
    createFile(options.masterKey.path, keyFileOf([generateMasterKey(random)]), random);
  }
  const sealer = new RingSealer(KeyRing.load(options.masterKey, clock), random);
  const installation: Installation = { id: randomName(random), createdAt: clock.now() };
  const record: InstallationRecord = {
    ...installation,
    schema: documentSchema,
    keyCheck: sealer.seal(installationRecord, checkLabel, checkText),
  };
  const { collection, key } = installationRecord;
  try {
    await store.put(collection, key, record, { ifVersion: 'absent' });
  } catch (error) {
    if (!(error instanceof GatewayError && error.code === 'conflict')) throw error;
    // Another process started on the same new store and was first.
    const theirs = await readRecord(store);
    if (theirs === undefined) throw new GatewayError('store-unavailable', { cause: error });
    return adopt(options, theirs);
  }
  return { installation, sealer, created: true };
}

/** Holds the key against the record of an existing installation. */
function adopt(options: InstallationOptions, record: InstallationRecord): OpenInstallation {
  if (record.schema > documentSchema) {
    throw new GatewayError('store-too-new', { params: { found: record.schema, known: documentSchema } });
  }
  const sealer = new RingSealer(KeyRing.load(options.masterKey, options.clock), options.random);
  checkKey(sealer, record, placeOf(options.masterKey));
  return { installation: { id: record.id, createdAt: record.createdAt }, sealer, created: false };
}

/** Throws `master-key-wrong` unless `sealer` has the key that the record was sealed with. */
export function checkKey(sealer: Sealer, record: InstallationRecord, place: string): void {
  try {
    if (sealer.open(installationRecord, record.keyCheck) === checkText) return;
  } catch (cause) {
    throw new GatewayError('master-key-wrong', { params: { place }, cause });
  }
  throw new GatewayError('master-key-wrong', { params: { place } });
}

async function readRecord(store: MaintainedStore): Promise<InstallationRecord | undefined> {
  const { collection, key } = installationRecord;
  return (await store.get<InstallationRecord>(collection, key))?.value;
}

/** The text of a key file with these keys, newest first. */
export const keyFileOf = (lines: readonly string[]): string =>
  [
    '# The master key of this Sallyport: it opens the secrets in the store. Keep a copy away from the backups.',
    '# One key per line, newest first; "sallyport keys rotate" adds a new one and removes the old.',
    ...lines,
    '',
  ].join('\n');
