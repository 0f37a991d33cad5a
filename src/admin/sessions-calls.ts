import { z } from 'zod';
import { requireMayActOn } from '../access/index.ts';
import type { SessionRecord, Sessions } from '../sessions/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import type { Caller, Grant } from './authorise.ts';
import { afterOf, pageOf, pageQuery } from './paging.ts';

export type SessionsParts = {
  readonly sessions: Pick<Sessions, 'search' | 'stateOf' | 'endsAt' | 'revoke' | 'revokeAll'>;
  /** All roles of a user, wherever they have them. */
  grantsOf(user: string): Promise<readonly Grant[]>;
};

/** Why, in the administrator's words; kept in the audit log. */
export const endBody = z.strictObject({ reason: z.string().trim().min(1).max(200) });

const time = z.iso.datetime();

export const sessionShape = z.object({
  id: z.string(),
  user: z.string().describe('User key'),
  name: z.string(),
  displayName: z.string(),
  state: z.enum(['granted', 'active', 'expired', 'revoked']),
  amr: z.array(z.string()).describe('How it was proven: pwd, otp, sms, email, recovery, bypass'),
  verifiedAt: time,
  firstSessionAt: time.optional().describe('When the first remote session was opened'),
  endsAt: time.describe('When it can open nothing more; of an ended one, when it ended'),
  endedBy: z.string().optional().describe('Why it was revoked'),
  shared: z.boolean(),
  address: z.string(),
  browser: z.string(),
});
export type SessionShape = z.infer<typeof sessionShape>;
export const sessionsAnswer = pageOf(sessionShape);
export type SessionsAnswer = z.infer<typeof sessionsAnswer>;

export const sessionStates = ['live', 'granted', 'active', 'ended'] as const;

/** A session for administrators, as it is now. */
export function describeSession(
  session: SessionRecord,
  sessions: Pick<Sessions, 'stateOf' | 'endsAt'>,
): SessionShape {
  const { id, user, amr, verifiedAt, shared, address, browser } = session;
  const state = sessions.stateOf(session);
  const endsAt = 'at' in state ? state.at : sessions.endsAt(session);
  return {
    id,
    user: user.key,
    name: user.name,
    displayName: user.displayName,
    state: state.name,
    amr: [...amr],
    verifiedAt: iso(verifiedAt),
    ...(state.name === 'active' ? { firstSessionAt: iso(state.firstSessionAt) } : {}),
    endsAt: iso(endsAt),
    ...(state.name === 'revoked' ? { endedBy: state.reason } : {}),
    shared,
    address,
    browser,
  };
}

const iso = (at: number): string => new Date(at).toISOString();

const reason = 'ended-by-administrator';

/** The 2FA sessions of a subscription. */
export function sessionsCalls({ sessions, grantsOf }: SessionsParts): readonly AdminCall[] {
  /** Everybody may end their own. */
  const requireMay = async (caller: Caller, user: string): Promise<void> => {
    if (caller.actor !== user) requireMayActOn(caller, await grantsOf(user));
  };
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/sessions',
      summary: 'The 2FA sessions, by user, name and state. A page may be short and still have a next one.',
      may: 'see',
      scope: 'subscription',
      query: z.object({
        ...pageQuery,
        user: z.string().min(1).max(300).optional().describe('User key'),
        name: z.string().max(100).optional().describe('How a name of the user begins'),
        state: z.enum(sessionStates).optional(),
      }),
      answer: { status: 200, schema: sessionsAnswer },
      problems: [],
      async handle({ subscription, query }) {
        const { limit, user, name, state } = query;
        const { items, next } = await sessions.search({
          subscription,
          limit,
          ...afterOf(query),
          ...(user === undefined ? {} : { user }),
          ...(name === undefined ? {} : { name }),
          ...(state === undefined ? {} : { state }),
        });
        const told = items.map((session) => describeSession(session, sessions));
        return { body: { items: told, ...(next === undefined ? {} : { next }) } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/sessions/:user/:session/end',
      summary: 'Ends one 2FA session at once and everywhere, with its remote sessions.',
      may: 'help',
      scope: 'subscription',
      body: endBody,
      answer: {
        status: 200,
        schema: z.object({ ended: z.boolean().describe('Whether it was there to be ended') }),
      },
      problems: ['not-allowed'],
      async handle({ subscription, params, body, caller }) {
        const { user = '', session = '' } = params;
        await requireMay(caller, user);
        const reference = { subscription, user, id: session };
        const ended = await sessions.revoke(reference, { reason, actor: caller.actor, note: body.reason });
        return { body: { ended } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/sessions/:user/end',
      summary: 'Ends every 2FA session of a user at once and everywhere, with their remote sessions.',
      may: 'help',
      scope: 'subscription',
      body: endBody,
      answer: { status: 200, schema: z.object({ ended: z.int().describe('How many') }) },
      problems: ['not-allowed'],
      async handle({ subscription, params, body, caller }) {
        const { user = '' } = params;
        await requireMay(caller, user);
        const revocation = { reason, actor: caller.actor, note: body.reason };
        return { body: { ended: await sessions.revokeAll({ subscription, user }, revocation) } };
      },
    }),
  ];
}
