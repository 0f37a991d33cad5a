import type { Actor } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import { referenceTo, type Sessions } from '../sessions/index.ts';
import type { Store } from '../storage/index.ts';
import { foldName } from './fold-name.ts';
import type { Subscription } from './subscription.ts';
import type { Subscriptions } from './subscriptions.ts';

export type SubscriptionDeletionParts = {
  readonly store: Pick<Store, 'list' | 'delete'>;
  readonly subscriptions: Pick<Subscriptions, 'get' | 'removed' | 'remove'>;
  readonly sessions: Pick<Sessions, 'list' | 'revoke' | 'stateOf'>;
  readonly roles: {
    everybody(): AsyncIterable<{ readonly grants: readonly { readonly subscription?: string }[] }>;
    forgetSubscription(subscription: string): Promise<void>;
  };
};

/** What goes with a subscription. */
export type SubscriptionContents = {
  /** Users with something enrolled. */
  readonly enrolled: number;
  readonly sessions: number;
  /** Entries of its list of who is enabled. */
  readonly entries: number;
  readonly administrators: number;
  readonly senders: number;
  /** Directories, domains, groups and hosts that belong to it: whom they name, nobody lets in until they are given to another. */
  readonly assignments: number;
};

/** Everything that is kept under a subscription, in the order in which it goes: what opens a door first. */
const collections = [
  'logon-permits',
  'pending',
  'bypass-codes',
  'rdp-whitelist',
  'known-devices',
  'undo',
  'senders',
  'languages',
  'seen-users',
  'known-users',
  'claims',
  'factors',
  'enabled',
  'terms-acceptances',
  'concerns',
  'live-sessions',
  'statistics',
  'counters',
  'branding',
  'settings',
] as const;
/** Whose messages make every process read them again. */
const announced: readonly string[] = ['senders', 'branding', 'settings'];
/** Where a subscription has one document, its key is the bare id. */
const single: readonly string[] = ['branding', 'settings'];
const atOnce = 200;

/** What would be lost. Rejects with `unknown-subscription`. */
export async function contentsOf(
  parts: SubscriptionDeletionParts,
  id: string,
): Promise<SubscriptionContents> {
  const { store, sessions, roles } = parts;
  const { assignments } = existing(parts, id);
  const count = async (collection: string): Promise<number> => {
    let found = 0;
    for await (const _ of keysOf(store, collection, id)) found += 1;
    return found;
  };
  let live = 0;
  for await (const session of sessionsOf(sessions, id)) {
    const { name } = sessions.stateOf(session);
    if (name === 'granted' || name === 'active') live += 1;
  }
  let administrators = 0;
  for await (const { grants } of roles.everybody()) {
    if (grants.some(({ subscription }) => subscription === id)) administrators += 1;
  }
  return {
    enrolled: await count('factors'),
    sessions: live,
    entries: await count('enabled'),
    administrators,
    senders: await count('senders'),
    assignments: assignments.length,
  };
}

/** Whether anything would be lost. */
export const isEmpty = (contents: SubscriptionContents): boolean =>
  Object.values(contents).every((count) => count === 0);

/**
 * Deletes a subscription with everything that is in it. First it leaves the list, which shuts its users out and ends
 * their sessions; killed anywhere after that, it can be repeated. Rejects with `unknown-subscription`, `not-allowed` for
 * `default`, and `subscription-not-empty` {what} while something is left and `confirm` isn't its name or id.
 */
export async function deleteSubscription(
  parts: SubscriptionDeletionParts,
  id: string,
  actor: Actor,
  options: { readonly confirm?: string | undefined; readonly revision?: number } = {},
): Promise<void> {
  const one = existing(parts, id);
  const contents = await contentsOf(parts, id);
  const confirmed = [one.name, one.id].some((each) => foldName(each) === foldName(options.confirm ?? ''));
  if (!isEmpty(contents) && !confirmed) {
    const what = Object.entries(contents)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ');
    throw new GatewayError('subscription-not-empty', { params: { what } });
  }
  if (one.removedAt === undefined) await parts.subscriptions.remove(id, actor, options.revision);
  for await (const session of sessionsOf(parts.sessions, id)) {
    await parts.sessions.revoke(referenceTo(session), { reason: 'subscription-removed', actor });
  }
  await parts.roles.forgetSubscription(id);
  for (const collection of collections) await empty(parts.store, collection, id);
}

function existing({ subscriptions }: SubscriptionDeletionParts, id: string): Subscription {
  const found = subscriptions.get(id) ?? subscriptions.removed().find((each) => each.id === id);
  if (found === undefined)
    throw new GatewayError('unknown-subscription', { params: { name: id.slice(0, 64) } });
  return found;
}

async function empty(
  store: SubscriptionDeletionParts['store'],
  collection: string,
  id: string,
): Promise<void> {
  const announce = announced.includes(collection)
    ? { announce: { topic: collection, message: { subscription: id } } }
    : {};
  for await (const key of keysOf(store, collection, id)) await store.delete(collection, key, announce);
}

async function* keysOf(
  store: SubscriptionDeletionParts['store'],
  collection: string,
  id: string,
): AsyncGenerator<string> {
  let after: string | undefined;
  do {
    const page = await store.list(collection, {
      prefix: single.includes(collection) ? id : `${id}/`,
      limit: atOnce,
      ...(after === undefined ? {} : { after }),
    });
    for (const { key } of page.items) if (!single.includes(collection) || key === id) yield key;
    after = page.next;
  } while (after !== undefined);
}

async function* sessionsOf(sessions: SubscriptionDeletionParts['sessions'], id: string) {
  let after: string | undefined;
  do {
    const page = await sessions.list({
      prefix: `${id}/`,
      limit: atOnce,
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
