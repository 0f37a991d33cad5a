import { type ConfigIssue, formatPath, type IssuePlace, type Path, showValue } from './config-error.ts';
import { checkApplications } from './consistency-applications.ts';
import { checkListeners } from './consistency-listeners.ts';
import { checkStore } from './consistency-store.ts';
import type { Report } from './report.ts';
import type { Sections } from './sections.ts';
import { isLoopback } from './values.ts';

/** What no single setting can know: mistakes between settings. Looks at whatever sections are right in themselves. */
export function checkConsistency(sections: Sections, locate: (path: Path) => IssuePlace): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const report: Report = (path, { value, ...rest }) =>
    issues.push({
      path: formatPath(path),
      place: locate(path),
      ...rest,
      ...(value === undefined ? {} : { value: showValue(value) }),
    });
  checkPublicUrl(sections, report);
  checkPlainHttp(sections, report);
  checkListeners(sections, report);
  checkDirectories(sections, report);
  checkApplications(sections, report);
  checkStore(sections, report);
  return issues;
}

function checkPublicUrl({ listen, publicUrl, portal, trustedProxies }: Sections, report: Report): void {
  if (listen === undefined || portal === undefined) return;
  if (publicUrl === undefined) {
    if (!isLoopback(listen.host)) {
      report(['publicUrl'], {
        mistake: 'This is missing: listening beyond this machine, the gateway cannot know what people type.',
        allowed: 'the address as seen from outside, such as https://gateway.example.com',
        remedy: 'Add publicUrl, or listen on localhost.',
      });
    }
  } else if (listen.tls !== undefined && publicUrl.startsWith('http:')) {
    report(['publicUrl'], {
      mistake: 'People would type http://, but listen.tls speaks HTTPS.',
      value: publicUrl,
      allowed: 'an address that begins with https://',
      remedy: 'Begin it with https://, or take listen.tls out.',
    });
  } else if (
    listen.tls === undefined &&
    publicUrl.startsWith('https:') &&
    trustedProxies?.length === 0 &&
    listen.proxyProtocol === undefined
  ) {
    report(['publicUrl'], {
      mistake:
        'Nobody speaks HTTPS for this address: there is neither listen.tls nor a reverse proxy in trustedProxies.',
      value: publicUrl,
      allowed: 'https:// with listen.tls, or with a reverse proxy in front',
      remedy:
        'Set listen.tls, or name the reverse proxy that speaks HTTPS in trustedProxies or listen.proxyProtocol.',
    });
  }
}

function checkPlainHttp(sections: Sections, report: Report): void {
  const { portal, publicUrl, console, allowPlainHttp } = sections;
  if (allowPlainHttp === undefined) return;
  const refuse = (path: Path, host: string): void => {
    const name = host.replace(/^\[|\]$/g, '');
    if (isLoopback(name) || allowPlainHttp.includes(name)) return;
    report(path, {
      mistake: 'By plain HTTP, passwords and sessions of this host can be read and stolen on the way.',
      value: name,
      allowed: 'https://; http:// on this machine alone',
      remedy: `Use https://, or accept the risk by naming ${name} in allowPlainHttp.`,
    });
  };
  if (publicUrl?.startsWith('http:')) refuse(['publicUrl'], new URL(publicUrl).hostname);
  if (console?.publicUrl?.startsWith('http:')) {
    refuse(['console', 'publicUrl'], new URL(console.publicUrl).hostname);
  }
  if (portal === undefined || portal.startsWith('https:')) return;
  for (const [index, application] of sections.each.entries()) {
    if (application?.host !== undefined) refuse(['applications', index, 'host'], application.host);
  }
}

function checkDirectories({ directories }: Sections, report: Report): void {
  if (directories === undefined) return;
  for (const [index, directory] of directories.entries()) {
    const first = directories.findIndex((each) => each.name === directory.name);
    if (first < index) {
      report(['directories', index, 'name'], {
        mistake: `directories[${first}] has this name already.`,
        value: directory.name,
        allowed: 'a name of its own for each directory',
        remedy: 'Take it out.',
      });
    }
    if (directory.type === 'ldap') checkLdap(directory, ['directories', index], report);
  }
}

type Ldap = Extract<NonNullable<Sections['directories']>[number], { type: 'ldap' }>;

function checkLdap(directory: Ldap, at: Path, report: Report): void {
  const { bindDn, passwordFile } = directory;
  checkLdapServers(directory, at, report);
  if ((bindDn === undefined) === (passwordFile === undefined)) return;
  const lacking = bindDn === undefined ? 'bindDn' : 'passwordFile';
  report([...at, lacking], {
    mistake: 'bindDn and passwordFile go together.',
    allowed: 'both or neither',
    remedy: `Add ${lacking}, or take the other one out.`,
  });
}

/** Servers of a directory to which passwords would go in clear. */
export function checkLdapServers(
  { servers, startTls, allowPlain }: Pick<Ldap, 'servers' | 'startTls' | 'allowPlain'>,
  at: Path,
  report: Report,
): void {
  for (const [index, server] of servers.entries()) {
    if (!server.startsWith('ldap:') || startTls || allowPlain) continue;
    report([...at, 'servers', index], {
      mistake: 'Passwords would go to this server where everybody on the way can read them.',
      value: server,
      allowed: 'ldaps://; ldap:// with startTls: true',
      remedy: 'Use ldaps:// or startTls: true, or accept the risk by allowPlain: true.',
    });
  }
}
