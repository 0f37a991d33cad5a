import { randomBytes, randomInt } from 'node:crypto';

/** Randomness as every room sees it: cryptographically strong in production, scripted in tests. */
export interface Random {
  /** `size` random bytes. */
  bytes(size: number): Buffer;
  /** An integer in [0, limit), without modulo bias. */
  integer(limit: number): number;
}

export const systemRandom: Random = {
  bytes: (size) => randomBytes(size),
  integer: (limit) => randomInt(limit),
};

/** An unguessable name of `size` random bytes (default 128 bits) in base64url: no `/`, no padding. */
export const randomName = (random: Random, size = 16): string => random.bytes(size).toString('base64url');
