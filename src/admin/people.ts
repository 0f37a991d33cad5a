import { requireMayActOn } from '../access/index.ts';
import {
  type DirectoryUser,
  needsConfirmation,
  type PeopleParts,
  type Subject,
  subjectOfUser,
  subjectsOf,
  type Warning,
} from '../accounts/index.ts';
import type { Catalogue, Language } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import type { Caller, Grant } from './authorise.ts';
import { userKeyShape } from './people-shapes.ts';

/** What every call about people is given. */
export type PeopleCallParts = {
  /** Of one subscription: others' users are nobody there. */
  people(subscription: string): PeopleParts;
  /** All roles of a user, wherever they hold. */
  grantsOf(user: string): Promise<readonly Grant[]>;
  /** Where a local account of this name, in these local groups, would belong. */
  wouldBelong(person: { readonly name: string; readonly groups: readonly string[] }): string;
  readonly catalogue: Pick<Catalogue, 'problem' | 'text'>;
};

/** RFC 3339. */
export const momentOf = (time: number): string => new Date(time).toISOString();

/** Rejects with `not-allowed` where a user's own role is too much for the caller's. */
export async function requireMayChange(
  { grantsOf }: Pick<PeopleCallParts, 'grantsOf'>,
  caller: Caller,
  user: string,
): Promise<void> {
  requireMayActOn(caller, await grantsOf(user));
}

/**
 * Rejects with `not-allowed` where a name or a group would move somebody to another subscription, or from there: that
 * is for who administers the whole site.
 */
export function requireStays(
  { wouldBelong }: Pick<PeopleCallParts, 'wouldBelong'>,
  { grants }: Caller,
  subscription: string,
  person: { readonly name: string; readonly groups: readonly string[] },
): void {
  const everywhere = grants.some((grant) => grant.subscription === undefined);
  if (!everywhere && wouldBelong(person) !== subscription) throw new GatewayError('not-allowed');
}

/**
 * Who a key stands for in this subscription, also when their directory has them no more or does not answer, as long as
 * anything is known of them here. Rejects with `unknown-user`, `directory-unavailable`.
 */
export async function personOf(parts: PeopleParts, key: string): Promise<Subject> {
  const [found] = await subjectsOf(parts, [subjectOfUser(key)]);
  if (found === undefined) throw new GatewayError('internal');
  if (found.user !== undefined) return found;
  const { version } = await parts.factors.read(parts.subscription, key);
  if (version !== 'absent') return found;
  throw new GatewayError(found.state === 'unknown' ? 'directory-unavailable' : 'unknown-user');
}

/** The user key of a call's path. Rejects with `unknown-user` for what can't be one. */
export function keyIn(params: Readonly<Record<string, string>>): string {
  const key = params.user ?? '';
  if (!userKeyShape.safeParse(key).success) throw new GatewayError('unknown-user');
  return key;
}

/** The user as their directory has them now. Rejects with `unknown-user`, `directory-unavailable`. */
export async function userNow(parts: PeopleParts, key: string): Promise<DirectoryUser> {
  const user = await parts.findUser(key);
  if (user === undefined) throw new GatewayError('unknown-user');
  return user;
}

/** Each once. Rejects with `confirmation-required` {count} when they are many and their number was not typed. */
export function confirmed<Item>(items: readonly Item[], typed: number | undefined): readonly Item[] {
  const different = [...new Set(items)];
  if (needsConfirmation(different.length) && typed !== different.length) {
    throw new GatewayError('confirmation-required', { params: { count: different.length } });
  }
  return different;
}

export type Failure = { id: string; name: string; code: string; title: string };

/**
 * Does something to one after the other. What is refused for one of them doesn't stop the others; of a single one it
 * is the answer.
 */
export async function forEach<Item extends string, Done>(
  items: readonly Item[],
  told: { catalogue: Pick<Catalogue, 'problem'>; language: Language },
  work: (item: Item) => Promise<Done>,
  nameOf: (item: Item) => Promise<string>,
): Promise<{ done: Done[]; failed: Failure[] }> {
  const done: Done[] = [];
  const failed: Failure[] = [];
  for (const item of items) {
    try {
      done.push(await work(item));
    } catch (error) {
      if (!(error instanceof GatewayError) || items.length === 1) throw error;
      failed.push({
        id: item,
        name: await nameOf(item),
        code: error.code,
        title: told.catalogue.problem(told.language, error),
      });
    }
  }
  return { done, failed };
}

/** As an answer has it. */
export const describeWarning = ({ code, count, names, detail }: Warning) => ({
  code,
  count,
  names: [...names],
  ...(detail === undefined ? {} : { detail }),
});
