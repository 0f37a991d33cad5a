import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type Audit,
  type AuditEventType,
  type AuditFilter,
  type AuditRetention,
  auditAsCsv,
  auditAsJsonLines,
  auditEventTypes,
  everyEntry,
  type FoundEntry,
  findEntry,
  queryAudit,
  retentionDays,
} from '../audit/index.ts';
import type { Language } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import type { Store } from '../storage/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { type Caller, roleAt } from './authorise.ts';
import { pageOf, pageQuery } from './paging.ts';

export type AuditParts = {
  readonly store: Pick<Store, 'read'>;
  readonly audit: Audit;
  readonly retention: Pick<AuditRetention, 'days' | 'version' | 'oldest' | 'change'>;
  /** The key of the user that a name or a key stands for; undefined: nobody. Rejects when a directory can't be asked. */
  userKey(text: string): Promise<string | undefined>;
  /** What people call the user or program behind an actor of the audit log. */
  nameOf(actor: string): Promise<string | undefined>;
  /** A type of events in words. */
  titleOf(language: Language, type: AuditEventType): string;
};

const eventTypes = auditEventTypes as readonly [AuditEventType, ...AuditEventType[]];

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .pipe(z.number());

const filterQuery = {
  user: z.string().min(1).max(300).optional().describe('A user, by key or by name'),
  type: z
    .string()
    .max(2_000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(eventTypes)).min(1).max(200))
    .optional()
    .describe('Kinds of events, with commas between them'),
  from: moment.optional().describe('Not before this moment (ISO 8601)'),
  to: moment.optional().describe('Before this moment (ISO 8601)'),
  address: z.string().min(1).max(64).optional().describe('The IP address that it came from'),
  actor: z.string().min(1).max(300).optional().describe('Who did it: a user key, token:<id>, cli, system'),
  application: z.string().min(1).max(100).optional(),
  session: z.string().min(1).max(100).optional(),
  everywhere: z
    .enum(['true', 'false'])
    .optional()
    .describe(
      '`true`: of all subscriptions and of the site itself, for those with a role for the whole site',
    ),
};

type FilterQuery = Partial<z.output<z.ZodObject<typeof filterQuery>>>;

export const auditEntryShape = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  type: z.string().describe('As docs/audit-events.md lists them'),
  title: z.string().describe('The same in words, in the language that the caller asked for'),
  userName: z.string().optional().describe('What people call the user now'),
  actorName: z.string().optional().describe('What people call whoever did it'),
  event: z.record(z.string(), z.unknown()).describe('Everything that was recorded'),
});
export type AuditEntryShape = z.infer<typeof auditEntryShape>;

export const auditPage = pageOf(auditEntryShape);

export const auditTypesAnswer = z.object({
  items: z.array(z.object({ type: z.string(), title: z.string() })),
});
export type AuditTypesAnswer = z.infer<typeof auditTypesAnswer>;

export const retentionShape = z.object({ days: z.int().min(retentionDays.least).max(retentionDays.most) });
export type RetentionShape = z.infer<typeof retentionShape>;

