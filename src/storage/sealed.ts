import { createCipheriv, createDecipheriv } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { KeyRing } from './key-ring.ts';
import type { SealedRecord, Sealer } from './sealer.ts';
import type { Json } from './store.ts';
import { storeUnavailable } from './store-unavailable.ts';

const prefix = 'sealed:1:';
const ivBytes = 12;
const tagBytes = 16;

/** Seals with the ring's newest key (AES-256-GCM, NIST SP 800-38D; random 96-bit IVs) and opens with any of its keys. */
export class RingSealer implements Sealer {
  readonly #ring: KeyRing;
  readonly #random: Random;

  constructor(ring: KeyRing, random: Random) {
    this.#ring = ring;
    this.#random = random;
  }

  seal(record: SealedRecord, label: string, plaintext: string): string {
    if (!/^[a-z0-9-]+$/.test(label)) throw new TypeError('a label is made of a-z, 0-9 and -');
    const { id, key } = this.#ring.newest;
    const iv = this.#random.bytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
    cipher.setAAD(contextOf(record, label));
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${prefix}${id}:${label}:${iv.toString('base64url')}:${sealed.toString('base64url')}`;
  }

  open(record: SealedRecord, sealed: string): string {
    const parts = partsOf(sealed);
    if (parts === undefined) throw new GatewayError('internal', { cause: new Error('not a sealed value') });
    const key = this.#ring.find(parts.keyId)?.key;
    if (key === undefined) {
      throw storeUnavailable(new Error(`${this.#ring.place} lacks the master key ${parts.keyId}`));
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, parts.iv, { authTagLength: tagBytes });
      decipher.setAAD(contextOf(record, parts.label));
      decipher.setAuthTag(parts.bytes.subarray(-tagBytes));
      const head = decipher.update(parts.bytes.subarray(0, -tagBytes));
      return Buffer.concat([head, decipher.final()]).toString('utf8');
    } catch (cause) {
      // Neither the record's key nor the value belongs in a log: the collection and label say enough.
      const where = `${record.collection}, ${parts.label}`;
      throw new GatewayError('internal', {
        cause: new Error(`a sealed value was changed or moved (${where})`, { cause }),
      });
    }
  }
}

export const isSealed = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith(prefix);

/** The id of the master key that a sealed string needs, and what it is; undefined for a malformed one. */
export function describeSealed(sealed: string): { keyId: string; label: string } | undefined {
  return partsOf(sealed);
}

/** The same value with every sealed string in it replaced by what `change` makes of it. */
export function mapSealed(value: Json, change: (sealed: string) => string): Json {
  if (isSealed(value)) return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapSealed(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      item === undefined ? undefined : mapSealed(item, change),
    ]),
  );
}

const contextOf = (record: SealedRecord, label: string): Buffer =>
  Buffer.from(`${record.collection}\0${record.key}\0${label}`, 'utf8');

function partsOf(sealed: string) {
  if (!sealed.startsWith(prefix)) return undefined;
  const [keyId, label, iv, bytes, ...rest] = sealed.slice(prefix.length).split(':');
  if (keyId === undefined || label === undefined || iv === undefined || bytes === undefined) return undefined;
  const parts = { keyId, label, iv: Buffer.from(iv, 'base64url'), bytes: Buffer.from(bytes, 'base64url') };
  const wellFormed = rest.length === 0 && parts.iv.length === ivBytes && parts.bytes.length >= tagBytes;
  return wellFormed ? parts : undefined;
}
