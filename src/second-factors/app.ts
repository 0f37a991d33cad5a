import type { AppEnrolment, Factors } from '../accounts/index.ts';
import type { Random } from '../random.ts';
import type { Settings } from '../settings/index.ts';
import { decodeBase32, encodeBase32 } from './base32.ts';
import { type Drift, type GuardRules, type Judgement, judge } from './drift-guard.ts';
import { otpauthUri } from './otpauth.ts';
import type { Claim, DriftCandidate, Holder, SecondFactor, TypedProof, Verdict } from './second-factor.ts';
import { matchingSteps, secondsToNextStep, stepLength, timeStep, totpKey } from './totp.ts';

/** Opens the Base32 secret of an enrolment of this user. */
export type OpenSecret = (holder: Omit<Holder, 'factors'>, sealedSecret: string) => string;

/** An enrolment before its first code has proven it. */
export type AppDraft = {
  readonly id: string;
  /** Base32, 160 random bits. */
  readonly secret: string;
  readonly digits: number;
  readonly issuer: string;
  readonly uri: string;
};

/** Digits and issuer are frozen here: later changes of the settings lock nobody out. */
export function draftApp(random: Random, id: string, account: string, settings: Settings): AppDraft {
  const { digits, issuer } = settings;
  const secret = encodeBase32(random.bytes(20));
  return { id, secret, digits, issuer, uri: otpauthUri({ issuer, account, secret, digits }) };
}

/**
 * Unix milliseconds until which a claim is kept: the whole window, whatever the discrepancy becomes, and a day
 * (product section 3.1: "481 steps and a day").
 */
export const claimExpiry = (claim: Claim): number => (claim.step + 481) * stepLength + 86_400_000;

/** Spaces are how apps group digits; people copy them along. */
const digitsOf = (code: string): string => code.replaceAll(/\s/g, '');

const wellFormed = (code: string, digits: number): boolean => /^[0-9]+$/.test(code) && code.length === digits;

/** Whether a typed text can be a code of so many digits at all. */
export const isCodeShaped = (typed: string, digits: number): boolean => wellFormed(digitsOf(typed), digits);

/** Codes of authenticator apps (TOTP), single use, behind the drift guard. */
export function appFactor(openSecret: OpenSecret): SecondFactor {
  return {
    method: 'app',

    offer(factors) {
      const [first, ...others] = factors.apps;
      if (first === undefined) return undefined;
      const same = others.every((app) => app.digits === first.digits);
      return same ? { id: 'app', digits: first.digits } : { id: 'app' };
    },

    malformed(code, factors) {
      const typed = digitsOf(code);
      if (factors.apps.some((app) => wellFormed(typed, app.digits))) return undefined;
      return { expected: factors.apps[0]?.digits ?? 6 };
    },

    async verify(typed) {
      const code = digitsOf(typed.code);
      const apps = typed.factors.apps.filter((app) => wellFormed(code, app.digits));
      const verdicts: Verdict[] = [];
      for (const app of apps) {
        const secret = openSecret(typed, app.sealedSecret);
        const judged = await judgeCode({ ...typed, code }, { id: app.id, digits: app.digits, secret }, app);
        verdicts.push(verdictOf(judged, app.id, typed.now));
      }
      return foremost(verdicts);
    },
  };
}

/** The first code of a draft, or the second when the first lay beyond the tolerance: learns the drift. */
export async function proveDraft(
  typed: Pick<TypedProof, 'code' | 'now' | 'settings' | 'candidates' | 'claimed'>,
  draft: Omit<AppDraft, 'uri'>,
): Promise<
  | Exclude<Verdict, { result: 'accepted' | 'void' }>
  | (Extract<Judgement, { result: 'accepted' }> & { claimed: Claim[] })
> {
  const code = digitsOf(typed.code);
  if (!wellFormed(code, draft.digits)) return { result: 'malformed', expected: draft.digits };
  const judged = await judgeCode({ ...typed, code }, draft, 'learning');
  if (judged.result === 'accepted') return { ...judged, claimed: claimsOf(judged.claims, draft.id) };
  return refusalOf(judged, draft.id, typed.now);
}

async function judgeCode(
  typed: Pick<TypedProof, 'code' | 'now' | 'settings' | 'candidates' | 'claimed'>,
  app: { id: string; secret: string; digits: number },
  known: Drift | 'learning',
): Promise<Judgement> {
  const now = timeStep(typed.now);
  const rules: GuardRules = {
    discrepancy: typed.settings.discrepancy,
    tolerance: typed.settings.driftTolerance,
  };
  const window = { center: now, discrepancy: rules.discrepancy, digits: app.digits };
  const matches = matchingSteps(totpKey(decodeBase32(app.secret)), typed.code, window);
  const taken = matches.length === 0 ? [] : await typed.claimed(claimsOf(matches, app.id));
  return judge(rules, known, {
    now,
    matches,
    claimed: new Set(matches.filter((_, index) => taken[index])),
    candidates: typed.candidates.filter((candidate) => candidate.enrolment === app.id),
  });
}

const claimsOf = (steps: readonly number[], enrolment: string): Claim[] =>
  steps.map((step) => ({ enrolment, step }));

type Refused = Exclude<Judgement, { result: 'accepted' }>;

function refusalOf(
  judged: Refused,
  enrolment: string,
  now: number,
): Exclude<Verdict, { result: 'accepted' | 'void' }> {
  if (judged.result === 'wrong') return judged;
  const claims = claimsOf(judged.claims, enrolment);
  if (judged.result === 'replayed') return { result: 'replayed', claims, nextIn: secondsToNextStep(now) };
  const candidates: DriftCandidate[] = judged.candidates.map((candidate) => ({ ...candidate, enrolment }));
  return { result: 'far', claims, candidates };
}

function verdictOf(judged: Judgement, enrolment: string, now: number): Verdict {
  if (judged.result !== 'accepted') return refusalOf(judged, enrolment, now);
  return {
    result: 'accepted',
    enrolment,
    claims: claimsOf(judged.claims, enrolment),
    apply: (factors) => learned(factors, enrolment, judged.learned, now),
    ...(judged.proven ? { learnedDrift: judged.learned.drift } : {}),
  };
}

function learned(factors: Factors, enrolment: string, drift: Drift, now: number): Factors | undefined {
  if (!factors.apps.some((app) => app.id === enrolment)) return undefined;
  const update = (app: AppEnrolment): AppEnrolment =>
    app.id === enrolment ? { ...app, ...drift, lastUsedAt: now } : app;
  return { ...factors, apps: factors.apps.map(update) };
}

/** With several apps the best answer counts; far codes of all of them are claimed and live on together. */
function foremost(verdicts: readonly Verdict[]): Verdict {
  const accepted = verdicts.find((verdict) => verdict.result === 'accepted');
  if (accepted !== undefined) return accepted;
  const replayed = verdicts.find((verdict) => verdict.result === 'replayed');
  if (replayed !== undefined) return replayed;
  const far = verdicts.filter((verdict) => verdict.result === 'far');
  if (far.length === 0) return { result: 'wrong' };
  return {
    result: 'far',
    claims: far.flatMap((verdict) => verdict.claims),
    candidates: far.flatMap((verdict) => verdict.candidates),
  };
}
