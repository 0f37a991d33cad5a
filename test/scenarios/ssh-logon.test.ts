import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { listening, type Running, start } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { installLinuxAgent } from '../support/linux-agent.ts';
import { addMachineAccount, type MachineAccount } from '../support/machine-account.ts';
import { missing, withoutRoot } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password, type Site, startSite } from '../support/site.ts';

const server = 'ssh1.corp.example';

describe('logging on to sshd', {
  skip: withoutRoot() || missing('sshd', 'ssh', 'curl', 'pgrep', 'openssl'),
}, () => {
  const scratch = scratchFolder();
  const file = (name: string): string => join(scratch.path, name);
  const accounts: MachineAccount[] = [];
  let site: Site;
  let sshd: Running;
  let agent: { remove(): Promise<void> };
  let port = 0;

  const account = (name: string): MachineAccount => {
    const made = addMachineAccount(name);
    accounts.push(made);
    made.write('.ssh/authorized_keys', readFileSync(file('key.pub'), 'utf8'), 0o600);
    return made;
  };
  /** What `whoami` says over there; undefined: refused. */
  const whoami = ({ name }: MachineAccount): Promise<string | undefined> =>
    new Promise((done) => {
      const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', `UserKnownHostsFile=${file('known')}`];
      const args = options.flatMap((each) => ['-o', each]);
      execFile(
        'ssh',
        ['-F', 'none', '-i', file('key'), '-p', String(port), ...args, `${name}@127.0.0.1`, 'whoami'],
        (error, output) => done(error === null ? output.trim() : undefined),
      );
    });
  const lastCheck = async () => {
    const { items } = await site.gateway.rooms.store.read<Record<string, string>>('audit', {
      tags: ['type:logon.checked'],
      limit: 1,
    });
    return items[0]?.value;
  };
  const setMode = (rdpLogon: string) => site.gateway.rooms.settings.update('default', { rdpLogon }, 'test');

  before(async () => {
    port = await freePort();
    const tls = makeCertificate(scratch.path);
    const servers = [{ address: '127.0.0.1', name: server }];
    site = await startSite({ tls, config: { applications: [{ name: 'shells', type: 'rdp', servers }] } });
    const { rooms } = site.gateway;
    const creator = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const { secret } = await rooms.apiTokens.create(
      { name: 'ssh1', role: 'logon-check', servers: [server], expiresAt: site.clock.now() + 86_400_000 },
      { creator, actor: creator },
    );
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('key')]);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('host')]);
    for (const name of ['spt-sam', 'spt-rescue']) account(name);
    agent = await installLinuxAgent({
      gateways: [site.origin],
      server,
      token: secret,
      ca: tls.cert,
      service: 'sshd',
      breakGlass: 'root spt-rescue',
    });
    mkdirSync('/run/sshd', { recursive: true });
    writeFileSync(
      file('sshd_config'),
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${file('host')}`,
        `PidFile ${file('sshd.pid')}`,
        'UsePAM yes',
        'PasswordAuthentication no',
        'StrictModes no',
        '',
      ].join('\n'),
    );
    sshd = start('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')]);
    await listening(sshd, port);
    await site.addUser('spt-sam');
  });
  after(async () => {
    await sshd?.stop();
    await agent?.remove();
    for (const each of accounts) await each.remove();
    await site?.stop();
    scratch.remove();
  });

  it('is refused to an enabled user who has not verified, and the gateway hears from where', async () => {
    const [sam] = accounts;
    assert.ok(sam !== undefined);
    assert.equal(await whoami(sam), undefined);
    const check = await lastCheck();
    assert.equal(check?.reason, 'click-needed');
    assert.equal(check?.protocol, 'ssh');
    assert.deepEqual(check?.origin, { address: '127.0.0.1' });
  });

  it('is allowed by a click, once', async () => {
    const [sam] = accounts;
    assert.ok(sam !== undefined);
    const browser = site.client();
    assert.equal((await browser.signIn(sam.name, password)).json?.status, 'done');
    const permit = await browser.call('POST', 'rdp/permit', { application: 'shells', server });
    assert.equal(permit.status, 200, permit.text);
    assert.equal(await whoami(sam), sam.name);
    assert.equal((await lastCheck())?.reason, 'permitted');
    assert.equal((await browser.call('GET', 'session')).json?.state, 'active');
    assert.equal(await whoami(sam), undefined);
  });

  it('after verification, is allowed from the address of the browser alone', async () => {
    const [sam] = accounts;
    assert.ok(sam !== undefined);
    await setMode('after-verification');
    const sessions = await site.gateway.rooms.sessions.list({ limit: 10 });
    const own = sessions.items.find(({ user }) => user.name === sam.name);
    const expected = own?.address === '127.0.0.1' ? 'verified' : 'other-address';
    assert.equal((await whoami(sam)) === sam.name, expected === 'verified');
    assert.equal((await lastCheck())?.reason, expected);
    await setMode('on-request');
  });

  it('never asks about a break-glass account, and refuses everybody else while the gateway is down', async () => {
    const [sam, rescue] = accounts;
    assert.ok(sam !== undefined && rescue !== undefined);
    await setMode('deny');
    await site.gateway.close(0);
    assert.equal(await whoami(rescue), rescue.name);
    assert.equal(await whoami(sam), undefined);
  });
});
