import { z } from 'zod';
import { browserName } from '../http/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { endBody } from './sessions-calls.ts';

/** A remote session as whoever carries it tells of it. Unix milliseconds. */
export type TunnelView = {
  readonly id: string;
  readonly subscription: string;
  readonly user: string;
  readonly name: string;
  readonly session: string;
  readonly application: string;
  readonly server: string;
  readonly address: string;
  readonly browser?: string;
  readonly openedAt: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly replica: string;
};

export type TunnelsQuery = {
  readonly subscription?: string;
  readonly user?: string;
  readonly session?: string;
  readonly application?: string;
};

/** The remote sessions of all replicas. */
export interface Tunnels {
  list(query: TunnelsQuery): Promise<{
    readonly tunnels: readonly TunnelView[];
    readonly replicas: number;
    readonly more: boolean;
  }>;
  /** Resolves to whether one has closed it. */
  close(order: {
    readonly tunnel: string;
    readonly subscription: string;
    readonly note: string;
    readonly actor: string;
  }): Promise<boolean>;
}

export type TunnelsParts = { readonly tunnels: Tunnels };

export const tunnelShape = z.object({
  id: z.string(),
  user: z.string().describe('User key'),
  name: z.string(),
  session: z.string().describe('Its 2FA session'),
  application: z.string(),
  server: z.string(),
  address: z.string(),
  browser: z.string().optional(),
  openedAt: z.iso.datetime(),
  bytesIn: z.int().describe('From the browser'),
  bytesOut: z.int().describe('To the browser'),
  replica: z.string(),
});
export type TunnelShape = z.infer<typeof tunnelShape>;

export const tunnelsAnswer = z.object({
  items: z.array(tunnelShape),
  replicas: z.int().describe('How many have answered'),
  more: z.boolean().describe('There are more: at most 5,000 of each replica are told'),
});
export type TunnelsAnswer = z.infer<typeof tunnelsAnswer>;

export function describeTunnel({ subscription: _, openedAt, browser, ...tunnel }: TunnelView): TunnelShape {
  const name = browserName(browser);
  return {
    ...tunnel,
    ...(name === '' ? {} : { browser: name }),
    openedAt: new Date(openedAt).toISOString(),
  };
}

const text = z.string().min(1).max(300).optional();

/** The remote sessions that are open now. */
export function tunnelsCalls({ tunnels }: TunnelsParts): readonly AdminCall[] {
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/tunnels',
      summary: 'The remote sessions that are open now, on all replicas, oldest first.',
      may: 'see',
      scope: 'subscription',
      query: z.object({ user: text.describe('User key'), session: text, application: text }),
      answer: { status: 200, schema: tunnelsAnswer },
      problems: [],
      async handle({ subscription, query }) {
        const { user, session, application } = query;
        const {
          tunnels: open,
          replicas,
          more,
        } = await tunnels.list({
          subscription,
          ...(user === undefined ? {} : { user }),
          ...(session === undefined ? {} : { session }),
          ...(application === undefined ? {} : { application }),
        });
        const items = [...open].sort((one, other) => one.openedAt - other.openedAt).map(describeTunnel);
        return { body: { items, replicas, more } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/tunnels/:tunnel/close',
      summary: 'Closes one remote session, whichever replica carries it; its 2FA session stays.',
      may: 'help',
      scope: 'subscription',
      body: endBody,
      answer: { status: 200, schema: z.object({ closed: z.boolean() }) },
      problems: [],
      async handle({ subscription, params, body, caller }) {
        const { tunnel = '' } = params;
        const order = { tunnel, subscription, note: body.reason, actor: caller.actor };
        return { body: { closed: await tunnels.close(order) } };
      },
    }),
  ];
}
