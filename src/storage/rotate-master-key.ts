import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import { replaceFile } from './durable-file.ts';
import { keyFileOf } from './installation.ts';
import { KeyRing } from './key-ring.ts';
import type { MaintainedStore } from './maintained-store.ts';
import {
  generateMasterKey,
  type MasterKeySource,
  parseMasterKey,
  placeOf,
  readKeyLines,
} from './master-key.ts';
import { describeSealed, mapSealed, RingSealer } from './sealed.ts';
import type { Document, Json } from './store.ts';

export type RotationOptions = {
  store: MaintainedStore;
  masterKey: MasterKeySource;
  clock: Clock;
  random: Random;
  /** Milliseconds that running processes get to take over the new key, and to write what they sealed before; default 3000. */
  settle?: number;
};

export type RotationReport = {
  /** False when the newest key was already there: an interrupted rotation was finished, or the key was put there by hand. */
  generated: boolean;
  /** Documents that were sealed anew. */
  resealed: number;
  /** Documents with a sealed value that no key opens; then the old keys are kept. */
  unreadable: number;
  /** False when the keys come from a text, or because of `unreadable`: then the administrator removes old keys. */
  oldKeysDropped: boolean;
};

const pageSize = 100;

/**
 * Seals everything anew under a new master key. Safe to kill at any point: every key stays in the file until nothing
 * needs it, and running it again finishes what was begun. Gateways that run meanwhile go on working. Throws `conflict`
 * while another process rotates, `master-key-missing`, `master-key-wrong`, `store-unavailable`.
 */
export async function rotateMasterKey(options: RotationOptions): Promise<RotationReport> {
  // Two at once would each put a key of their own into the file, and one of them would be lost.
  return options.store.exclusively('rotation', () => rotate(options));
}

async function rotate(options: RotationOptions): Promise<RotationReport> {
  const { store, masterKey, random, settle = 3000 } = options;
  const place = placeOf(masterKey);
  const before = readKeyLines(masterKey);
  if (before === undefined || before.length === 0) {
    throw new GatewayError('master-key-missing', { params: { place } });
  }
  const generated = masterKey.kind === 'file' && before.length === 1;
  const lines = generated ? [generateMasterKey(random), ...before] : before;
  if (generated) replaceFile(masterKey.path, keyFileOf(lines), random);

  const ring = KeyRing.load(masterKey, options.clock);
  const sealer = new RingSealer(ring, random);
  const newest = ring.newest.id;
  await store.publish('keys', {});
  let resealed = 0;
  let pass: Pass;
  do {
    // Whatever another process sealed with an old key just before it noticed is written by then.
    await setTimeout(settle);
    pass = await resealAll(store, { ring, sealer });
    resealed += pass.resealed;
  } while (pass.resealed + pass.lost > 0);

  const oldKeysDropped = masterKey.kind === 'file' && pass.unreadable === 0;
  if (oldKeysDropped) replaceFile(masterKey.path, keyFileOf(newestOnly(lines, newest, place)), random);
  return { generated, resealed, unreadable: pass.unreadable, oldKeysDropped };
}

type Keys = { ring: KeyRing; sealer: RingSealer };
type Pass = { resealed: number /** Changed by somebody else meanwhile. */; lost: number; unreadable: number };

async function resealAll(store: MaintainedStore, keys: Keys): Promise<Pass> {
  const pass: Pass = { resealed: 0, lost: 0, unreadable: 0 };
  for (const collection of await store.collections()) {
    for (let after: string | undefined, more = true; more; ) {
      const page = await store.list<Json>(collection, {
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      for (const document of page.items) {
        const outcome = await resealDocument(store, collection, document, keys);
        if (outcome !== 'current') pass[outcome] += 1;
      }
      after = page.next;
      more = after !== undefined;
    }
  }
  return pass;
}

async function resealDocument(
  store: MaintainedStore,
  collection: string,
  document: Document<Json>,
  { ring, sealer }: Keys,
): Promise<keyof Pass | 'current'> {
  const record = { collection, key: document.key };
  const newest = ring.newest.id;
  let stale = false;
  let value: Json;
  try {
    value = mapSealed(document.value, (sealed) => {
      const parts = describeSealed(sealed);
      // Text that only looks sealed (a browser may call itself anything), or beyond any key that could be dropped.
      if (parts === undefined || parts.keyId === newest || ring.find(parts.keyId) === undefined)
        return sealed;
      const plaintext = sealer.open(record, sealed);
      stale = true;
      return sealer.seal(record, parts.label, plaintext);
    });
  } catch (error) {
    if (error instanceof GatewayError) return 'unreadable';
    throw error;
  }
  if (!stale) return 'current';
  return (await store.rewrite(collection, document.key, value, document.version)) ? 'resealed' : 'lost';
}

const newestOnly = (lines: readonly string[], newest: string, place: string): string[] =>
  lines.filter((line) => parseMasterKey(line, place).id === newest);
