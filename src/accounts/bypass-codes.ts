import { createHash } from 'node:crypto';
import type { Actor } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import type { Random } from '../random.ts';
import { isConflict, type Store } from '../storage/index.ts';
import type { BypassCode, Factors } from './account.ts';
import { type AdministrationParts, nameOf } from './administration-parts.ts';
import { isEnrolled } from './enrolments.ts';
import type { FactorDocuments } from './factor-documents.ts';
import { newReadableCode, readableLetters } from './readable-code.ts';

/** 12 letters are 60 random bits: three groups to read out on the telephone (decision 0025). */
export const bypassLetters = 12;
/** Milliseconds: five minutes to a day, an hour unless somebody says otherwise. */
export const bypassLifetime = { least: 5 * 60_000, usual: 3_600_000, most: 86_400_000 } as const;
/** How long its end may wait for a process that writes it down: 30 days, in milliseconds. */
const keptBeyond = 30 * 86_400_000;
/** Characters. */
const longestReason = 200;

/** Which users have a code that nobody has used yet, so that its end can be written down without reading everybody. */
export const bypassCollection = 'bypass-codes';
/** Of that collection: when the code ends, Unix milliseconds. */
export type OutstandingBypass = { readonly until: number };

export type BypassWish = {
  /** Milliseconds from now. */
  readonly lifetime: number;
  /** Why, for the audit log. */
  readonly reason: string;
  /** Whoever signs in as an administrator is one: only somebody who may make administrators says so. */
  readonly forAdministrators?: boolean;
};

/** `code` is to be read out to the user; it is stored nowhere. `until`: Unix milliseconds. */
export type IssuedBypass = { readonly code: string; readonly until: number };

type BypassParts = AdministrationParts & { readonly store: Pick<Store, 'put' | 'delete'> };

/**
 * A code that stands in for the second factor of one user, once. It voids the one before. Rejects with
 * `invalid-request`, `unknown-user`, `account-disabled`, `not-allowed` (an administrator) and `nothing-enrolled`:
 * whoever has no second factor yet enrols one.
 */
export async function issueBypass(
  parts: BypassParts,
  user: string,
  { lifetime, reason, forAdministrators = false }: BypassWish,
  actor: Actor,
): Promise<IssuedBypass> {
  const { subscription, clock, audit } = parts;
  const why = reason.trim();
  const inRange = lifetime >= bypassLifetime.least && lifetime <= bypassLifetime.most;
  if (!Number.isInteger(lifetime) || !inRange || !isReason(why)) throw new GatewayError('invalid-request');
  const known = await parts.findUser(user);
  if (known === undefined) throw new GatewayError('unknown-user', { params: { name: user } });
  if (known.disabled) throw new GatewayError('account-disabled');
  if (!forAdministrators && (await parts.roles.isAdministrator(user))) {
    throw new GatewayError('not-allowed');
  }
  const { code, hash } = newBypassCode(parts.random, user);
  const issuedAt = clock.now();
  const until = issuedAt + lifetime;
  // First, so that a code which is interrupted here ends in the log like any other.
  const outstanding: OutstandingBypass = { until };
  await parts.store.put(bypassCollection, `${subscription}/${user}`, outstanding, {
    expiresAt: until + keptBeyond,
  });
  const before = await change(parts, user, (factors) => {
    if (!isEnrolled(factors)) throw new GatewayError('nothing-enrolled');
    return { ...factors, bypass: { hash, issuedAt, expiresAt: until } };
  });
  const who = { user, name: known.name, actor };
  if (isOpen(before.bypass, issuedAt)) audit.record({ type: 'bypass.withdrawn', ...who, reason: 'replaced' });
  audit.record({ type: 'bypass.issued', ...who, reason: why, until });
  return { code, until };
}

/** Voids the code that is outstanding. Resolves to whether there was one. */
export async function withdrawBypass(parts: BypassParts, user: string, actor: Actor): Promise<boolean> {
  const now = parts.clock.now();
  const before = await change(parts, user, withoutBypass);
  await parts.store.delete(bypassCollection, `${parts.subscription}/${user}`);
  if (!isOpen(before.bypass, now)) return false;
  const name = await nameOf(parts, user);
  parts.audit.record({ type: 'bypass.withdrawn', user, name, actor, reason: 'withdrawn' });
  return true;
}

/** Whether a code could still be used at `now` (Unix milliseconds). */
export const isOpen = (bypass: BypassCode | undefined, now: number): bypass is BypassCode =>
  bypass !== undefined && bypass.usedAt === undefined && now < bypass.expiresAt;

/** The same without its code; undefined when there is none. */
export function withoutBypass(factors: Factors): Factors | undefined {
  if (factors.bypass === undefined) return undefined;
  const { bypass, ...kept } = factors;
  void bypass;
  return kept;
}

/**
 * What is stored of a code. A fast hash will do: whoever reads the store would have to try some 10¹⁸ of them within
 * the day that a code can live at most, and needs the password besides. The user key is mixed in, so that a copied
 * document is worth nothing to another user.
 */
export const bypassHash = (user: string, code: string): string =>
  createHash('sha256')
    .update(`sallyport bypass code\0${user}\0${readableLetters(code)}`)
    .digest('base64url');

function newBypassCode(random: Random, user: string): { code: string; hash: string } {
  const code = newReadableCode(random, bypassLetters);
  return { code, hash: bypassHash(user, code) };
}

const isReason = (reason: string): boolean =>
  reason.length > 0 && reason.length <= longestReason && !/\p{Cc}/u.test(reason);

/** Changes the document however many others do; resolves to what was there before. */
async function change(
  { factors: documents, subscription }: { readonly factors: FactorDocuments; readonly subscription: string },
  user: string,
  make: (factors: Factors) => Factors | undefined,
): Promise<Factors> {
  for (;;) {
    const { factors, version } = await documents.read(subscription, user);
    const changed = make(factors);
    if (changed === undefined) return factors;
    try {
      await documents.save(subscription, user, changed, version);
      return factors;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}
