import { z } from 'zod';
import { roleNames } from '../access/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

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
});
export type MeAnswer = z.infer<typeof meAnswer>;

export const meCalls = (): readonly AdminCall[] => [
  adminCall({
    method: 'get',
    path: 'api/v1/admin/me',
    summary: 'Who calls, and what they may do where.',
    may: 'see',
    scope: 'subscription',
    answer: { status: 200, schema: meAnswer },
    problems: [],
    async handle({ caller, subscription }) {
      const { actor, name, role, grants } = caller;
      return {
        body: {
          actor,
          name,
          role,
          grants: grants.map((grant) => ({
            role: grant.role,
            ...(grant.subscription === undefined ? {} : { subscription: grant.subscription }),
          })),
          subscription,
        },
      };
    },
  }),
];
