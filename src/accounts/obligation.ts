import type { SecondFactorMethod, Settings } from '../settings/index.ts';
import type { EnabledEntry, Obligation } from './account.ts';

/** What the list says of one user. */
export type Listing = {
  readonly everyone?: EnabledEntry | undefined;
  readonly user?: EnabledEntry | undefined;
  /** Of each group they are in. */
  readonly groups: readonly EnabledEntry[];
};

export type ObligationQuestion = {
  readonly listing: Listing;
  readonly groupsComplete: boolean;
  readonly administrator: boolean;
  /** Unix milliseconds from which their enrolment can count: created, or last reset. 0 when unknown. */
  readonly knownSince: number;
  /** Unix milliseconds. */
  readonly now: number;
};

/**
 * Whether two factors apply to a user, and by which rule (product section 4). Administrators always; then the
 * switch; then exemptions, which win over being enabled; then the most specific entry. When groups are not fully
 * known the user counts as enabled. An exemption that has ended leaves the subject enabled from its end on.
 */
export function obligation(question: ObligationQuestion, settings: Pick<Settings, 'enabled'>): Obligation {
  const { listing, now, knownSince } = question;
  const groups = listing.groups.map((entry) => asOf(entry, now));
  const user = listing.user && asOf(listing.user, now);
  const everyone = listing.everyone && asOf(listing.everyone, now);
  const method = methodOf(user, groups, everyone);
  if (question.administrator) return { required: true, rule: 'administrator', since: knownSince, method };
  if (!settings.enabled) return { required: false, rule: 'switched-off' };
  if ([user, everyone, ...groups].some((entry) => entry?.mode === 'exempt')) {
    return { required: false, rule: 'exempt' };
  }
  const required = (rule: 'user' | 'group' | 'everyone' | 'groups-unknown', since: number): Obligation => ({
    required: true,
    rule,
    since: Math.max(since, knownSince),
    method,
  });
  if (user !== undefined) return required('user', user.since);
  if (groups.length > 0) return required('group', Math.min(...groups.map((entry) => entry.since)));
  if (everyone !== undefined) return required('everyone', everyone.since);
  if (!question.groupsComplete) return required('groups-unknown', 0);
  return { required: false, rule: 'not-listed' };
}

/** An exemption whose time is over, or that never had one, is no exemption: the door falls shut, not open. */
function asOf(entry: EnabledEntry, now: number): EnabledEntry {
  if (entry.mode !== 'exempt') return entry;
  if (entry.until !== undefined && now < entry.until) return entry;
  return { ...entry, mode: 'enabled', since: entry.until ?? entry.since };
}

/** The individual method wins over the group's, and that over everyone's; several groups in the order of their names. */
function methodOf(
  user: EnabledEntry | undefined,
  groups: readonly EnabledEntry[],
  everyone: EnabledEntry | undefined,
): SecondFactorMethod {
  const sorted = [...groups].sort((one, other) => (one.subject < other.subject ? -1 : 1));
  const chosen = [user, ...sorted, everyone].find((entry) => entry?.method !== undefined);
  return chosen?.method ?? 'app';
}
