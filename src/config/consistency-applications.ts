import type { Path } from './config-error.ts';
import type { Report } from './report.ts';
import { desktopServerName } from './resolve-remote-desktop.ts';
import type { ParsedRemoteDesktop } from './schema.ts';
import type { Sections } from './sections.ts';

type Application = NonNullable<Sections['each'][number]>;

/** What of an application can contradict itself. */
export type CheckedApplication = {
  readonly path: string;
  readonly servers: readonly (string | { readonly url: string; readonly tls?: object })[];
  readonly sessionPaths: readonly string[];
  readonly signOutPaths: readonly string[];
};

/** Mistakes within and between applications. */
export function checkApplications(sections: Sections, report: Report): void {
  checkNamesAndRoutes(sections, report);
  for (const [index, application] of sections.each.entries()) {
    if (application !== undefined) checkApplication(application, ['applications', index], report);
  }
  for (const [index, desktop] of sections.desktops.entries()) {
    if (desktop !== undefined) checkRemoteDesktop(desktop, ['applications', index], report);
  }
}

/** A card names its server: two of one name would permit each other's logons. */
function checkRemoteDesktop({ servers }: ParsedRemoteDesktop, at: Path, report: Report): void {
  const names = servers.map(desktopServerName);
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first === index) continue;
    report([...at, 'servers', index], {
      mistake: `servers[${first}] of this application has this name already.`,
      value: name,
      allowed: 'each server once',
      remedy: 'Take it out, or give it a name of its own.',
    });
  }
}

function checkNamesAndRoutes({ each, desktops, portal, demo }: Sections, report: Report): void {
  const names = new Map<string, number>();
  const routes = new Map<string, number>();
  const portalHost = portal === undefined ? '' : new URL(portal).hostname;
  for (const [index, application] of each.entries()) {
    const name = application?.name ?? desktops[index]?.name;
    if (name === undefined) continue;
    const sameName = names.get(name);
    if (sameName !== undefined) {
      report(['applications', index, 'name'], {
        mistake: `applications[${sameName}] has this name already.`,
        value: name,
        allowed: 'a name of its own for each application',
        remedy: 'Choose another name.',
      });
    } else names.set(name, index);
    if (application === undefined) continue;
    if (demo === true) checkBesideDemo(application, index, portalHost, report);
    const host = application.host ?? portalHost;
    // Lenient servers fold case, so two routes that differ by it alone would be ambiguous.
    const route = `${host}${application.path}`.toLowerCase();
    const sameRoute = routes.get(route);
    if (sameRoute !== undefined) {
      report(['applications', index, 'path'], {
        mistake: `applications[${sameRoute}] has this host and path already.`,
        value: application.path,
        allowed: 'another host or path for each application',
        remedy: 'Choose another path, or give the application a host of its own.',
      });
    } else routes.set(route, index);
  }
}

/** The demonstration is an application too: `demo`, at the root of the portal's host. */
function checkBesideDemo(
  { name, host, path }: Application,
  index: number,
  portalHost: string,
  report: Report,
): void {
  const remedy = 'Change this, or switch demo off.';
  if (name === 'demo') {
    report(['applications', index, 'name'], {
      mistake: 'The demonstration has this name, and demo is on.',
      value: name,
      allowed: 'another name',
      remedy,
    });
  }
  if (path === '/' && (host ?? portalHost) === portalHost) {
    report(['applications', index, 'path'], {
      mistake: 'The demonstration is at this host and path, and demo is on.',
      value: path,
      allowed: 'another host or path',
      remedy,
    });
  }
}

/** Mistakes within one application, which stands at `at`. */
export function checkApplication(application: CheckedApplication, at: Path, report: Report): void {
  const addresses = application.servers.map((server) => (typeof server === 'string' ? server : server.url));
  for (const [index, address] of addresses.entries()) {
    const server = application.servers[index];
    const first = addresses.indexOf(address);
    if (first < index) {
      report([...at, 'servers', index], {
        mistake: `servers[${first}] of this application has this address already.`,
        value: address,
        allowed: 'each server once',
        remedy: 'Take it out; a server that shall get more users gets a higher weight.',
      });
    }
    if (typeof server === 'object' && server.tls !== undefined && !address.startsWith('https:')) {
      report([...at, 'servers', index, 'tls'], {
        mistake: 'This server is reached by http://, where nothing is encrypted or verified.',
        value: address,
        allowed: 'tls only with an address that begins with https://',
        remedy: 'Begin the address with https://, or take tls out.',
      });
    }
  }
  for (const key of ['sessionPaths', 'signOutPaths'] as const) {
    for (const [index, path] of application[key].entries()) {
      if (application.path === '/' || path === application.path || path.startsWith(`${application.path}/`))
        continue;
      report([...at, key, index], {
        mistake: 'No request to this path ever reaches this application.',
        value: path,
        allowed: `a path at or below ${application.path}`,
        remedy: `Begin it with ${application.path}/.`,
      });
    }
  }
}
