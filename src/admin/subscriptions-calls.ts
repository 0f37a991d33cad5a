import { z } from 'zod';
import {
  assignmentKinds,
  contentsOf,
  defaultSubscription,
  deleteSubscription,
  type Subscription,
  type SubscriptionDeletionParts,
  type Subscriptions,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

const assignment = z.object({
  kind: z.enum(assignmentKinds),
  value: z.string().min(1).max(256).describe('`directory:name` of a group, `host[:port]` of a host'),
});
const senderKind = z.enum(['sms', 'email']);

const subscriptionShape = z.object({
  id: z.string().describe('Never changes, and is never given again'),
  name: z.string(),
  createdAt: z.iso.datetime().optional().describe('Absent: it was always there'),
  assignments: z.array(assignment),
  shares: z.array(senderKind).describe('The senders of `default` it uses while it has none of its own'),
  deleted: z.boolean().describe('It keeps people out until its assignments are given to another one'),
});
export type SubscriptionShape = z.infer<typeof subscriptionShape>;

const subscriptionsAnswer = z.object({ items: z.array(subscriptionShape) });
export type SubscriptionsAnswer = z.infer<typeof subscriptionsAnswer>;

const contents = z
  .object({
    enrolled: z.int().describe('Users with something enrolled'),
    sessions: z.int().describe('Live ones'),
    entries: z.int().describe('Of the list of who is enabled'),
    administrators: z.int(),
    senders: z.int(),
    assignments: z.int(),
  })
  .describe('What would be lost with it');

const subscriptionAnswer = subscriptionShape.extend({
  contents,
  directories: z.array(z.string()).describe('Those that can be assigned'),
  hosts: z.array(z.string()).describe('Those that can be assigned'),
});
export type SubscriptionAnswer = z.infer<typeof subscriptionAnswer>;

const newSubscription = z.strictObject({
  name: z.string().min(1).max(64),
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/)
    .optional()
    .describe('Made of the name unless given'),
});
const changedSubscription = z.strictObject({
  name: z.string().min(1).max(64).optional(),
  shares: z.array(senderKind).max(2).optional(),
});
const newAssignment = assignment
  .extend({ from: z.string().max(64).optional().describe('The subscription that it may be taken from') })
  .strict();

export type SubscriptionsParts = SubscriptionDeletionParts & {
  readonly subscriptions: Subscriptions;
};

/** The subscriptions of a site: for those who administer all of it. */
export function subscriptionsCalls(parts: SubscriptionsParts): readonly AdminCall[] {
  const { subscriptions } = parts;
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/subscriptions',
      summary: 'All subscriptions, `default` first, and deleted ones that still keep people out.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: subscriptionsAnswer },
      problems: [],
      handle: async () => ({
        body: { items: [...subscriptions.all(), ...subscriptions.removed()].map(describe) },
      }),
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/subscriptions',
      summary: 'Makes a subscription: two factors on for everybody, and nobody in it yet.',
      may: 'own',
      scope: 'site',
      body: newSubscription,
      answer: { status: 201, schema: subscriptionAnswer },
      problems: ['name-taken'],
      async handle({ caller, body: { name, id } }) {
        const made = await subscriptions.create({ name, ...(id === undefined ? {} : { id }) }, caller.actor);
        return { status: 201, ...(await answerOf(parts, made)) };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/subscriptions/:subscription',
      summary: 'One subscription, and what would be lost with it.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: subscriptionAnswer },
      problems: ['unknown-subscription'],
      handle: ({ params }) => answerOf(parts, find(subscriptions, params.subscription)),
    }),
    adminCall({
      method: 'patch',
      path: 'api/v1/admin/subscriptions/:subscription',
      summary: 'Gives a subscription another name, or says which senders of `default` it uses.',
      may: 'own',
      scope: 'site',
      body: changedSubscription,
      conditional: true,
      answer: { status: 200, schema: subscriptionAnswer },
      problems: ['unknown-subscription', 'name-taken'],
      async handle({ caller, params, body: { name, shares }, ifMatch }) {
        const { id } = find(subscriptions, params.subscription);
        const seen = revisionOf(ifMatch);
        if (name === undefined && shares === undefined) throw new GatewayError('invalid-request');
        // Of a request that changes both, the second goes by what the first has made.
        const renamed =
          name === undefined ? undefined : await subscriptions.rename(id, name, caller.actor, seen);
        if (shares !== undefined) {
          await subscriptions.share(id, shares, caller.actor, renamed?.revision ?? seen);
        }
        return answerOf(parts, find(subscriptions, id));
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/subscriptions/:subscription/assignments',
      summary:
        'Assigns a directory, domain, group or host; users who belong elsewhere then lose their sessions and enrol afresh.',
      may: 'own',
      scope: 'site',
      body: newAssignment,
      answer: { status: 200, schema: subscriptionAnswer },
      problems: ['unknown-subscription', 'assignment-taken'],
      async handle({ caller, params, body: { kind, value, from } }) {
        const { id } = find(subscriptions, params.subscription);
        const taken = from === undefined ? {} : { from: find(subscriptions, from).id };
        return answerOf(parts, await subscriptions.assign(id, { kind, value }, caller.actor, taken));
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/subscriptions/:subscription/assignments/:kind/:value',
      summary: 'Takes an assignment away: whom nothing else assigns belongs to `default`.',
      may: 'own',
      scope: 'site',
      answer: { status: 204 },
      problems: ['unknown-subscription', 'not-found'],
      async handle({ caller, params }) {
        const kind = assignmentKinds.find((each) => each === params.kind);
        if (kind === undefined) throw new GatewayError('not-found');
        const { id } = find(subscriptions, params.subscription);
        await subscriptions.unassign(id, { kind, value: params.value ?? '' }, caller.actor);
        return {};
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/subscriptions/:subscription',
      summary: 'Deletes a subscription with everything in it; `confirm` is its name while something is.',
      may: 'own',
      scope: 'site',
      query: z.object({ confirm: z.string().max(64).optional() }),
      answer: { status: 204 },
      problems: ['unknown-subscription', 'subscription-not-empty'],
      async handle({ caller, params, query: { confirm } }) {
        const { id } = find(subscriptions, params.subscription);
        await deleteSubscription(parts, id, caller.actor, { confirm });
        return {};
      },
    }),
  ];
}

/** By its id, deleted or not. */
function find(subscriptions: Subscriptions, id = ''): Subscription {
  const found = subscriptions.get(id) ?? subscriptions.removed().find((each) => each.id === id);
  if (found === undefined)
    throw new GatewayError('unknown-subscription', { params: { name: id.slice(0, 64) } });
  return found;
}

const describe = ({
  id,
  name,
  createdAt,
  assignments,
  shares,
  removedAt,
}: Subscription): SubscriptionShape => ({
  id,
  name,
  ...(id === defaultSubscription ? {} : { createdAt: new Date(createdAt).toISOString() }),
  assignments: [...assignments],
  shares: [...shares],
  deleted: removedAt !== undefined,
});

async function answerOf(parts: SubscriptionsParts, one: Subscription) {
  const body: SubscriptionAnswer = {
    ...describe(one),
    contents: await contentsOf(parts, one.id),
    directories: [...parts.subscriptions.assignable.directories],
    hosts: [...parts.subscriptions.assignable.hosts],
  };
  return { body, etag: String(one.revision) };
}

function revisionOf(seen: string): number {
  if (!/^\d{1,9}$/.test(seen)) throw new GatewayError('changed-meanwhile');
  return Number(seen);
}
