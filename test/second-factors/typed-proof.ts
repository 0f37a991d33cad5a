import type { Factors } from '../../src/accounts/index.ts';
import type { Claim, DriftCandidate, Offering, TypedProof } from '../../src/second-factors/index.ts';
import type { Settings } from '../../src/settings/index.ts';

export const settings: Settings = {
  enabled: true,
  methods: ['app'],
  discrepancy: 480,
  driftTolerance: 2,
  issuer: 'Example - Sallyport',
  validityAfterFirstSession: 480,
  countFrom: 'first-session',
  validityBeforeFirstSession: 3600,
  digits: 6,
  smsMessage: '%CODE%',
  codeLifespan: 10,
  closeAtExpiry: false,
  unlistedUsers: 'allow',
  rdpLogon: 'on-request',
  enrolment: 'open',
  helpdesk: '',
};

/** An offer to somebody of whom no administrator has said where codes go. */
export const offering: Offering = {
  subscription: 'default',
  user: 'local:alice',
  destinations: {},
  digits: 6,
};

/** A code as a factor is asked about it; nothing claimed, nothing seen before. */
export const typedProof = (given: {
  code: string;
  factors: Factors;
  user?: string;
  now?: number;
  settings?: Partial<Settings>;
  candidates?: readonly DriftCandidate[];
  claimed?: (claim: Claim) => boolean;
}): TypedProof => ({
  subscription: 'default',
  user: given.user ?? 'local:alice',
  factors: given.factors,
  code: given.code,
  now: given.now ?? Date.UTC(2026, 0, 15, 9),
  settings: { ...settings, ...given.settings },
  candidates: given.candidates ?? [],
  claimed: async (claims) => claims.map((claim) => given.claimed?.(claim) ?? false),
});
