import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { scratchFolder } from '../support/scratch-folder.ts';

const folder = resolve(import.meta.dirname, '../../deploy/agents/linux');
const skip = process.platform === 'linux' ? false : 'needs Linux';

describe('ways around the agent of a server', { skip }, () => {
  /** What the installer would do with this file of PAM, as `diff` tells it. */
  function plan(t: TestContext, pam: string): string {
    const scratch = scratchFolder();
    t.after(() => scratch.remove());
    mkdirSync(join(scratch.path, 'etc/pam.d'), { recursive: true });
    writeFileSync(join(scratch.path, 'etc/pam.d/sshd'), pam);
    writeFileSync(join(scratch.path, 'token'), `spt_0123456789abcdef_${'x'.repeat(43)}\n`);
    const wish = ['--gateway', 'https://gw.example', '--server', 'ts1', '--dry-run'];
    const place = ['--token-file', join(scratch.path, 'token'), '--root', scratch.path];
    return execFileSync('/bin/sh', [join(folder, 'install.sh'), ...wish, ...place], { encoding: 'utf8' });
  }

  for (const rule of [
    'account sufficient pam_localuser.so',
    'account [success=done default=ignore] pam_localuser.so',
    '-account [success=2 default=ignore] pam_sss.so',
  ]) {
    it(`a rule that may end the phase stands below it: ${rule}`, (t) => {
      const before = 'auth x\naccount required pam_nologin.so\n';
      assert.match(plan(t, `${before}${rule}\n@include common-account\n`), /^ {4}2a3,5$/m);
      assert.match(plan(t, `${before}${rule}\naccount include password-auth\n`), /^ {4}2a3,5$/m);
    });
  }

  it('a logon from elsewhere by telnet or rlogin is none of the local console', () => {
    const agent = readFileSync(join(folder, 'logon-agent'), 'utf8');
    const spared = [...agent.matchAll(/^ {2}([a-z0-9 |*-]+)\) exit 0 ;;$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' | '),
    );
    assert.ok(spared.includes('login') && spared.includes('gdm'), spared.join());
    for (const service of [
      'remote',
      'rlogin',
      'rsh',
      'rexec',
      'telnet',
      'vsftpd',
      'sshd',
      'xrdp',
      'other',
      '*',
    ])
      assert.equal(spared.includes(service), false, service);
  });
});
