import { formatPath, type Path } from './config-error.ts';
import { consoleOrigin } from './public-origins.ts';
import type { Report } from './report.ts';
import type { Sections } from './sections.ts';
import { isLoopback } from './values.ts';

type Tls = NonNullable<NonNullable<Sections['listen']>['tls']>;
type Files = Omit<Tls, 'more'>;

/** Mistakes within and between listeners. */
export function checkListeners(sections: Sections, report: Report): void {
  checkPorts(sections, report);
  checkConsole(sections, report);
  checkRedirect(sections, report);
  checkCertificates(sections.listen?.tls, ['listen', 'tls'], report);
  checkCertificates(sections.console?.tls, ['console', 'tls'], report);
}

function checkCertificates(tls: Tls | undefined, at: Path, report: Report): void {
  if (tls === undefined) return;
  checkFiles(tls, at, report);
  for (const [index, files] of tls.more.entries()) checkFiles(files, [...at, 'more', index], report);
}

const everyAddress = new Set(['0.0.0.0', '::']);

/** Two names for this machine count as one; so does an address that stands for all. */
function sameAddress(one: string, other: string): boolean {
  if (everyAddress.has(one) || everyAddress.has(other)) return true;
  return one === other || (isLoopback(one) && isLoopback(other));
}

type Place = { readonly path: Path; readonly host: string; readonly port: number };

function checkPorts({ listen, console, management }: Sections, report: Report): void {
  const places: Place[] = [];
  const add = (path: Path, host: string | undefined, port: number | undefined): void => {
    if (host !== undefined && port !== undefined) places.push({ path, host, port });
  };
  add(['listen', 'port'], listen?.host, listen?.port);
  add(['listen', 'redirectFrom'], listen?.host, listen?.redirectFrom);
  add(['console', 'port'], console?.host, console?.port);
  add(['management', 'port'], management?.host, management?.port);
  for (const [index, { path, host, port }] of places.entries()) {
    const taken = places
      .slice(0, index)
      .find((other) => port !== 0 && other.port === port && sameAddress(other.host, host));
    if (taken === undefined) continue;
    const name = taken.path[1] === 'port' ? taken.path[0] : taken.path.join('.');
    report(path, {
      mistake: `${name} already listens there.`,
      value: port,
      allowed: 'a port of its own for each listener',
      // One of the two may be a default, and stand nowhere in the file.
      remedy: `Set another port for ${formatPath(path)}, or for ${formatPath(taken.path)}.`,
    });
  }
}

function checkConsole({ portal, console }: Sections, report: Report): void {
  if (portal === undefined || console === undefined || console.port === 0) return;
  if (consoleOrigin(console) === portal) {
    report(['console', 'publicUrl'], {
      mistake: 'This is the origin of publicUrl too, so that pages of applications could reach the console.',
      value: consoleOrigin(console),
      allowed: 'another host or port than publicUrl',
      remedy: 'Give the console a host or a port of its own.',
    });
  }
}

function checkRedirect({ listen, portal }: Sections, report: Report): void {
  if (listen?.redirectFrom === undefined || portal === undefined || portal.startsWith('https:')) return;
  report(['listen', 'redirectFrom'], {
    mistake: 'There is nothing to send people on to: publicUrl is not https://.',
    value: listen.redirectFrom,
    allowed: 'a port, where publicUrl begins with https://',
    remedy: 'Take redirectFrom out, or set listen.tls and publicUrl.',
  });
}

/** One certificate: either `cert` with `key`, or `pfx`. */
function checkFiles({ cert, key, pfx }: Files, at: Path, report: Report): void {
  const allowed = 'cert and key, or pfx';
  const lacks = (name: string, beside: string): void =>
    report([...at, name], {
      mistake: `This is missing: ${beside} goes with it.`,
      allowed,
      remedy: `Add ${name}, the path of a file.`,
    });
  if (pfx !== undefined && (cert !== undefined || key !== undefined)) {
    report([...at, 'pfx'], {
      mistake: 'Beside pfx stands another certificate or key, and only one of them can be shown.',
      allowed,
      remedy: 'Take pfx out, or cert and key; further certificates belong under listen.tls.more.',
    });
  } else if (cert !== undefined && key === undefined) lacks('key', 'cert');
  else if (key !== undefined && cert === undefined) lacks('cert', 'key');
  else if (pfx === undefined && cert === undefined) {
    report(at, {
      mistake: 'This names no certificate.',
      allowed,
      remedy: 'Add cert and key, or pfx.',
    });
  }
}
