import { z } from 'zod';

/** A name as a server has it: never a control character, whatever else it is made of. */
const name = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text));

export const logonQuestion = z.strictObject({
  user: name(256).describe('As the server has it: `user`, `DOMAIN\\user` or `user@domain`'),
  domain: name(255)
    .regex(/^[^\\@]+$/)
    .optional()
    .describe('The directory that the name belongs to, by its name or an alias'),
  server: name(253).describe('One of the servers that the token is for'),
  protocol: z.enum(['rdp', 'ssh']),
  clientAddress: name(255).optional().describe('Where the user sits, as far as the server knows'),
  existing: z
    .boolean()
    .optional()
    .describe('Whether a session of this user still exists on that server, to be taken up again'),
  dryRun: z.boolean().optional().describe('Asks what the answer would be: takes, opens and records nothing'),
});

export const logonAnswer = z.object({
  decision: z.enum(['allow', 'deny']),
  reason: z.string().describe('A stable code'),
});

/** For the OpenAPI document. */
export const logonCheckCall = {
  method: 'post',
  path: 'api/v1/logon-check',
  summary: 'Whether a user may log on to an application server; for its agent, with an API token.',
  body: logonQuestion,
  answer: { status: 200, schema: logonAnswer },
  problems: ['sign-in-required', 'not-allowed', 'too-many-requests', 'method-not-allowed'],
  security: ['apiToken'],
} as const;
