import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ApplicationConfig, ServerConfig } from './config.ts';
import { checkApplication } from './consistency-applications.ts';
import { judgeStored, type StoredVerdict } from './judge-stored.ts';
import type { Report } from './report.ts';
import { resolveApplication } from './resolve.ts';
import { application, serverObject, serverTls, serverUrl } from './schema-applications.ts';
import { setting } from './setting.ts';
import { certificates } from './stored-certificates.ts';
import { isLoopback } from './values.ts';

const server = z.union([
  serverUrl.transform((url) => ({ url, weight: 1, drain: false })),
  serverObject.extend({ tls: serverTls.extend({ ca: certificates }).exactOptional() }),
]);

/** An application that is kept in the store: as in the file, but for certificates, which stand there themselves. */
export const storedApplication = application.extend({
  servers: setting(z.array(server).min(1).max(1000), {
    description: 'Its application servers. A user stays with one server while it is healthy.',
    allowed: 'a list of at least one address',
    remedy: 'Name at least one server, like http://10.0.0.11:8080.',
  }),
});

export type StoredApplicationInput = z.input<typeof storedApplication>;
export type ParsedStoredApplication = z.output<typeof storedApplication>;

/** What an application has to fit in with: the file, and what else is stored. */
export type ApplicationSurroundings = {
  readonly publicUrl: string;
  readonly demo: boolean;
  readonly allowPlainHttp: readonly string[];
  readonly applications: readonly Pick<ApplicationConfig, 'name' | 'host' | 'path' | 'servers' | 'allow'>[];
};

/**
 * Judges an application as if it stood in the file, after those that are there: names and routes of others are taken,
 * so that none of the file ever yields.
 */
export function judgeApplication(
  input: unknown,
  surroundings: ApplicationSurroundings,
): StoredVerdict<ParsedStoredApplication> {
  return judgeStored('applications', storedApplication, input, (value, report, taken) => {
    checkApplication(value, [], report);
    checkHost(value, surroundings, report);
    const { name, route } = takenBy(value, surroundings);
    const narrower = widens(value, surroundings.applications);
    if (narrower !== undefined) {
      report(['allow'], {
        mistake: `The application ${narrower} has paths of the same server for fewer people.`,
        allowed: `the allow of ${narrower}`,
        remedy: 'Name the same people, another path, or another server.',
      });
    }
    const allowed = 'what no other application has';
    if (name) {
      taken(['name'], {
        mistake: 'Another application has this name.',
        value: value.name,
        allowed,
        remedy: 'Choose another name.',
      });
    }
    if (route !== undefined) {
      taken(['path'], {
        mistake: `The application ${route} has this host and path.`,
        value: value.path,
        allowed,
        remedy: 'Choose another path, or give it a host of its own.',
      });
    }
  });
}

type Opening = {
  readonly path: string;
  readonly servers: readonly { readonly url: string }[];
  readonly allow?: object;
};

/**
 * The application whose `allow` this one would be a way around: one of its servers, with paths of it, for others. Paths
 * are passed on unchanged, so that applications whose paths have nothing in common can't reach each other's.
 */
export function widens(
  wanted: Opening,
  applications: readonly (Opening & { readonly name: string })[],
): string | undefined {
  const urls = new Set(wanted.servers.map(({ url }) => url));
  const around = applications.find(
    ({ path, servers, allow }) =>
      allow !== undefined &&
      servers.some(({ url }) => urls.has(url)) &&
      (isBelow(path, wanted.path) || isBelow(wanted.path, path)) &&
      !isDeepStrictEqual(plainly(allow), plainly(wanted.allow)),
  );
  return around?.name;
}

/** Servers that fold case read `/Desk` as `/desk`. */
function isBelow(path: string, prefix: string): boolean {
  const [below, above] = [path.toLowerCase(), prefix.toLowerCase()];
  return above === '/' || below === above || below.startsWith(`${above}/`);
}

const plainly = (allow: object | undefined): unknown => (allow === undefined ? undefined : { ...allow });

type Routed = Pick<ApplicationConfig, 'name' | 'path'> & { readonly host?: string | undefined };

/** Whether the name is somebody's, and whose the route is. Servers that fold case make paths alike. */
export function takenBy(
  wanted: Routed,
  { publicUrl, demo, applications }: Pick<ApplicationSurroundings, 'publicUrl' | 'demo' | 'applications'>,
): { readonly name: boolean; readonly route: string | undefined } {
  const portal = new URL(publicUrl).hostname;
  const routeOf = ({ host, path }: Routed): string => `${host ?? portal}${path}`.toLowerCase();
  return {
    // Of its route, the demonstration gives way: it stands there only until there is something better.
    name: (demo && wanted.name === 'demo') || applications.some(({ name }) => name === wanted.name),
    route: applications.find((other) => routeOf(other) === routeOf(wanted))?.name,
  };
}

function checkHost(
  { host }: ParsedStoredApplication,
  { publicUrl, allowPlainHttp }: ApplicationSurroundings,
  report: Report,
): void {
  if (host === undefined || !publicUrl.startsWith('http:')) return;
  if (isLoopback(host) || allowPlainHttp.includes(host)) return;
  report(['host'], {
    mistake: 'By plain HTTP, passwords and sessions of this host can be read and stolen on the way.',
    value: host,
    allowed: 'https://; http:// on this machine alone',
    remedy: `Serve the gateway by https://, or name ${host} in allowPlainHttp.`,
  });
}

/** The stored application as the configuration would have it. */
export function resolveStoredApplication(
  parsed: ParsedStoredApplication,
  publicUrl: string,
): ApplicationConfig {
  const { servers, ...rest } = parsed;
  const resolved = resolveApplication({ ...rest, servers: [] }, publicUrl, (_path, value) => value);
  return { ...resolved, servers: servers.map(serverOf) };
}

function serverOf({ tls, ...server }: ParsedStoredApplication['servers'][number] & Tls): ServerConfig {
  if (tls === undefined) return server;
  const { ca, ...rest } = tls;
  return { ...server, tls: { ...rest, ...(ca === undefined ? {} : { authorities: ca }) } };
}

type Tls = { readonly tls?: z.output<typeof serverTls> };