/** The audit log: looking things up in it, taking it away, and how long it is kept. */
export function auditCalls(parts: AuditParts): readonly AdminCall[] {
  const { store, audit, retention } = parts;

  async function filterOf(query: FilterQuery, subscription: string, caller: Caller): Promise<AuditFilter> {
    const { user, type, from, everywhere, to, ...rest } = query;
    const whole = everywhere === 'true';
    if (whole && roleAt(caller.grants, { scope: 'site' }) === undefined) {
      throw new GatewayError('not-allowed');
    }
    // Nobody's name finds nothing, by a key that nobody has.
    const key = user === undefined ? undefined : ((await parts.userKey(user)) ?? '?');
    const given = Object.entries({ ...rest, user: key, types: type, to }).filter(
      ([, value]) => value !== undefined,
    );
    return {
      ...Object.fromEntries(given),
      from: Math.max(from ?? 0, retention.oldest),
      ...(whole ? {} : { subscription }),
    };
  }

  const exportCall = (
    format: 'jsonl' | 'csv',
    type: string,
    write: (entries: AsyncIterable<FoundEntry>) => AsyncIterable<string>,
  ): AdminCall =>
    adminCall({
      method: 'get',
      path: `api/v1/admin/audit/export.${format}`,
      summary: `Everything that matches, newest first, as ${format === 'csv' ? 'a table' : 'lines of JSON'}.`,
      may: 'see',
      scope: 'subscription',
      query: z.object(filterQuery),
      answer: { status: 200, type },
      problems: ['directory-unavailable'],
      async handle({ query, subscription, caller }) {
        const filter = await filterOf(query, subscription, caller);
        audit.record({
          type: 'audit.exported',
          format,
          actor: caller.actor,
          ...(filter.subscription === undefined ? {} : { subscription }),
        });
        // Written before anything leaves, though the call changes nothing.
        await audit.flush();
        return {
          stream: Readable.from(write(everyEntry(store, filter))),
          headers: { 'Content-Disposition': `attachment; filename="sallyport-audit.${format}"` },
        };
      },
    });

  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/audit',
      summary:
        'What happened, newest first. A page may hold fewer entries than asked for and still name a next one.',
      may: 'see',
      scope: 'subscription',
      query: z.object({ ...pageQuery, ...filterQuery }),
      answer: { status: 200, schema: auditPage },
      problems: ['directory-unavailable'],
      async handle({ query: { limit, after, ...query }, subscription, caller, language }) {
        const filter = await filterOf(query, subscription, caller);
        const { items, next } = await queryAudit(store, filter, { limit, after });
        const names = await namesOf(parts, items);
        return {
          body: {
            items: items.map((found) => present(parts, found, names, language)),
            ...(next === undefined ? {} : { next }),
          },
        };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/audit/entries/:entry',
      summary: 'One entry, by its id.',
      may: 'see',
      scope: 'subscription',
      query: z.object({ everywhere: filterQuery.everywhere }),
      answer: { status: 200, schema: auditEntryShape },
      problems: ['not-found'],
      async handle({ params, query, subscription, caller, language }) {
        const filter = await filterOf(query, subscription, caller);
        const found = await findEntry(store, filter, params.entry ?? '');
        if (found === undefined) throw new GatewayError('not-found');
        return { body: present(parts, found, await namesOf(parts, [found]), language) };
      },
    }),
    exportCall('jsonl', 'application/jsonl', auditAsJsonLines),
    exportCall('csv', 'text/csv; charset=utf-8', auditAsCsv),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/audit/types',
      summary: 'The kinds of events that there are.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: auditTypesAnswer },
      problems: [],
      async handle({ language }) {
        const items = auditEventTypes.map((type) => ({ type, title: parts.titleOf(language, type) }));
        return { body: { items } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/audit/retention',
      summary: 'For how many days the audit log is kept.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: retentionShape },
      problems: [],
      async handle() {
        return { body: { days: retention.days }, etag: retention.version };
      },
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/audit/retention',
      summary: 'Keeps the audit log for another number of days; what is older then is gone for good.',
      may: 'own',
      scope: 'site',
      body: z.strictObject({ days: z.number() }),
      conditional: true,
      answer: { status: 204 },
      problems: ['invalid-setting'],
      async handle({ body, caller, ifMatch }) {
        await retention.change(body.days, { actor: caller.actor, audit, seen: ifMatch });
        return { etag: retention.version };
      },
    }),
  ];
}

/** Whom the entries of a page speak of; each is asked for once. */
async function namesOf(
  { nameOf }: Pick<AuditParts, 'nameOf'>,
  found: readonly FoundEntry[],
): Promise<ReadonlyMap<string, string>> {
  const keys = new Set(found.flatMap(({ entry }) => [keyIn(entry, 'user'), keyIn(entry, 'actor')]));
  const named = await Promise.all(
    [...keys].map(async (key) => [key, key === undefined ? undefined : await nameOf(key)] as const),
  );
  return new Map(
    named.flatMap(([key, name]) => (key === undefined || name === undefined ? [] : [[key, name] as const])),
  );
}

function keyIn(entry: FoundEntry['entry'], field: 'user' | 'actor'): string | undefined {
  const fields: Readonly<Record<string, unknown>> = entry;
  const value = fields[field];
  return typeof value === 'string' ? value : undefined;
}

function present(
  { titleOf }: Pick<AuditParts, 'titleOf'>,
  { id, entry }: FoundEntry,
  names: ReadonlyMap<string, string>,
  language: Language,
): AuditEntryShape {
  const { at, ...event } = entry;
  const userName = names.get(keyIn(entry, 'user') ?? '');
  const actorName = names.get(keyIn(entry, 'actor') ?? '');
  return {
    id,
    at: new Date(at).toISOString(),
    type: entry.type,
    title: titleOf(language, entry.type),
    ...(userName === undefined ? {} : { userName }),
    ...(actorName === undefined ? {} : { actorName }),
    event,
  };
}
