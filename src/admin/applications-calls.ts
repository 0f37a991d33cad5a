import { z } from 'zod';
import { type ApplicationConfig, resolveStoredApplication, storedApplication } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { ApplicationView, StoredApplications } from '../settings/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { judgedBy } from './judged-by.ts';

/** One application server, as each replica sees it. */
export type ServerOnReplicas = {
  readonly application: string;
  readonly server: string;
  readonly replicas: readonly {
    readonly replica: string;
    readonly state: 'up' | 'down' | 'draining';
    readonly exchanges: number;
    readonly tunnels: number;
  }[];
};

/** What one application server said when it was asked. */
export type ServerAnswer = z.infer<typeof serverFinding>;

export type ApplicationsParts = {
  readonly storedApplications: Pick<
    StoredApplications,
    'views' | 'find' | 'judge' | 'add' | 'replace' | 'remove' | 'drain'
  >;
  publicUrl(): string;
  /** Health and load, as all replicas have them. */
  servers(): Promise<readonly ServerOnReplicas[]>;
  /** Asks every server of an application once. */
  testApplication(application: ApplicationConfig): Promise<readonly ServerAnswer[]>;
};

const time = z.iso.datetime();

export const applicationShape = z.object({
  name: z.string(),
  title: z.string(),
  url: z.string(),
  host: z.string().optional(),
  path: z.string(),
  source: z.enum(['file', 'store']).describe('Those of the file are read-only'),
  inForce: z.boolean().describe('Not when one of the file has come to stand in its way'),
  allow: z
    .object({
      users: z.array(z.string()).optional(),
      groups: z.array(z.string()).optional(),
      subscriptions: z.array(z.string()).optional(),
    })
    .optional()
    .describe('Absent: every verified user'),
  servers: z.array(
    z.object({
      url: z.string(),
      weight: z.int(),
      configured: z.boolean().describe('Drained by its configuration'),
      draining: z.boolean().describe('Drained now'),
      drainedAt: time.optional(),
      drainedBy: z.string().optional(),
    }),
  ),
  changedAt: time.optional(),
  changedBy: z.string().optional(),
});
export type ApplicationShape = z.infer<typeof applicationShape>;
export const applicationsAnswer = z.object({ items: z.array(applicationShape) });
export type ApplicationsAnswer = z.infer<typeof applicationsAnswer>;

export const applicationAnswer = applicationShape.extend({
  application: z
    .record(z.string(), z.unknown())
    .describe('As a change takes it; of the file, as it is in force'),
});
export type ApplicationAnswer = z.infer<typeof applicationAnswer>;

export const applicationBody = z.strictObject({
  application: judgedBy(storedApplication),
  acceptOwnListeners: z
    .boolean()
    .optional()
    .describe('Servers may be listeners of the gateway itself: that is meant'),
});

export const serverFinding = z.object({
  server: z.string(),
  ok: z.boolean(),
  status: z.int().optional(),
  milliseconds: z.int().optional(),
  certificate: z.enum(['verified', 'unchecked', 'refused']).optional(),
  reason: z.string().optional(),
});
export const applicationTest = z.object({ servers: z.array(serverFinding) });
export type ApplicationTest = z.infer<typeof applicationTest>;

export const serversAnswer = z.object({
  items: z.array(
    z.object({
      application: z.string(),
      server: z.string(),
      state: z.enum(['up', 'down', 'draining']).describe('The worst that a replica sees'),
      exchanges: z.int().describe('Requests under way, of all replicas'),
      tunnels: z.int().describe('Remote sessions open, of all replicas'),
      replicas: z.array(
        z.object({
          replica: z.string(),
          state: z.enum(['up', 'down', 'draining']),
          exchanges: z.int(),
          tunnels: z.int(),
        }),
      ),
    }),
  ),
});
export type ServersAnswer = z.infer<typeof serversAnswer>;

const serverBody = z.strictObject({
  application: z.string().min(1).max(64),
  server: z.string().min(1).max(300).describe('Its address, as the application names it'),
});

const iso = (at: number): string => new Date(at).toISOString();

/** An application for administrators. */
export function describeApplication(view: ApplicationView): ApplicationShape {
  const { application, source, inForce, stored } = view;
  const { name, title, origin, host, path, allow } = application;
  return {
    name,
    title,
    url: `${origin}${path}`,
    ...(host === undefined ? {} : { host }),
    path,
    source,
    inForce,
    ...(allow === undefined ? {} : { allow: JSON.parse(JSON.stringify(allow)) }),
    servers: view.servers.map(({ drain, ...server }) => ({
      ...server,
      ...(drain === undefined ? {} : { drainedAt: iso(drain.since), drainedBy: drain.by }),
    })),
    ...(stored === undefined ? {} : { changedAt: iso(stored.changedAt), changedBy: stored.changedBy }),
  };
}

/** A server's health and load, summed up. */
export function sumUp({ application, server, replicas }: ServerOnReplicas): ServersAnswer['items'][number] {
  const worst = (['down', 'draining', 'up'] as const).find((state) =>
    replicas.some((each) => each.state === state),
  );
  return {
    application,
    server,
    state: worst ?? 'up',
    exchanges: replicas.reduce((sum, { exchanges }) => sum + exchanges, 0),
    tunnels: replicas.reduce((sum, { tunnels }) => sum + tunnels, 0),
    replicas: [...replicas],
  };
}

