import { z } from 'zod';
import { type ApiToken, type ApiTokens, roleNames } from '../access/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { ownsSite, placeOf } from './administrators-calls.ts';
import { type Caller, roleAt } from './authorise.ts';

export type TokensParts = {
  readonly tokens: Pick<ApiTokens, 'create' | 'list' | 'find' | 'revoke'>;
  /** What people call the user or program behind an actor of the audit log. */
  nameOf(actor: string): Promise<string | undefined>;
};

const tokenRole = z.enum([...roleNames, 'logon-check']);

export const tokenShape = z.object({
  id: z.string(),
  name: z.string(),
  role: tokenRole,
  subscription: z.string().optional().describe('Where it holds; absent: in the whole site'),
  servers: z.array(z.string()).optional().describe('Only of `logon-check`: what it may ask about'),
  creator: z.string().describe('The administrator with whom it ends'),
  creatorName: z.string().optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional().describe('To the hour'),
});
export type TokenShape = z.infer<typeof tokenShape>;
export const tokensAnswer = z.object({ items: z.array(tokenShape) });
export type TokensAnswer = z.infer<typeof tokensAnswer>;

export const tokenBody = z.strictObject({
  name: z.string().min(1).max(64),
  role: tokenRole,
  everywhere: z.boolean().optional().describe('true: in the whole site'),
  servers: z.array(z.string().min(1).max(253)).min(1).max(500).optional(),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .pipe(z.number())
    .describe('At most a year from now'),
});
export type TokenBody = z.input<typeof tokenBody>;

export const createdTokenAnswer = z.object({
  token: tokenShape,
  secret: z.string().describe('To be sent as `Authorization: Bearer …`; shown once'),
});
export type CreatedTokenAnswer = z.infer<typeof createdTokenAnswer>;

const momentOf = (time: number): string => new Date(time).toISOString();

/** What programs call with. */
export function tokensCalls(parts: TokensParts): readonly AdminCall[] {
  const { tokens } = parts;
  const concerns = ({ subscription: place }: ApiToken, { grants }: Caller, subscription: string): boolean =>
    place === subscription || (place === undefined && roleAt(grants, { scope: 'site' }) !== undefined);

  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/tokens',
      summary: 'The API tokens there are, without their secrets; expired ones for another month.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: tokensAnswer },
      problems: [],
      async handle({ caller, subscription }) {
        const own = (await tokens.list()).filter((token) => concerns(token, caller, subscription));
        const newest = own.sort((one, other) => other.createdAt - one.createdAt);
        return { body: { items: await Promise.all(newest.map((token) => describe(parts, token))) } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/tokens',
      summary: 'Makes an API token; its secret is in this answer and never told again.',
      may: 'own',
      scope: 'subscription',
      body: tokenBody,
      answer: { status: 201, schema: createdTokenAnswer },
      problems: [],
      async handle({ body: { everywhere, ...wish }, caller, subscription }) {
        const where = placeOf(caller, subscription, everywhere);
        const { actor } = caller;
        const { token, secret } = await tokens.create({ ...wish, ...where }, { creator: actor, actor });
        return { status: 201, body: { token: await describe(parts, token), secret } };
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/tokens/:token',
      summary: 'Revokes an API token, from the next call of its program on.',
      may: 'own',
      scope: 'subscription',
      answer: { status: 204 },
      problems: ['not-found'],
      async handle({ params, caller, subscription }) {
        const found = await tokens.find(params.token ?? '');
        if (found === undefined || !concerns(found, caller, subscription))
          throw new GatewayError('not-found');
        if (found.subscription === undefined && !ownsSite(caller)) throw new GatewayError('not-allowed');
        await tokens.revoke(found.id, caller.actor);
        return {};
      },
    }),
  ];
}

async function describe(
  { nameOf }: Pick<TokensParts, 'nameOf'>,
  { createdAt, expiresAt, lastUsedAt, servers, creator, ...rest }: ApiToken,
): Promise<TokenShape> {
  const creatorName = await nameOf(creator);
  return {
    ...rest,
    creator,
    ...(creatorName === undefined ? {} : { creatorName }),
    ...(servers === undefined ? {} : { servers: [...servers] }),
    createdAt: momentOf(createdAt),
    expiresAt: momentOf(expiresAt),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: momentOf(lastUsedAt) }),
  };
}
