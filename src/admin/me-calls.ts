import { z } from 'zod';
import { roleNames } from '../access/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { roleAt } from './authorise.ts';

export const roleName = z.enum(roleNames);

/** Who is signed in at the console, or which program calls. */
export const meAnswer = z.object({
  actor: z.string(),
  name: z.string(),
  /** The strongest one where the call was made for. */
  role: roleName,
  grants: z.array(z.object({ role: roleName, subscription: z.string().optional() })),
  /** The subscription that calls are about when they name none. */
  subscription: z.string(),
  subscriptions: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        twoFactor: z.boolean().describe('Whether two-factor authentication is switched on'),
      }),
    )
    .describe('All that the caller may look at, `default` first'),
});
export type MeAnswer = z.infer<typeof meAnswer>;

export interface MeParts {
  /** Every subscription there is, `default` first. */
  subscriptions(): readonly { readonly id: string; readonly name: string }[];
  /** Whether two-factor authentication is switched on in one of them. */
  isOn(subscription: string): boolean;
}

export const meCalls = ({ subscriptions, isOn }: MeParts): readonly AdminCall[] => [
  adminCall({
    method: 'get',
    path: 'api/v1/admin/me',
    summary: 'Who calls, and what they may do where.',
    may: 'see',
    scope: 'subscription',
    answer: { status: 200, schema: meAnswer },
    problems: [],
    async handle({ caller, subscription }) {
      const { actor, role, grants } = caller;
      return {
        body: {
          actor,
          name: caller.name,
          role,
          grants: grants.map((grant) => ({
            role: grant.role,
            ...(grant.subscription === undefined ? {} : { subscription: grant.subscription }),
          })),
          subscription,
          subscriptions: subscriptions()
            .filter(({ id }) => roleAt(grants, { scope: 'subscription', subscription: id }) !== undefined)
            .map(({ id, name }) => ({ id, name, twoFactor: isOn(id) })),
        },
      };
    },
  }),
];
