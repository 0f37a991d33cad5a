import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import { latestEnd } from './lifecycle.ts';
import type { AuthenticationMethods, SessionRecord, SessionState } from './session.ts';
import type { SigningKeys, TokenPurpose } from './signing-keys.ts';
import { readTokenHeader, tokenType } from './token-shape.ts';

/**
 * A signed token as it goes into a cookie or an answer. `expiresAt` (Unix milliseconds): how long its holder should
 * keep it, which can be longer than its `exp`.
 */
export type IssuedToken = { readonly token: string; readonly expiresAt: number };

/** Who a verified token speaks of. Whether they may pass, the store says. Times in Unix milliseconds. */
export type TokenClaims = {
  /** The user key. */
  readonly subject: string;
  /** What the session or pending sign-in is kept under. */
  readonly subscription: string;
  /** The id of the session, or of the pending sign-in. */
  readonly session: string;
  readonly amr: AuthenticationMethods;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** `expired`: everything is right but the time. `refused` never says why. */
export type TokenVerdict =
  | { readonly result: 'valid' | 'expired'; readonly claims: TokenClaims }
  | { readonly result: 'refused' };

/** Seconds. */
const assertionLifetime = 60;
const pendingAudience = 'sallyport:pending';
/** The subscription of tokens that name none. */
const unnamed = 'default';
const refused: TokenVerdict = { result: 'refused' };
const day = 86_400_000;

/**
 * Signs and verifies the three kinds of token (RFC 7515, EdDSA by RFC 8037). Each has its own key, `typ` and `aud`,
 * so that none can stand in for another (RFC 8725 section 3.11 and 3.12).
 */
export class Tokens {
  readonly #keys: SigningKeys;
  readonly #issuer: string;
  readonly #clock: Clock;

  /** `issuer`: the installation's id. */
  constructor(options: { keys: SigningKeys; issuer: string; clock: Clock }) {
    this.#keys = options.keys;
    this.#issuer = options.issuer;
    this.#clock = options.clock;
  }

  /**
   * A token for one origin (`scheme://host[:port]`). Its `exp` is the latest end the session can have as things
   * stand; its cookie should be kept longer, since open tunnels and later openings can outlive that.
   */
  async issueSession(session: SessionRecord, origin: string): Promise<IssuedToken> {
    const issued = await this.#sign('session', {
      audience: origin,
      subject: session.user.key,
      subscription: session.subscription,
      session: session.id,
      amr: session.amr,
      expiresAt: latestEnd(session.state),
    });
    return { token: issued.token, expiresAt: issued.expiresAt + keptLonger(session.state) };
  }

  /** A token that carries a sign-in from the password to the second factor, and opens nothing else. */
  issuePending(pending: {
    id: string;
    user: string;
    subscription?: string;
    expiresAt: number;
  }): Promise<IssuedToken> {
    return this.#sign('pending', {
      audience: pendingAudience,
      subject: pending.user,
      subscription: pending.subscription,
      session: pending.id,
      amr: ['pwd'],
      expiresAt: pending.expiresAt,
    });
  }

  /** Says to one application who the user is, for 60 seconds. Verifiable with `assertionKeys()`. */
  issueAssertion(
    session: Pick<SessionRecord, 'id' | 'subscription' | 'user' | 'amr'>,
    application: string,
  ): Promise<IssuedToken> {
    return this.#sign('assertion', {
      audience: application,
      subject: session.user.key,
      subscription: session.subscription,
      session: session.id,
      amr: session.amr,
      expiresAt: this.#clock.now() + assertionLifetime * 1000,
    });
  }

  /** Verifies a session token for one origin. Rejects only with `store-unavailable`. */
  verifySession(token: string, origin: string): Promise<TokenVerdict> {
    return this.#verify('session', token, origin);
  }

  /** Verifies a pending token. Rejects only with `store-unavailable`. */
  verifyPending(token: string): Promise<TokenVerdict> {
    return this.#verify('pending', token, pendingAudience);
  }

  /** The public keys of assertions as a JWK set (RFC 7517 section 5). */
  assertionKeys(): { keys: readonly Record<string, string>[] } {
    const keys = this.#keys.publicKeys('assertion').map(({ kid, publicJwk }) => ({
      kty: 'OKP',
      crv: 'Ed25519',
      x: String(publicJwk.x),
      kid,
      alg: 'EdDSA',
      use: 'sig',
    }));
    return { keys };
  }

  async #sign(
    purpose: TokenPurpose,
    token: {
      audience: string;
      subject: string;
      subscription: string | undefined;
      session: string;
      amr: AuthenticationMethods;
      expiresAt: number;
    },
  ): Promise<IssuedToken> {
    const key = await this.#keys.signer(purpose);
    const exp = Math.floor(token.expiresAt / 1000);
    const signed = await new SignJWT({
      iss: this.#issuer,
      aud: token.audience,
      sub: token.subject,
      sid: token.session,
      ...(token.subscription === undefined || token.subscription === unnamed
        ? {}
        : { subscription: token.subscription }),
      iat: Math.floor(this.#clock.now() / 1000),
      exp,
      amr: token.amr,
    })
      .setProtectedHeader({ alg: 'EdDSA', typ: tokenType(purpose), kid: key.kid })
      .sign(key.privateKey);
    return { token: signed, expiresAt: exp * 1000 };
  }

  async #verify(purpose: TokenPurpose, token: string, audience: string): Promise<TokenVerdict> {
    const header = readTokenHeader(token);
    if (header === undefined || header.typ !== tokenType(purpose)) return refused;
    const key = await this.#keys.verifier(purpose, header.kid);
    if (key === undefined) return refused;
    try {
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: ['EdDSA'],
        issuer: this.#issuer,
        audience,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ['iss', 'aud', 'sub', 'sid', 'iat', 'exp', 'amr'],
      });
      return verdict('valid', payload);
    } catch (error) {
      // Thrown only when signature and all other claims are right: `exp` is checked last.
      return error instanceof errors.JWTExpired ? verdict('expired', error.payload) : refused;
    }
  }
}

/** Milliseconds that a cookie is kept beyond the `exp` of its token; what may pass with it, the gate decides. */
function keptLonger(state: SessionState): number {
  const countsFromLast = 'countFrom' in state && state.countFrom === 'last-session';
  return countsFromLast ? 31 * day : day;
}

function verdict(result: 'valid' | 'expired', payload: JWTPayload): TokenVerdict {
  const claims = readClaims(payload);
  return claims === undefined ? refused : { result, claims };
}

function readClaims(payload: JWTPayload): TokenClaims | undefined {
  const { aud, sub, sid, iat, exp, amr, subscription = unnamed } = payload;
  if (typeof aud !== 'string' || typeof sub !== 'string' || typeof sid !== 'string') return undefined;
  if (typeof subscription !== 'string') return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number' || !Array.isArray(amr)) return undefined;
  if (!amr.every((method): method is string => typeof method === 'string')) return undefined;
  return { subject: sub, subscription, session: sid, amr, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}
