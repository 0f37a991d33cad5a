import type { Clock } from '../clock.ts';
import { type Random, randomName } from '../random.ts';
import {
  isSameHash,
  newSentCode,
  type OpenSentCode,
  type SentMethod,
  sentCodeHash,
  sentCodeTries,
} from '../second-factors/index.ts';
import { changeDocument, type Sealer, type Store } from '../storage/index.ts';

/** For what a code is sent: one sign-in (its id), or one change of the account of one session. */
export type Procedure = {
  readonly subscription: string;
  /** The user key. */
  readonly user: string;
  /** Holds no `/`. */
  readonly procedure: string;
};

/** What is kept of a code on its way. Plain JSON. */
type StoredCode = {
  readonly id: string;
  readonly enrolment: string;
  readonly hash: string;
  /** Of the hash; a key of its own for each code, so that rotating the master key voids none. */
  readonly sealedKey: string;
  /** Where it went. */
  readonly sealedTo: string;
  readonly digits: number;
  readonly expiresAt: number;
  /** Wrong tries, and the one that is being looked at. */
  readonly tries: number;
};

/** A code that can still be entered. */
export type UsableCode = OpenSentCode & {
  readonly method: SentMethod;
  /** The number (E.164) or address it went to. */
  readonly to: string;
};

/** Beside the pending sign-in, so that whatever ends a user's procedures ends their codes as well. */
const collection = 'pending';
const keyBytes = 32;

/**
 * The codes that were sent and not yet entered: one for each procedure and method, kept as a keyed hash that is bound
 * to both. A new one takes the place of the one before.
 */
export class SentCodes {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #sealer: Sealer;

  constructor(parts: { store: Store; clock: Clock; random: Random; sealer: Sealer }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#sealer = parts.sealer;
  }

  /** Makes a code. `lifespan` in milliseconds; `takeBack` puts the one before in its place again. */
  async make(
    procedure: Procedure,
    method: SentMethod,
    code: { enrolment: string; to: string; digits: number; lifespan: number },
  ): Promise<{ code: string; expiresAt: number; takeBack(): Promise<void> }> {
    const key = keyOf(procedure, method);
    const record = { collection, key };
    const id = randomName(this.#random);
    const text = newSentCode(this.#random, code.digits);
    const hashKey = this.#random.bytes(keyBytes);
    const expiresAt = this.#clock.now() + code.lifespan;
    const stored: StoredCode = {
      id,
      enrolment: code.enrolment,
      hash: sentCodeHash(hashKey, boundOf(procedure, method, { id, ...code }), text),
      sealedKey: this.#sealer.seal(record, 'code-key', hashKey.toString('base64url')),
      sealedTo: this.#sealer.seal(record, 'code-destination', code.to),
      digits: code.digits,
      expiresAt,
      tries: 0,
    };
    let before: StoredCode | undefined;
    await changeDocument<StoredCode>(this.#store, record, (found) => {
      before = found;
      return { value: stored, options: { expiresAt } };
    });
    return {
      code: text,
      expiresAt,
      takeBack: async () => {
        await changeDocument<StoredCode>(this.#store, record, (found) => {
          if (found?.id !== id) return undefined;
          return before === undefined
            ? 'delete'
            : { value: before, options: { expiresAt: before.expiresAt } };
        });
      },
    };
  }

  /** The code that can be entered now; undefined when none was sent, or it has expired or was tried too often. */
  async find(procedure: Procedure, method: SentMethod): Promise<UsableCode | undefined> {
    const found = await this.#store.get<StoredCode>(collection, keyOf(procedure, method));
    return found === undefined ? undefined : this.#usable(procedure, method, found.value, sentCodeTries - 1);
  }

  /** Counts a try before the code is looked at, so that parallel guesses gain nothing. Undefined: none is good any more. */
  async countTry(procedure: Procedure, method: SentMethod): Promise<UsableCode | undefined> {
    let counted: StoredCode | undefined;
    const record = { collection, key: keyOf(procedure, method) };
    await changeDocument<StoredCode>(this.#store, record, (found) => {
      // Each round anew: another code may have taken its place after a round that lost.
      counted = undefined;
      if (found === undefined || found.tries >= sentCodeTries) return undefined;
      counted = { ...found, tries: found.tries + 1 };
      return { value: counted, options: { expiresAt: found.expiresAt } };
    });
    return counted === undefined ? undefined : this.#usable(procedure, method, counted, sentCodeTries);
  }

  /** After it has proven something, or when nothing more is to be proven with it. */
  async forget(procedure: Procedure, method: SentMethod): Promise<void> {
    await this.#store.delete(collection, keyOf(procedure, method));
  }

  #usable(
    procedure: Procedure,
    method: SentMethod,
    stored: StoredCode,
    mostTries: number,
  ): UsableCode | undefined {
    if (stored.tries > mostTries || this.#clock.now() >= stored.expiresAt) return undefined;
    const record = { collection, key: keyOf(procedure, method) };
    const { id, enrolment, digits, expiresAt, hash } = stored;
    const to = this.#sealer.open(record, stored.sealedTo);
    const key = Buffer.from(this.#sealer.open(record, stored.sealedKey), 'base64url');
    const bound = boundOf(procedure, method, { id, enrolment, to });
    const isRight = (code: string): boolean => isSameHash(sentCodeHash(key, bound, code), hash);
    return { id, method, enrolment, digits, expiresAt, to, isRight };
  }
}

const keyOf = ({ subscription, user, procedure }: Procedure, method: SentMethod): string =>
  `${subscription}/${user}/${procedure}/${method}`;

const boundOf = (
  { subscription, user, procedure }: Procedure,
  method: SentMethod,
  { id, enrolment, to }: { id: string; enrolment: string; to: string },
): string[] => [subscription, user, procedure, method, id, enrolment, to];
