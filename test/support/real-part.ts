import { spawnSync } from 'node:child_process';

/** Every real program that some scenario needs, with the Debian package that brings it. */
const packages: Record<string, string> = {
  chromium: 'chromium',
  websockify: 'novnc websockify',
  Xvnc: 'tigervnc-standalone-server',
  xterm: 'xterm xfonts-base',
  xsetroot: 'x11-xserver-utils',
  oathtool: 'oathtool',
  haproxy: 'haproxy',
  nginx: 'nginx libnginx-mod-stream',
  caddy: 'caddy',
  wrk: 'wrk',
  'redis-server': 'redis-server',
  slapd: 'slapd',
  curl: 'curl',
  pgrep: 'procps',
  xrdp: 'xrdp xorgxrdp',
  xfreerdp: 'freerdp2-x11',
  Xvfb: 'xvfb',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  samba: 'samba samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind',
};

/**
 * For `describe(name, { skip: missing(...) }, …)`: false when every program is there. On a laptop a missing one
 * is a loud skip that names the command which installs it; in continuous integration it is a failure.
 */
export function missing(...programs: string[]): string | false {
  const absent = programs.filter(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined,
  );
  if (absent.length === 0) return false;
  const names = absent.map((program) => packages[program] ?? program).join(' ');
  const reason = `${absent.join(', ')} not found: run "apt-get install ${names}"`;
  if (process.env.CI === 'true') throw new Error(reason);
  process.stderr.write(`\n*** SKIPPED: ${reason}\n\n`);
  return reason;
}

/** The same for what only root can do, such as adding accounts to the machine. */
export function withoutRoot(): string | false {
  if (process.getuid?.() === 0) return false;
  const reason = 'this needs root';
  if (process.env.CI === 'true') throw new Error(reason);
  process.stderr.write(`\n*** SKIPPED: ${reason}\n\n`);
  return reason;
}
