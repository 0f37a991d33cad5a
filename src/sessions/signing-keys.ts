import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import type { Document, Json, Sealer, Store, Subscription } from '../storage/index.ts';

const tokenPurposes = ['session', 'pending', 'assertion'] as const;

export type TokenPurpose = (typeof tokenPurposes)[number];

export type SigningKey = {
  readonly kid: string;
  readonly purpose: TokenPurpose;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** RFC 8037: `kty`, `crv`, `x` only. */
  readonly publicJwk: JWK;
};

type StoredKey = {
  readonly kid: string;
  readonly purpose: TokenPurpose;
  readonly createdAt: number;
  readonly x: string;
  readonly sealedPrivateKey: string;
};

const collection = 'signing-keys';
const prefix = 'default/';
const algorithm = 'EdDSA';
const day = 86_400_000;

/** How long a replaced key still verifies: as long as the longest-lived token it can have signed, and some. */
const verifiesFor: Record<TokenPurpose, number> = { session: 32 * day, pending: day / 4, assertion: day / 4 };

/**
 * The Ed25519 keys of the three token purposes: one set each, kept sealed in the store, shared by all replicas.
 * Re-read whenever topic `keys` says so, and at most once per `rereadInterval` for a `kid` nobody knows here.
 */
export class SigningKeys {
  readonly #store: Store;
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #rereadInterval: number;
  #keys: ReadonlyMap<string, SigningKey> = new Map();
  #subscription: Subscription | undefined;
  #lastReread = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  /** Keys may have changed since the last successful read. */
  #outdated = true;

  /** `rereadInterval`: milliseconds. */
  constructor(options: {
    store: Store;
    sealer: Sealer;
    clock: Clock;
    random: Random;
    rereadInterval?: number;
  }) {
    this.#store = options.store;
    this.#sealer = options.sealer;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#rereadInterval = options.rereadInterval ?? 5000;
  }

  /** Reads the keys, makes those that are missing, and listens for changes. Rejects with `store-unavailable`. */
  async start(): Promise<void> {
    this.#subscription = this.#store.subscribe('keys', {
      message: () => this.#becomeOutdated(),
      hearing: () => this.#becomeOutdated(),
    });
    await this.#read();
    for (const purpose of tokenPurposes) {
      if (this.#newest(purpose) === undefined) await this.#create(purpose);
    }
  }

  close(): void {
    this.#subscription?.close();
  }

  /** The key to sign with now. Rejects with `store-unavailable` when it can't be told. */
  async signer(purpose: TokenPurpose): Promise<SigningKey> {
    if (this.#outdated) await this.#read();
    const key = this.#newest(purpose);
    if (key === undefined) throw new GatewayError('internal', { cause: new Error(`no ${purpose} key`) });
    return key;
  }

  /** The key that `kid` names for this purpose; undefined when there is none. Rejects with `store-unavailable`. */
  async verifier(purpose: TokenPurpose, kid: string): Promise<SigningKey | undefined> {
    if (this.#outdated) await this.#read();
    const known = this.#usable(purpose, kid);
    if (known !== undefined) return known;
    const elapsed = this.#clock.monotonic() - this.#lastReread;
    if (elapsed < this.#rereadInterval) return undefined;
    this.#lastReread = this.#clock.monotonic();
    await this.#read();
    return this.#usable(purpose, kid);
  }

  /** The public keys of one purpose that may have signed something valid: the one in use first, then the replaced. */
  publicKeys(purpose: TokenPurpose): readonly SigningKey[] {
    const now = this.#clock.now();
    return [...this.#keys.values()]
      .filter((key) => key.purpose === purpose && now < key.expiresAt)
      .sort((one, other) => {
        if (one.expiresAt !== other.expiresAt) return one.expiresAt < other.expiresAt ? 1 : -1;
        return other.createdAt - one.createdAt || (one.kid < other.kid ? 1 : -1);
      });
  }

  /**
   * Signs with new keys from now on, on every replica. The old ones verify until what they signed has expired,
   * or not at all with `atOnce` (then everybody signs in again).
   */
  async rotate(options: { atOnce?: boolean } = {}): Promise<void> {
    for (const purpose of tokenPurposes) {
      const old = await this.#documents();
      await this.#create(purpose);
      for (const document of old.filter(({ value }) => value.purpose === purpose)) {
        const announce = { topic: 'keys', message: {} };
        if (options.atOnce) await this.#store.delete(collection, document.key, { announce });
        else if (document.expiresAt === undefined) {
          const expiresAt = this.#clock.now() + verifiesFor[purpose];
          await this.#store.put(collection, document.key, document.value, { expiresAt, announce });
        }
      }
    }
    await this.#read();
  }

  #becomeOutdated(): void {
    this.#outdated = true;
    this.#read().catch(() => {
      // Still outdated: the next use reads again, and refuses when it can't.
    });
  }

  #usable(purpose: TokenPurpose, kid: string): SigningKey | undefined {
    const key = this.#keys.get(kid);
    return key !== undefined && key.purpose === purpose && this.#clock.now() < key.expiresAt
      ? key
      : undefined;
  }

  #newest(purpose: TokenPurpose): SigningKey | undefined {
    return this.publicKeys(purpose)[0];
  }

  async #create(purpose: TokenPurpose): Promise<void> {
    const pair = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
    const jwk = await exportJWK(pair.privateKey);
    const kid = randomName(this.#random, 12);
    const key = `${prefix}${kid}`;
    const value: StoredKey = {
      kid,
      purpose,
      createdAt: this.#clock.now(),
      x: String(jwk.x),
      sealedPrivateKey: this.#sealer.seal({ collection, key }, 'private-key', String(jwk.d)),
    };
    await this.#store.put(collection, key, value, {
      ifVersion: 'absent',
      announce: { topic: 'keys', message: {} },
    });
    await this.#read();
  }

  /** Shares a read that is under way only with those who asked while it was the newest answer to be had. */
  async #read(): Promise<void> {
    if (this.#reading !== undefined && !this.#outdated) return this.#reading;
    this.#outdated = false;
    const reading = this.#readAll();
    this.#reading = reading;
    try {
      await reading;
    } catch (error) {
      this.#outdated = true;
      throw error;
    } finally {
      if (this.#reading === reading) this.#reading = undefined;
    }
  }

  async #readAll(): Promise<void> {
    const keys = new Map<string, SigningKey>();
    for (const document of await this.#documents()) {
      const known = this.#keys.get(document.value.kid);
      const expiresAt = document.expiresAt ?? Number.POSITIVE_INFINITY;
      keys.set(document.value.kid, known ? { ...known, expiresAt } : await this.#import(document));
    }
    this.#keys = keys;
  }

  async #documents(): Promise<Document<StoredKey>[]> {
    const documents: Document<StoredKey>[] = [];
    let after: string | undefined;
    do {
      const page = await this.#store.list<StoredKey & Json>(collection, {
        prefix,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      documents.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return documents;
  }

  async #import(document: Document<StoredKey>): Promise<SigningKey> {
    const { kid, purpose, createdAt, x, sealedPrivateKey } = document.value;
    const d = this.#sealer.open({ collection, key: document.key }, sealedPrivateKey);
    const publicJwk: JWK = { kty: 'OKP', crv: 'Ed25519', x };
    return {
      kid,
      purpose,
      createdAt,
      expiresAt: document.expiresAt ?? Number.POSITIVE_INFINITY,
      privateKey: (await importJWK({ ...publicJwk, d }, algorithm)) as CryptoKey,
      publicKey: (await importJWK(publicJwk, algorithm)) as CryptoKey,
      publicJwk,
    };
  }
}
