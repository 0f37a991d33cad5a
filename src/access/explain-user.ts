import {
  type DirectoryUser,
  type EnabledEntry,
  type Factors,
  isEnrolled,
  type Listing,
} from '../accounts/index.ts';
import type { Settings } from '../settings/index.ts';
import type { RoleGrant } from './roles.ts';
import { enrolmentRefusal } from './sign-in-enrolment-policy.ts';

/** In the order in which signing in asks. */
export const whyRules = [
  'account',
  'password-lock',
  'administrator',
  'switch',
  'exemption',
  'own-entry',
  'group-entry',
  'everyone-entry',
  'groups-unknown',
  'unlisted',
  'enrolment',
  'code-lock',
] as const;
export type WhyRule = (typeof whyRules)[number];

/** What comes of signing in with the right password now. */
export type WhyVerdict = 'two-factors' | 'enrol' | 'password-alone' | 'refused';

/** What one rule says of a user. */
export type WhyStep = {
  readonly rule: WhyRule;
  /** `decides`: what comes of it follows from this one; `passes`: on to the next; `skipped`: no longer asked. */
  readonly outcome: 'decides' | 'passes' | 'skipped';
  /** What is the case, within the rule; the catalogue has it under `console.why.<rule>.<says>`. */
  readonly says: string;
  /** Times in Unix milliseconds. */
  readonly facts: Readonly<Record<string, string | number | readonly string[]>>;
};

export type WhyFacts = {
  /** Unix milliseconds. */
  readonly now: number;
  /** As their directory has them; undefined when gone. */
  readonly user: DirectoryUser | undefined;
  readonly grants: readonly RoleGrant[];
  readonly settings: Pick<Settings, 'enabled' | 'unlistedUsers' | 'enrolment'>;
  readonly listing: Listing;
  readonly factors: Factors;
  /** Until when tries are refused, Unix milliseconds; Infinity: until an administrator unlocks. */
  readonly locks: { readonly codes?: number; readonly password?: number };
};

export type Explanation = { readonly verdict: WhyVerdict; readonly steps: readonly WhyStep[] };

type Said = Pick<WhyStep, 'says' | 'facts'>;
type Judgement = Said & { readonly verdict?: WhyVerdict };

const say = (says: string, facts: WhyStep['facts'] = {}): Judgement => ({ says, facts });

/**
 * Why a user is asked for a second factor, or refused: every rule in the order in which signing in asks, with what it
 * says of them. The same rules as `obligation` and the sign-in procedure; a test holds them together.
 */
export function explainUser(facts: WhyFacts): Explanation {
  const steps: WhyStep[] = [];
  let verdict: WhyVerdict | undefined;
  const ask = (
    rule: WhyRule,
    { verdict: decided, ...said }: Judgement,
    asked = verdict === undefined,
  ): void => {
    if (asked && decided !== undefined) verdict = decided;
    const outcome = !asked ? 'skipped' : decided === undefined ? 'passes' : 'decides';
    steps.push({ rule, outcome, ...said });
  };
  ask('account', judgeAccount(facts));
  ask('password-lock', judgeLock(facts.locks.password, facts.now));
  ask('administrator', judgeRoles(facts));
  ask('switch', judgeSwitch(facts));
  ask('exemption', judgeExemption(facts));
  ask('own-entry', judgeOwnEntry(facts));
  ask('group-entry', judgeGroupEntries(facts));
  ask('everyone-entry', judgeEveryone(facts));
  ask('groups-unknown', judgeCompleteness(facts));
  ask('unlisted', judgeUnlisted(facts));
  const obliged = verdict === 'two-factors';
  ask('enrolment', judgeEnrolment(facts), obliged);
  ask('code-lock', judgeLock(facts.locks.codes, facts.now), obliged && isEnrolled(facts.factors));
  return { verdict: verdict ?? 'refused', steps };
}

function judgeAccount({ user }: WhyFacts): Judgement {
  if (user === undefined) return { ...say('gone'), verdict: 'refused' };
  if (user.disabled) return { ...say('disabled', { directory: user.directory }), verdict: 'refused' };
  return say('usable', { directory: user.directory });
}

