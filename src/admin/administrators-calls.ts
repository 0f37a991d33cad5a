import { z } from 'zod';
import type { Administrator, Administrators, Granter, Invitation, Place } from '../access/index.ts';
import { type DirectoryUser, type Factors, subscriptionOf } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { type Caller, roleAt } from './authorise.ts';
import { roleName } from './me-calls.ts';
import { pageOf, pageQuery } from './paging.ts';

export type AdministratorsParts = {
  readonly administrators: Pick<
    Administrators,
    'list' | 'find' | 'grant' | 'withdraw' | 'invite' | 'invitations' | 'withdrawInvitation'
  >;
  /** Rejects when their directory can't be asked. */
  findUser(key: string): Promise<DirectoryUser | undefined>;
  /** What they have enrolled, where they belong. */
  factorsOf(user: string): Promise<Factors>;
  /** What people call the user or program behind an actor of the audit log. */
  nameOf(actor: string): Promise<string | undefined>;
  /** The address of the page that accepts a ticket. */
  linkOf(ticket: string, name: string, newAccount: boolean): string;
};

const everywhereQuery = z.object({
  everywhere: z
    .enum(['true', 'false'])
    .optional()
    .describe('`true`: the role for the whole site, not that of the subscription'),
});

const grantShape = z.object({
  role: roleName,
  subscription: z.string().optional().describe('Where it holds; absent: in the whole site'),
  since: z.iso.datetime(),
  by: z.string().optional(),
  byName: z.string().optional(),
});

export const administratorShape = z.object({
  user: z.string(),
  name: z.string().optional().describe('Absent while their directory does not say'),
  displayName: z.string().optional(),
  state: z.enum(['usable', 'disabled', 'gone', 'unknown']),
  enrolled: z.boolean().describe('Whether a second factor is set up'),
  lastUsedAt: z.iso.datetime().optional().describe('When one of their second factors was last used'),
  grants: z.array(grantShape),
});
export type AdministratorShape = z.infer<typeof administratorShape>;
export const administratorsPage = pageOf(administratorShape);

const place = { everywhere: z.boolean().optional().describe('true: in the whole site') };
export const grantBody = z.strictObject({ role: roleName, ...place });
export type GrantBody = z.infer<typeof grantBody>;

export const inviteBody = z.strictObject({
  name: z.string().min(1).max(256).describe('To sign in with'),
  newAccount: z
    .boolean()
    .describe('true: accepting makes a local account of this name; false: for a user there is'),
  role: roleName,
  ...place,
});
export type InviteBody = z.infer<typeof inviteBody>;

