import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';

/** Where master keys come from: a file with one key per line, newest first, or the same lines as a text. */
export type MasterKeySource =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'text';
      /** Wrapped, so that it can't be printed by accident. */
      readonly text: { reveal(): string };
      /** What to call it in messages, such as the name of a variable. */
      readonly place: string;
    };

/** One master key, ready to use. The key object never shows its bytes when printed. */
export type MasterKey = { readonly id: string; readonly key: KeyObject };

const keyBytes = 32;

export const placeOf = (source: MasterKeySource): string =>
  source.kind === 'file' ? source.path : source.place;

/** A fresh 256-bit master key as a line of a key file. */
export const generateMasterKey = (random: Random): string => random.bytes(keyBytes).toString('base64url');

/** The keys as written, newest first, or undefined when the file does not exist. Lines with `#` are comments. */
export function readKeyLines(source: MasterKeySource): string[] | undefined {
  const text = source.kind === 'text' ? source.text.reveal() : readText(source.path);
  return text
    ?.split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.split(/[\s,]+/))
    .filter((key) => key !== '');
}

/** Parses one line: 32 bytes in base64, base64url or hexadecimal. Throws `master-key-wrong`, which never shows the line. */
export function parseMasterKey(line: string, place: string): MasterKey {
  const bytes = /^[0-9a-f]{64}$/i.test(line) ? Buffer.from(line, 'hex') : decodeBase64(line);
  if (bytes?.length !== keyBytes) {
    throw new GatewayError('master-key-wrong', {
      params: { place },
      cause: new Error(`${place} holds something that is not a key of ${keyBytes} bytes in base64`),
    });
  }
  // Derived, so that the master key can serve other purposes one day without two uses of one key (NIST SP 800-108).
  const derived = hkdfSync('sha256', bytes, '', 'sallyport sealed 1', keyBytes);
  const id = createHash('sha256')
    .update('sallyport master key id\0')
    .update(bytes)
    .digest('base64url')
    .slice(0, 8);
  bytes.fill(0);
  return { id, key: createSecretKey(Buffer.from(derived)) };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new GatewayError('master-key-missing', { params: { place: path }, cause: error });
  }
}

/** Strict: `Buffer.from` would skip what it does not know, and two spellings would be two keys. */
function decodeBase64(line: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(line) ? Buffer.from(line, 'base64url') : undefined;
}