function judgeLock(until: number | undefined, now: number): Judgement {
  if (until === undefined || until <= now) return say('open');
  if (until === Number.POSITIVE_INFINITY) return { ...say('shut'), verdict: 'refused' };
  return { ...say('locked', { until }), verdict: 'refused' };
}

function judgeRoles({ grants }: WhyFacts): Judgement {
  if (grants.length === 0) return say('none');
  return { ...say('has', { roles: grants.map(({ role }) => role) }), verdict: 'two-factors' };
}

const judgeSwitch = ({ settings }: WhyFacts): Judgement =>
  settings.enabled ? say('on') : { ...say('off'), verdict: 'password-alone' };

/** Those in force first: one of them is enough. */
function judgeExemption({ listing, now }: WhyFacts): Judgement {
  const { user, everyone, groups } = listing;
  const exempt = [user, everyone, ...groups].filter(
    (entry): entry is EnabledEntry => entry?.mode === 'exempt',
  );
  const inForce = exempt.find((entry) => entry.until !== undefined && now < entry.until);
  if (inForce !== undefined) {
    return {
      ...say('exempt', { ...named(inForce), reason: inForce.reason ?? '' }),
      verdict: 'password-alone',
    };
  }
  const [ended] = exempt;
  return ended === undefined ? say('none') : say('ended', named(ended));
}

function judgeOwnEntry({ listing: { user } }: WhyFacts): Judgement {
  if (user === undefined) return say('absent');
  return { ...say('enabled', named(user)), verdict: 'two-factors' };
}

function judgeGroupEntries({ listing: { groups }, user }: WhyFacts): Judgement {
  if (groups.length === 0) return say('absent', { groups: user?.groups.length ?? 0 });
  return { ...say('enabled', { subjects: groups.map(({ subject }) => subject) }), verdict: 'two-factors' };
}

const judgeEveryone = ({ listing: { everyone } }: WhyFacts): Judgement =>
  everyone === undefined ? say('absent') : { ...say('enabled', named(everyone)), verdict: 'two-factors' };

const judgeCompleteness = ({ user }: WhyFacts): Judgement =>
  user?.groupsComplete === false ? { ...say('unknown'), verdict: 'two-factors' } : say('known');

const judgeUnlisted = ({ settings }: WhyFacts): Judgement =>
  settings.unlistedUsers === 'allow'
    ? { ...say('allow'), verdict: 'password-alone' }
    : { ...say('deny'), verdict: 'refused' };

function judgeEnrolment(facts: WhyFacts): Judgement {
  const { factors, settings, now } = facts;
  if (isEnrolled(factors)) {
    const methods = [
      ...(factors.apps.length > 0 ? ['app'] : []),
      ...(factors.phone === undefined ? [] : ['sms']),
      ...(factors.email === undefined ? [] : ['email']),
    ];
    return { ...say('enrolled', { methods }), verdict: 'two-factors' };
  }
  const since = enrolmentSince(facts);
  const refusal = enrolmentRefusal({
    policy: settings.enrolment,
    obligation: { required: true, rule: 'user', since, method: 'app' },
    factors,
    ticket: undefined,
    now,
  });
  // A ticket can still be typed with the next step.
  if (refusal === 'ticket-required') return { ...say('ticket'), verdict: 'enrol' };
  if (refusal !== undefined) return { ...say('closed', { since }), verdict: 'refused' };
  return { ...say('open'), verdict: 'enrol' };
}

/** Since when two factors apply, as `obligation` says it. */
function enrolmentSince({ listing, user, factors, grants, now }: WhyFacts): number {
  const known = Math.max(user?.createdAt ?? 0, factors.resetAt ?? 0);
  if (grants.length > 0) return known;
  const begun = (entry: EnabledEntry): number =>
    entry.mode === 'exempt' && entry.until !== undefined && entry.until <= now ? entry.until : entry.since;
  if (listing.user !== undefined) return Math.max(known, begun(listing.user));
  if (listing.groups.length > 0) return Math.max(known, Math.min(...listing.groups.map(begun)));
  return listing.everyone === undefined ? known : Math.max(known, begun(listing.everyone));
}

const named = ({ subject, since, until }: EnabledEntry): WhyStep['facts'] => ({
  subject,
  since,
  ...(until === undefined ? {} : { until }),
});
