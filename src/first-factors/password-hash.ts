import { type Argon2Parameters, argon2, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';

/** Cost of argon2id: memory in KiB, passes over it, lanes. */
export type HashCost = { readonly memory: number; readonly passes: number; readonly lanes: number };

/** OWASP Password Storage Cheat Sheet, argon2id with 19 MiB (about 25 ms). */
export const owaspCost: HashCost = { memory: 19_456, passes: 2, lanes: 1 };

/** `outdated`: right, but stored with another cost than new ones; hash it again. */
export type HashVerdict = { readonly matches: boolean; readonly outdated: boolean };

export type PasswordHasherOptions = {
  random: Random;
  cost?: HashCost;
  /** How many run at once; each takes its memory and a thread of the pool. Default 2. */
  parallel?: number;
  /** How many may wait; further ones are refused. Default 100. */
  waiting?: number;
};

type Parsed = { readonly cost: HashCost; readonly salt: Buffer; readonly hash: Buffer };

const saltLength = 16;
const hashLength = 32;
const stored =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/**
 * Hashes passwords with argon2id on the thread pool, a bounded number at a time, so that many sign-ins at once can
 * exhaust neither memory nor the pool. Strings are in the PHC format: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
 */
export class PasswordHasher {
  readonly #random: Random;
  readonly #cost: HashCost;
  readonly #parallel: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  readonly #nobody: Parsed;
  #running = 0;

  constructor(options: PasswordHasherOptions) {
    this.#random = options.random;
    this.#cost = options.cost ?? owaspCost;
    this.#parallel = options.parallel ?? 2;
    this.#mostWaiting = options.waiting ?? 100;
    this.#nobody = {
      cost: this.#cost,
      salt: options.random.bytes(saltLength),
      hash: options.random.bytes(hashLength),
    };
  }

  /** Rejects with `too-many-requests` when too many are waiting. */
  async hash(password: string): Promise<string> {
    const salt = this.#random.bytes(saltLength);
    const hash = await this.#derive(password, salt, this.#cost, hashLength);
    const { memory, passes, lanes } = this.#cost;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(hash)}`;
  }

  /**
   * Whether the password is the one that was hashed. Without a stored string, or with one that cannot be read, takes
   * the same time and says no. Rejects with `too-many-requests` when too many are waiting.
   */
  async verify(text: string | undefined, password: string): Promise<HashVerdict> {
    const parsed = text === undefined ? undefined : parse(text);
    const { cost, salt, hash } = parsed ?? this.#nobody;
    const derived = await this.#derive(password, salt, cost, hash.length);
    const matches = timingSafeEqual(derived, hash) && parsed !== undefined;
    const { memory, passes, lanes } = this.#cost;
    const outdated = cost.memory !== memory || cost.passes !== passes || cost.lanes !== lanes;
    return { matches, outdated: matches && outdated };
  }

  async #derive(password: string, nonce: Buffer, cost: HashCost, tagLength: number): Promise<Buffer> {
    await this.#enter();
    try {
      return await derive({
        // Equal characters may be typed as different code points (NIST SP 800-63B section 3.1.1.2).
        message: Buffer.from(password.normalize('NFKC'), 'utf8'),
        nonce,
        memory: cost.memory,
        passes: cost.passes,
        parallelism: cost.lanes,
        tagLength,
      });
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#parallel) {
      this.#running += 1;
      return undefined;
    }
    if (this.#waiting.length >= this.#mostWaiting) {
      throw new GatewayError('too-many-requests', { retryAfter: 5, params: { seconds: 5 } });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the place on to who waits longest, or frees it. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

function parse(text: string): Parsed | undefined {
  const match = stored.exec(text);
  if (match === null) return undefined;
  const [, memory, passes, lanes, salt = '', hash = ''] = match;
  const cost = { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const allowed = cost.passes >= 1 && cost.lanes >= 1 && cost.lanes <= 16 && cost.memory >= 8 * cost.lanes;
  if (!allowed || cost.memory > 1_048_576) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

function derive(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
