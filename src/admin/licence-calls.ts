import { z } from 'zod';
import type { Licence } from '../licence/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';

const licenceAnswer = z.object({
  kind: z
    .enum(['unlimited', 'trial', 'licensed'])
    .describe('`unlimited`: there is no distributor who has a say'),
  serial: z.string().describe('Of this installation, for whoever issues its licence'),
  users: z.int().describe('Enabled ones: who has enrolled, and who is on the list by name'),
  edition: z.string().optional(),
  limit: z.int().optional().describe('How many users may be enabled'),
  until: z.iso.datetime().optional(),
  over: z.boolean().optional().describe('It has ended: nobody new can be enabled'),
  full: z.boolean().optional().describe('Nobody new can be enabled'),
});
export type LicenceAnswer = z.infer<typeof licenceAnswer>;

const licenceBody = z.strictObject({
  file: z.string().min(1).max(4_096).describe('The text of `license.lic`'),
});

export type LicenceParts = { readonly licence: Pick<Licence, 'state' | 'users' | 'activate'> };

/** How many users may be enabled, where a distributor has a say in it. */
export function licenceCalls({ licence }: LicenceParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/licence',
      summary: 'The serial number of this installation, what is licensed, and how much of it is used.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: licenceAnswer },
      problems: [],
      handle: async () => ({ body: await describe(licence) }),
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/licence',
      summary: 'Takes a licence file; in effect at once.',
      may: 'own',
      scope: 'site',
      body: licenceBody,
      answer: { status: 200, schema: licenceAnswer },
      problems: ['licence-invalid', 'licence-off'],
      async handle({ caller, body: { file } }) {
        await licence.activate(file, caller.actor);
        return { body: await describe(licence) };
      },
    }),
  ];
}

async function describe(licence: LicenceParts['licence']): Promise<LicenceAnswer> {
  const state = await licence.state();
  const users = await licence.users();
  const { kind, serial } = state;
  if (state.kind === 'unlimited') return { kind, serial, users };
  const { edition, limit, over, until } = state;
  return {
    kind,
    serial,
    users,
    edition,
    limit,
    until: new Date(until).toISOString(),
    over,
    full: users >= limit,
  };
}
