import { z } from 'zod';
import { type WhyAnswer, whyRules } from '../access/index.ts';
import { subscriptionOf } from '../accounts/index.ts';
import type { AuditEventType } from '../audit/index.ts';
import type { Language } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

export type WhyCallParts = {
  /** Rejects with `directory-unavailable`. */
  why(user: string, subscription: string): Promise<WhyAnswer>;
  /** The key that a person means by a key or by a name. */
  userKey(text: string): Promise<string | undefined>;
  /** A type of events in words. */
  titleOf(language: Language, type: AuditEventType): string;
  /** Why an event of this type refused somebody, in words; undefined where there are none for it. */
  reasonOf(language: Language, type: AuditEventType, reason: string): string | undefined;
  /** Whether anything is known of somebody who is in no directory. */
  isKnown(user: string, subscription: string): Promise<boolean>;
};

export const whyShape = z.object({
  user: z.object({
    key: z.string(),
    name: z.string().optional().describe('Absent when their directory has them no more'),
    displayName: z.string().optional(),
    subscription: z.string(),
  }),
  verdict: z
    .enum(['two-factors', 'enrol', 'password-alone', 'refused'])
    .describe('What comes of signing in with the right password now'),
  steps: z.array(
    z.object({
      rule: z.enum(whyRules),
      outcome: z.enum(['decides', 'passes', 'skipped']),
      says: z.string().describe('What is the case, within the rule'),
      facts: z
        .record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
        .describe('Values for it; times in Unix milliseconds'),
    }),
  ),
  applications: z.array(z.object({ name: z.string(), title: z.string(), allowed: z.boolean() })),
  refused: z
    .array(
      z.object({
        at: z.iso.datetime(),
        type: z.string(),
        title: z.string().describe('The type in words'),
        reason: z.string(),
        says: z.string().optional().describe('The reason in words'),
        server: z.string().optional().describe('Of a logon: where it was tried'),
        address: z.string().optional(),
      }),
    )
    .describe('The last refusals that the audit log has, newest first'),
});
export type WhyShape = z.infer<typeof whyShape>;

/** *Why was this user asked, or refused?* */
export const whyCalls = ({
  why,
  userKey,
  isKnown,
  titleOf,
  reasonOf,
}: WhyCallParts): readonly AdminCall[] => [
  adminCall({
    method: 'get',
    path: 'api/v1/admin/why/:user',
    summary:
      'Why a user, by key or name, is asked for a second factor or refused: every rule in order, with its outcome.',
    may: 'see',
    scope: 'subscription',
    answer: { status: 200, schema: whyShape },
    problems: ['unknown-user', 'directory-unavailable'],
    async handle({ params, subscription, language }) {
      const key = await userKey(params.user ?? '');
      if (key === undefined) throw new GatewayError('unknown-user');
      const { user, verdict, steps, applications, refused } = await why(key, subscription);
      const seen =
        user === undefined ? await isKnown(key, subscription) : subscriptionOf(user) === subscription;
      // Somebody else's users are nobody here.
      if (!seen) throw new GatewayError('unknown-user');
      const body: WhyShape = {
        user: {
          key,
          ...(user === undefined ? {} : { name: user.name, displayName: user.displayName }),
          subscription,
        },
        verdict,
        steps: steps.map(({ facts, ...step }) => ({ ...step, facts: plain(facts) })),
        applications: [...applications],
        refused: refused.map(({ at, type, reason, ...rest }) => {
          const says = reasonOf(language, type, reason);
          return {
            at: new Date(at).toISOString(),
            type,
            title: titleOf(language, type),
            reason,
            ...(says === undefined ? {} : { says }),
            ...rest,
          };
        }),
      };
      return { body };
    },
  }),
];

type Facts = WhyAnswer['steps'][number]['facts'];

const plain = (facts: Facts): WhyShape['steps'][number]['facts'] =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? value : [...value],
    ]),
  );
