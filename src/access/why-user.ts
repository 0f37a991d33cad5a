import {
  type DirectoryUser,
  defaultSubscription,
  type EnabledList,
  type FactorDocuments,
  subscriptionOf,
} from '../accounts/index.ts';
import { type AuditEntry, type AuditEventType, queryAudit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { SettingsReader } from '../settings/index.ts';
import type { Store } from '../storage/index.ts';
import { type Explanation, explainUser } from './explain-user.ts';
import type { GatedApplication } from './gate.ts';
import { isAllowed } from './gate-allow.ts';
import type { Roles } from './roles.ts';
import type { Throttle } from './throttle.ts';

export type WhyParts = {
  readonly clock: Pick<Clock, 'now'>;
  readonly store: Pick<Store, 'read'>;
  readonly list: Pick<EnabledList, 'of'>;
  readonly factors: Pick<FactorDocuments, 'read'>;
  readonly settings: SettingsReader;
  readonly roles: Pick<Roles, 'rolesOf'>;
  readonly throttle: Pick<Throttle, 'locks'>;
  /** Rejects when their directory cannot be asked. */
  findUser(user: string): Promise<DirectoryUser | undefined>;
  /** All that there are, with what people call them. */
  applications(): readonly (GatedApplication & { readonly title: string })[];
};

/** What was refused lately, newest first; `at` in Unix milliseconds. */
export type Refused = {
  readonly at: number;
  readonly type: AuditEventType;
  readonly reason: string;
  /** Of a logon: where it was tried. */
  readonly server?: string;
  readonly address?: string;
};

export type WhyAnswer = Explanation & {
  readonly user: DirectoryUser | undefined;
  readonly subscription: string;
  readonly applications: readonly {
    readonly name: string;
    readonly title: string;
    readonly allowed: boolean;
  }[];
  readonly refused: readonly Refused[];
};

const refusals = [
  'sign-in.refused',
  'sign-in.password',
  'sign-in.factor',
  'request.refused',
  'lockout',
  'logon.checked',
] as const;

/** Entries that are looked at for the last refusals, and how many are told. */
const lookedAt = 100;
const told = 10;

/**
 * *Why was this user asked, or refused?* As everything is now. `subscription`: of somebody who is gone. Rejects with
 * `directory-unavailable`, `store-unavailable`.
 */
export async function whyUser(parts: WhyParts, key: string, subscription: string): Promise<WhyAnswer> {
  const user = await parts.findUser(key);
  const home = user === undefined ? subscription : subscriptionOf(user);
  const [grants, listing, document, locks, refused] = await Promise.all([
    parts.roles.rolesOf(key),
    user === undefined ? { groups: [] } : parts.list.of(home, user),
    parts.factors.read(home, key),
    parts.throttle.locks(home, key),
    lastRefusals(parts, key),
  ]);
  const explanation = explainUser({
    now: parts.clock.now(),
    user,
    grants,
    settings: parts.settings.current(home),
    listing,
    factors: document.factors,
    locks,
  });
  const theirs = parts.applications().filter(
    // What there is for others is nothing that their administrators should see.
    ({ allow }) => home === defaultSubscription || allow?.subscriptions?.includes(home) === true,
  );
  const applications = theirs.map(({ name, title, allow }) => ({
    name,
    title,
    allowed: user !== undefined && isAllowed(allow, home, user),
  }));
  return { ...explanation, user, subscription: home, applications, refused };
}

async function lastRefusals({ store }: WhyParts, user: string): Promise<readonly Refused[]> {
  const { items } = await queryAudit(store, { user, types: refusals }, { limit: lookedAt });
  return items.flatMap(({ entry }) => refusedBy(entry) ?? []).slice(0, told);
}

function refusedBy(entry: AuditEntry): Refused | undefined {
  const reason = reasonOf(entry);
  if (reason === undefined) return undefined;
  const address = 'origin' in entry ? entry.origin?.address : undefined;
  return {
    at: entry.at,
    type: entry.type,
    reason,
    ...(entry.type === 'logon.checked' ? { server: entry.server } : {}),
    ...(address === undefined ? {} : { address }),
  };
}

function reasonOf(entry: AuditEntry): string | undefined {
  switch (entry.type) {
    case 'sign-in.refused':
      return entry.reason;
    case 'sign-in.password':
      return entry.result === 'accepted' ? undefined : (entry.reason ?? entry.result);
    case 'sign-in.factor':
      return entry.result === 'accepted' ? undefined : entry.result;
    case 'request.refused':
      return entry.code;
    case 'lockout':
      return entry.scope;
    case 'logon.checked':
      return entry.result === 'allowed' ? undefined : entry.reason;
    default:
      return undefined;
  }
}
