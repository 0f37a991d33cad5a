import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Random, randomName } from '../random.ts';
import {
  type IssuedToken,
  referenceTo,
  type SessionRecord,
  type SessionReference,
  type Sessions,
  type Tokens,
} from '../sessions/index.ts';
import type { Json, Store } from '../storage/index.ts';

const collection = 'hand-offs';
/** Milliseconds from the portal's redirect to the application host's. */
const lifetime = 60_000;
/** Bytes of nonce and code. */
const size = 32;
const name = /^[A-Za-z0-9_-]{43}$/;

type HandOff = {
  readonly host: string;
  readonly challenge: string;
  readonly session: SessionReference;
};

/**
 * One sign-in for several hosts. The application host makes a nonce and keeps it in a cookie; the portal, where the
 * user is signed in, makes a one-time code bound to session, host and the nonce's hash; the host redeems it for a
 * token of its own. A stolen code is worth nothing without the nonce cookie, a planted one nothing to the planter
 * (login CSRF), and no host can redeem what was made for another.
 */
export class HandOffs {
  readonly #store: Store;
  readonly #sessions: Pick<Sessions, 'find' | 'stateOf'>;
  readonly #tokens: Pick<Tokens, 'issueSession'>;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: {
    store: Store;
    sessions: Pick<Sessions, 'find' | 'stateOf'>;
    tokens: Pick<Tokens, 'issueSession'>;
    clock: Clock;
    random: Random;
  }) {
    this.#store = options.store;
    this.#sessions = options.sessions;
    this.#tokens = options.tokens;
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /**
   * For an application host: the nonce cookie's value, and its challenge for the portal. `known` is the nonce that
   * this browser has already, for another window on its way: a new one would shut that out.
   */
  begin(known?: string): { readonly nonce: string; readonly challenge: string } {
    const nonce = known !== undefined && name.test(known) ? known : randomName(this.#random, size);
    return { nonce, challenge: digest(nonce) };
  }

  /**
   * At the portal, for a signed-in user: a code for `host` (`host[:port]`, one that is configured: the caller
   * checks), good once within 60 seconds. Rejects with `invalid-hand-off` for a challenge that is none.
   */
  async issue(session: SessionRecord, host: string, challenge: string): Promise<string> {
    if (!name.test(challenge)) throw new GatewayError('invalid-hand-off');
    const code = randomName(this.#random, size);
    const handOff: HandOff = { host: host.toLowerCase(), challenge, session: referenceTo(session) };
    await this.#store.put(collection, keyOf(code), handOff, {
      ifVersion: 'absent',
      expiresAt: this.#clock.now() + lifetime,
    });
    return code;
  }

  /**
   * At the application host: consumes the code, whether it fits or not, for a token of this origin. `nonce` is empty
   * where the browser has none: it may have been sent here by whoever has one, and waits for the code to be seen
   * somewhere. Rejects with `invalid-hand-off`, without saying why, and with `store-unavailable`.
   */
  async redeem(
    code: string,
    origin: string,
    nonce: string,
  ): Promise<IssuedToken & { readonly shared: boolean }> {
    if (!name.test(code)) throw new GatewayError('invalid-hand-off');
    const handOff = await this.#consume(code);
    if (handOff === undefined || !name.test(nonce)) throw new GatewayError('invalid-hand-off');
    if (handOff.host !== new URL(origin).host || !isSame(handOff.challenge, digest(nonce))) {
      throw new GatewayError('invalid-hand-off');
    }
    const session = await this.#sessions.find(handOff.session);
    if (session === undefined) throw new GatewayError('invalid-hand-off');
    const state = this.#sessions.stateOf(session).name;
    if (state !== 'granted' && state !== 'active') throw new GatewayError('invalid-hand-off');
    return { ...(await this.#tokens.issueSession(session, origin)), shared: session.shared };
  }

  /** Of several that present the same code, one gets what it stands for. */
  async #consume(code: string): Promise<HandOff | undefined> {
    const document = await this.#store.get<HandOff & Json>(collection, keyOf(code));
    if (document === undefined) return undefined;
    return (await this.#store.delete(collection, document.key)) ? document.value : undefined;
  }
}

/** Stored by its hash, so that whoever reads the store can't redeem it. */
const keyOf = (code: string): string => `default/${digest(code)}`;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