/** The applications of the site: those of the file to be seen, those of the store to be changed. */
export function applicationsCalls(parts: ApplicationsParts): readonly AdminCall[] {
  const { storedApplications: stored } = parts;
  /** Throws `unknown-application`. */
  const viewOf = (name: string): ApplicationView => {
    const views = stored.views();
    // One of the store that yields to one of the file is still the one to be changed.
    const found = views.findLast(({ application }) => application.name === name);
    if (found === undefined) throw new GatewayError('unknown-application');
    return found;
  };
  const answerOf = (view: ApplicationView): { body: ApplicationAnswer; etag?: string } => {
    const { stored: kept } = view;
    const application = JSON.parse(JSON.stringify(kept?.application ?? view.application));
    const body = { ...describeApplication(view), application };
    return kept === undefined ? { body } : { body, etag: kept.version };
  };
  const requireStored = (name: string): void => {
    if (viewOf(name).stored === undefined) throw new GatewayError('set-by-file');
  };
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/applications',
      summary: 'The applications of the file and of the store.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: applicationsAnswer },
      problems: [],
      handle: async () => ({ body: { items: stored.views().map(describeApplication) } }),
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/applications',
      summary: 'Adds an application; in force on every replica within a second.',
      may: 'administer',
      scope: 'site',
      body: applicationBody,
      answer: { status: 201, schema: applicationAnswer },
      problems: ['invalid-application', 'own-listener', 'name-taken'],
      async handle({ body, caller }) {
        const change = { actor: caller.actor, acceptOwnListeners: body.acceptOwnListeners === true };
        const { application } = await stored.add(body.application, change);
        return answerOf(viewOf(application.name));
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/applications/test',
      summary:
        'Asks every server of an application that is not kept yet: is it reached, verified, does it answer.',
      may: 'administer',
      scope: 'site',
      fresh: false,
      query: z.object({
        replaces: z.string().max(64).optional().describe('The application that it would replace'),
      }),
      body: applicationBody,
      answer: { status: 200, schema: applicationTest },
      problems: ['invalid-application', 'own-listener'],
      async handle({ body, query }) {
        const change = { acceptOwnListeners: body.acceptOwnListeners === true };
        const judged = stored.judge(body.application, change, query.replaces);
        const servers = await parts.testApplication(resolveStoredApplication(judged, parts.publicUrl()));
        return { body: { servers } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/applications/:application',
      summary: 'One application, with all that can be changed about it.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: applicationAnswer },
      problems: ['unknown-application'],
      handle: async ({ params }) => answerOf(viewOf(params.application ?? '')),
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/applications/:application',
      summary:
        'Replaces an application of the store; its name stays. Tunnels that it does not concern stay open.',
      may: 'administer',
      scope: 'site',
      body: applicationBody,
      conditional: true,
      answer: { status: 200, schema: applicationAnswer },
      problems: ['unknown-application', 'set-by-file', 'invalid-application', 'own-listener'],
      async handle({ params, body, caller, ifMatch }) {
        const { application: name = '' } = params;
        requireStored(name);
        const change = { actor: caller.actor, acceptOwnListeners: body.acceptOwnListeners === true };
        await stored.replace(name, body.application, ifMatch, change);
        return answerOf(viewOf(name));
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/applications/:application',
      summary: 'Removes an application of the store; its remote sessions end.',
      may: 'administer',
      scope: 'site',
      conditional: true,
      answer: { status: 204 },
      problems: ['unknown-application', 'set-by-file'],
      async handle({ params, caller, ifMatch }) {
        const { application: name = '' } = params;
        requireStored(name);
        await stored.remove(name, ifMatch, caller.actor);
        return {};
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/applications/:application/test',
      summary: 'Asks every server of an application: is it reached, verified, does it answer.',
      may: 'administer',
      scope: 'site',
      fresh: false,
      answer: { status: 200, schema: applicationTest },
      problems: ['unknown-application'],
      async handle({ params }) {
        const { application } = viewOf(params.application ?? '');
        return { body: { servers: await parts.testApplication(application) } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/servers',
      summary: 'Health and load of the application servers, as all replicas have them.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: serversAnswer },
      problems: [],
      handle: async () => ({ body: { items: (await parts.servers()).map(sumUp) } }),
    }),
    ...(['drain', 'resume'] as const).map((verb) =>
      adminCall({
        method: 'post',
        path: `api/v1/admin/servers/${verb}`,
        summary:
          verb === 'drain'
            ? 'Lets one server take no new users and remote sessions; the open ones stay.'
            : 'Lets one server take new users and remote sessions again.',
        may: 'administer',
        scope: 'site',
        body: serverBody,
        answer: { status: 200, schema: z.object({ changed: z.boolean() }) },
        problems: ['unknown-application'],
        async handle({ body, caller }) {
          const { application, server } = body;
          return {
            body: { changed: await stored.drain(application, server, verb === 'drain', caller.actor) },
          };
        },
      }),
    ),
  ];
}
