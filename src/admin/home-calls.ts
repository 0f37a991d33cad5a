import { z } from 'zod';
import {
  type ConcernView,
  concernKinds,
  describeConcern,
  type LiveSessions,
  type PeopleCounts,
  type Statistics,
} from '../attention/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { SettingsReader } from '../settings/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

export type HomeParts = {
  readonly statistics: Pick<Statistics, 'read'>;
  readonly liveSessions: Pick<LiveSessions, 'count'>;
  readonly people: Pick<PeopleCounts, 'latest'>;
  readonly settings: Pick<SettingsReader, 'current'>;
  readonly catalogue: Pick<Catalogue, 'text'>;
  readonly version: string;
  /** Every subscription, `default` first. */
  subscriptions(): readonly { readonly id: string; readonly name: string }[];
  /** What needs somebody now. */
  attention(subscription: string): Promise<readonly ConcernView[]>;
  tunnels(subscription: string): Promise<{ readonly open: number; readonly replicas: number }>;
};

const moment = z.iso.datetime().describe('UTC, RFC 3339');

export const concernShape = z.object({
  kind: z.enum(concernKinds),
  subject: z.string(),
  serious: z.boolean().describe('People are kept from working, or a door stands open'),
  title: z.string(),
  advice: z.string().describe('What to do about it'),
  since: moment.optional(),
});
export type ConcernShape = z.infer<typeof concernShape>;

export const homeAnswer = z.object({
  version: z.string(),
  twoFactors: z.array(z.object({ subscription: z.string(), name: z.string(), enabled: z.boolean() })),
  sessions: z.object({ granted: z.int(), active: z.int() }).describe('2FA sessions that are good now'),
  tunnels: z.object({
    open: z.int(),
    replicas: z.int().describe('How many replicas have answered, this one included'),
  }),
  people: z
    .object({
      users: z.int(),
      enabled: z.int(),
      enrolled: z.int(),
      notEnrolled: z.int(),
      exempt: z.int(),
      countedAt: moment,
    })
    .optional()
    .describe('Absent while they are being counted for the first time'),
  attention: z.array(concernShape).describe('What needs somebody, serious first'),
});
export type HomeAnswer = z.infer<typeof homeAnswer>;

export const statisticsAnswer = z.object({
  unit: z.enum(['hour', 'day']),
  buckets: z.array(z.object({ from: moment, signIns: z.int(), refusals: z.int(), sessions: z.int() })),
});
export type StatisticsAnswer = z.infer<typeof statisticsAnswer>;

/** The most that are kept of each. */
const longest = { hour: 744, day: 366 } as const;
const usual = { hour: 24, day: 30 } as const;

/** What an administrator looks at first. */
export function homeCalls(parts: HomeParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/home',
      summary: 'How it stands: switches, live counts, and what needs attention.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: homeAnswer },
      problems: [],
      async handle({ subscription, caller, language }) {
        const [sessions, tunnels, people, attention] = await Promise.all([
          parts.liveSessions.count(subscription),
          parts.tunnels(subscription),
          parts.people.latest(subscription),
          parts.attention(subscription),
        ]);
        const everywhere = caller.grants.some((grant) => grant.subscription === undefined);
        const visible = parts
          .subscriptions()
          .filter(({ id }) => everywhere || caller.grants.some((grant) => grant.subscription === id));
        const body: HomeAnswer = {
          version: parts.version,
          twoFactors: visible.map(({ id, name }) => ({
            ...{ subscription: id, name },
            enabled: parts.settings.current(id).enabled,
          })),
          sessions,
          tunnels,
          ...(people === undefined
            ? {}
            : {
                people: {
                  users: people.users,
                  enabled: people.enabled,
                  enrolled: people.enrolled,
                  notEnrolled: people.notEnrolled,
                  exempt: people.exempt,
                  countedAt: new Date(people.countedAt).toISOString(),
                },
              }),
          attention: attention.map((concern) => ({
            kind: concern.kind,
            subject: concern.subject,
            serious: concern.serious,
            ...describeConcern(parts.catalogue, language, concern),
            ...(concern.since === undefined ? {} : { since: new Date(concern.since).toISOString() }),
          })),
        };
        return { body };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/home/statistics',
      summary: 'Sign-ins, refusals and remote sessions over time, oldest first.',
      may: 'see',
      scope: 'subscription',
      query: z.object({
        unit: z.enum(['hour', 'day']).optional().describe('`hour` unless said; days are those of UTC'),
        count: z
          .string()
          .regex(/^[1-9]\d{0,2}$/)
          .transform(Number)
          .optional()
          .describe('How many; 24 hours or 30 days unless said, at most 744 or 366'),
      }),
      answer: { status: 200, schema: statisticsAnswer },
      problems: [],
      async handle({ subscription, query }) {
        const unit = query.unit ?? 'hour';
        const count = Math.min(query.count ?? usual[unit], longest[unit]);
        const buckets = await parts.statistics.read(subscription, { unit, count });
        const body: StatisticsAnswer = {
          unit,
          buckets: buckets.map(({ from, signIns, refusals, sessions }) => ({
            from: new Date(from).toISOString(),
            signIns,
            refusals,
            sessions,
          })),
        };
        return { body };
      },
    }),
  ];
}
