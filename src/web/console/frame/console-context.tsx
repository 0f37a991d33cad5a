import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { MeAnswer } from '../../../admin/index.ts';
import { request } from '../api/request.ts';
import { placeAt } from './routes.ts';

/** What a role may do, weakest first; each may all that stands before its own. */
export type Permission = 'see' | 'help' | 'administer' | 'own';

export type ConsoleRole = MeAnswer['role'];

type Subscription = MeAnswer['subscriptions'][number];

type Console = {
  /** What people call the reader. */
  readonly name: string;
  /** The reader's own user key. */
  readonly actor: string;
  /** All that the reader may look at. */
  readonly subscriptions: readonly Subscription[];
  /** The one that the pages are about. */
  readonly subscription: Subscription;
  /** Goes to the same page of another one. */
  readonly choose: (id: string) => void;
  /** The reader's strongest role there. */
  readonly role: ConsoleRole;
  /**
   * Whether the reader may: `may('help')` in this subscription, `may('own', 'site')` in the whole site. Controls that
   * nobody can use are left out; the server decides anyway.
   */
  readonly may: (permission: Permission, scope?: 'subscription' | 'site') => boolean;
  /** Asks again who may what, and whether two-factor authentication is on; after changing either. */
  readonly refresh: () => void;
};

const ranks: Readonly<Record<ConsoleRole, number>> = { auditor: 0, helpdesk: 1, administrator: 2, owner: 3 };
const needed: Readonly<Record<Permission, number>> = { see: 0, help: 1, administer: 2, own: 3 };

/** The strongest role at a place: one for the whole site holds everywhere. */
function roleAt(grants: MeAnswer['grants'], subscription: string | undefined): ConsoleRole | undefined {
  const there = grants.filter(
    (grant) => grant.subscription === undefined || grant.subscription === subscription,
  );
  return there.map(({ role }) => role).sort((one, other) => ranks[other] - ranks[one])[0];
}

const ConsoleContext = createContext<Console | null>(null);

/** Who reads, which subscription the page is about, and what they may do there. */
export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === null) throw new Error('useConsole outside ConsoleProvider');
  return found;
}

const noSubscription: Subscription = { id: 'default', name: 'default', twoFactor: true };

export function ConsoleProvider({ me, children }: { me: MeAnswer; children: ReactNode }) {
  const [{ actor, name, grants, subscriptions }, setMe] = useState(me);
  const [path, navigate] = useLocation();
  const [search] = useSearchParams();
  const wanted = search.get('subscription');
  const subscription = subscriptions.find(({ id }) => id === wanted) ?? subscriptions[0] ?? noSubscription;

  // What is open or searched belongs to the one before: the same page begins anew.
  const root = placeAt(path)?.path ?? '/';
  const choose = useCallback(
    (id: string) => navigate(id === subscriptions[0]?.id ? root : `${root}?subscription=${id}`),
    [navigate, root, subscriptions],
  );
  const refresh = useCallback(() => {
    request<MeAnswer>({ method: 'GET', path: 'me' }).then(
      ({ value }) => setMe(value),
      // The page goes on with what it knew; its own calls say what is wrong.
      () => {},
    );
  }, []);

  // A page that was out of sight may know roles, subscriptions or the switch as they were.
  useEffect(() => {
    const seen = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [refresh]);

  const value = useMemo<Console>(() => {
    const role = roleAt(grants, subscription.id);
    return {
      name,
      actor,
      subscriptions,
      subscription,
      choose,
      role: role ?? 'auditor',
      may(permission, scope = 'subscription') {
        const there = scope === 'site' ? roleAt(grants, undefined) : role;
        return there !== undefined && ranks[there] >= needed[permission];
      },
      refresh,
    };
  }, [name, actor, grants, subscriptions, subscription, choose, refresh]);
  return <ConsoleContext value={value}>{children}</ConsoleContext>;
}