export const invitationShape = z.object({
  id: z.string(),
  name: z.string(),
  newAccount: z.boolean(),
  role: roleName,
  subscription: z.string().optional(),
  by: z.string(),
  byName: z.string().optional(),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type InvitationShape = z.infer<typeof invitationShape>;
export const invitationsAnswer = z.object({ items: z.array(invitationShape) });
export type InvitationsAnswer = z.infer<typeof invitationsAnswer>;

export const invitedAnswer = z.object({
  link: z.string().describe('For the person alone; shown once'),
  expiresAt: z.iso.datetime(),
});
export type InvitedAnswer = z.infer<typeof invitedAnswer>;

const momentOf = (time: number): string => new Date(time).toISOString();

/** Whether the caller may look at and change roles of the whole site. */
export const ownsSite = ({ grants }: Pick<Caller, 'grants'>): boolean =>
  roleAt(grants, { scope: 'site' }) === 'owner';
const seesSite = ({ grants }: Pick<Caller, 'grants'>): boolean =>
  roleAt(grants, { scope: 'site' }) !== undefined;

/** The place that a change is about. Rejects with `not-allowed` where it is the site and the caller doesn't own it. */
export function placeOf(caller: Caller, subscription: string, everywhere: boolean | undefined): Place {
  if (everywhere !== true) return { subscription };
  if (!ownsSite(caller)) throw new GatewayError('not-allowed');
  return {};
}

/** Who may give roles to whom: owners of one subscription only to its own users. */
const granterOf = (caller: Caller, subscription: string): Granter => ({
  actor: caller.actor,
  ...(ownsSite(caller) ? {} : { home: subscription }),
});

/** Roles and invitations. */
export function administratorsCalls(parts: AdministratorsParts): readonly AdminCall[] {
  const { administrators } = parts;

  /** What of somebody's roles concerns this caller: those of the subscription, and of the site for its own. */
  const shown = (each: Administrator, caller: Caller, subscription: string): Administrator => ({
    ...each,
    grants: each.grants.filter(
      (grant) =>
        grant.subscription === subscription || (grant.subscription === undefined && seesSite(caller)),
    ),
  });

  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/administrators',
      summary: 'Who administers the subscription, and the whole site for those who do so too.',
      may: 'see',
      scope: 'subscription',
      query: z.object(pageQuery),
      answer: { status: 200, schema: administratorsPage },
      problems: [],
      async handle({ query: { limit, after }, caller, subscription }) {
        const items: Administrator[] = [];
        let from = after;
        do {
          const page = await administrators.list({ limit, ...(from === undefined ? {} : { after: from }) });
          items.push(
            ...page.items
              .map((each) => shown(each, caller, subscription))
              .filter(({ grants }) => grants.length > 0),
          );
          from = page.next;
        } while (items.length === 0 && from !== undefined);
        const described = await Promise.all(items.map((each) => describe(parts, each)));
        return { body: { items: described, ...(from === undefined ? {} : { next: from }) } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/administrators/:user',
      summary: 'What a user may; without a role it has no grants.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: administratorShape },
      problems: ['unknown-user', 'directory-unavailable'],
      async handle({ params, caller, subscription }) {
        const user = params.user ?? '';
        const found = (await administrators.find(user)) ?? { user, grants: [], version: 'absent' };
        const concerned = shown(found, caller, subscription);
        if (concerned.grants.length === 0 && !seesSite(caller)) {
          // Somebody else's users are nobody here.
          const known = await parts.findUser(user);
          if (known === undefined || subscriptionOf(known) !== subscription) {
            throw new GatewayError('unknown-user', { params: { name: user } });
          }
        }
        return { body: await describe(parts, concerned), etag: found.version };
      },
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/administrators/:user',
      summary: 'Gives a user a role, in the stead of the one they have there.',
      may: 'own',
      scope: 'subscription',
      body: grantBody,
      conditional: true,
      answer: { status: 204 },
      problems: [
        'unknown-user',
        'account-disabled',
        'not-found',
        'last-owner',
        'directory-unavailable',
        'conflict',
      ],
      async handle({ params, body, caller, subscription, ifMatch }) {
        const where = placeOf(caller, subscription, body.everywhere);
        const granter = granterOf(caller, subscription);
        await administrators.grant(params.user ?? '', { ...where, role: body.role }, granter, ifMatch);
        return {};
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/administrators/:user',
      summary: "Takes a user's role away; their API tokens and invitations end with it.",
      may: 'own',
      scope: 'subscription',
      query: everywhereQuery,
      conditional: true,
      answer: { status: 204 },
      problems: ['not-found', 'last-owner', 'conflict'],
      async handle({ params, query, caller, subscription, ifMatch }) {
        const where = placeOf(caller, subscription, query.everywhere === 'true');
        await administrators.withdraw(params.user ?? '', where, granterOf(caller, subscription), ifMatch);
        return {};
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/invitations',
      summary: 'Invitations that nobody has accepted yet, newest first.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: invitationsAnswer },
      problems: [],
      async handle({ caller, subscription }) {
        const all = await administrators.invitations();
        const own = all.filter((each) => concerns(each, caller, subscription));
        return { body: { items: await Promise.all(own.map((each) => describeInvitation(parts, each))) } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/invitations',
      summary:
        'Makes a one-time link, good for seven days, that gives a role once a second factor is set up.',
      may: 'own',
      scope: 'subscription',
      body: inviteBody,
      answer: { status: 201, schema: invitedAnswer },
      problems: ['unknown-user', 'account-disabled', 'name-taken', 'not-found', 'directory-unavailable'],
      async handle({ body: { everywhere, ...wish }, caller, subscription }) {
        const where = placeOf(caller, subscription, everywhere);
        const invited = await administrators.invite({ ...wish, ...where }, granterOf(caller, subscription));
        return {
          status: 201,
          body: {
            link: parts.linkOf(invited.ticket, wish.name.trim(), wish.newAccount),
            expiresAt: momentOf(invited.expiresAt),
          },
        };
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/invitations/:invitation',
      summary: 'Voids an invitation.',
      may: 'own',
      scope: 'subscription',
      answer: { status: 204 },
      problems: ['not-found'],
      async handle({ params, caller, subscription }) {
        const id = params.invitation ?? '';
        const found = (await administrators.invitations()).find((each) => each.id === id);
        if (found === undefined || !concerns(found, caller, subscription))
          throw new GatewayError('not-found');
        if (found.subscription === undefined && !ownsSite(caller)) throw new GatewayError('not-allowed');
        await administrators.withdrawInvitation(id, caller.actor);
        return {};
      },
    }),
  ];
}

const concerns = (each: Place, caller: Caller, subscription: string): boolean =>
  each.subscription === subscription || (each.subscription === undefined && seesSite(caller));

async function describe(
  { findUser, factorsOf, nameOf }: AdministratorsParts,
  { user, grants }: Administrator,
): Promise<AdministratorShape> {
  const found = await findUser(user).catch(() => 'unknown' as const);
  const { apps, phone, email } = await factorsOf(user);
  const used = [...apps, phone, email].flatMap((each) => each?.lastUsedAt ?? []);
  return {
    user,
    ...(found === undefined || found === 'unknown'
      ? {}
      : { name: found.name, displayName: found.displayName }),
    state:
      found === 'unknown' ? found : found === undefined ? 'gone' : found.disabled ? 'disabled' : 'usable',
    enrolled: apps.length > 0 || phone !== undefined || email !== undefined,
    ...(used.length === 0 ? {} : { lastUsedAt: momentOf(Math.max(...used)) }),
    grants: await Promise.all(
      grants.map(async ({ role, subscription, since, by }) => {
        const byName = by === undefined ? undefined : await nameOf(by);
        return {
          role,
          ...(subscription === undefined ? {} : { subscription }),
          since: momentOf(since),
          ...(by === undefined ? {} : { by }),
          ...(byName === undefined ? {} : { byName }),
        };
      }),
    ),
  };
}

async function describeInvitation(
  { nameOf }: Pick<AdministratorsParts, 'nameOf'>,
  { id, name, user, role, subscription, by, issuedAt, expiresAt }: Invitation,
): Promise<InvitationShape> {
  const byName = await nameOf(by);
  return {
    id,
    name,
    newAccount: user === undefined,
    role,
    ...(subscription === undefined ? {} : { subscription }),
    by,
    ...(byName === undefined ? {} : { byName }),
    issuedAt: momentOf(issuedAt),
    expiresAt: momentOf(expiresAt),
  };
}
