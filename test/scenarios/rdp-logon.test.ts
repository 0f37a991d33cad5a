import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { deleteAccount } from '../../src/accounts/index.ts';
import { makeCertificate } from '../support/certificate.ts';
import type { Running } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { installLinuxAgent } from '../support/linux-agent.ts';
import { addMachineAccount, type MachineAccount } from '../support/machine-account.ts';
import { openRdpScreen, type RdpScreen } from '../support/rdp-client.ts';
import { missing, withoutRoot } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password, type Site, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { startXrdp, type XrdpServer } from '../support/xrdp-server.ts';

const server = 'ts1.corp.example';
/** Of the desktop, and nothing that xrdp paints. */
const background = 0x1e6e6e;
const picture = resolve(import.meta.dirname, '../../docs/images/rdp-desktop.png');

/** Resolves when `happened` says so; looked at now and again, since other programs bring it about. */
async function eventually(what: string, happened: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 400; round++) {
    if (await happened()) return;
    await pause(50);
  }
  throw new Error(`it did not come to this: ${what}`);
}

describe('logging on to xrdp with an RDP client', {
  skip: withoutRoot() || missing('xrdp', 'xfreerdp', 'Xvfb', 'xterm', 'xsetroot', 'curl', 'pgrep', 'openssl'),
}, () => {
  const scratch = scratchFolder();
  let site: Site;
  let xrdp: XrdpServer;
  let screen: RdpScreen;
  let agent: { remove(): Promise<void> };
  const accounts: MachineAccount[] = [];
  let alice: MachineAccount;
  let walter: MachineAccount;
  let browser: SiteClient;
  let client: Running | undefined;

  const account = (name: string): MachineAccount => {
    const made = addMachineAccount(name);
    accounts.push(made);
    made.write(
      'startwm.sh',
      "#!/bin/sh\nxsetroot -solid '#1e6e6e'\nexec xterm -fn 10x20 -bg '#101718' -fg '#e6efef' -geometry 56x8+60+60 -T desktop -e sh -c 'echo; echo \"  Signed in to ts1.corp.example as $(whoami).\"; exec sleep 600'\n",
      0o755,
    );
    return made;
  };
  const checks = async (name: string): Promise<readonly string[]> => {
    const { items } = await site.gateway.rooms.store.read<Record<string, string>>('audit', {
      tags: ['type:logon.checked'],
      limit: 100,
    });
    return items
      .filter(({ value }) => value.name === name)
      .map(({ value }) => `${value.result} ${value.reason}`);
  };
  const refusals = (who: MachineAccount): number => xrdp.log().split(`AUTHFAIL: user=${who.name} `).length;
  /** Clicks the card as the launcher does. Resolves to the file that the browser would save. */
  const click = async (): Promise<string> => {
    const { json, text } = await browser.call('POST', 'rdp/permit', { application: 'ts', server });
    assert.equal(typeof json?.until, 'string', text);
    return save(json.file);
  };
  const save = (content: string): string => {
    const file = join(scratch.path, 'desktop.rdp');
    writeFileSync(file, Buffer.from(content, 'base64'));
    return file;
  };
  const fileOf = (name: string): string => {
    const text = `\ufefffull address:s:127.0.0.1:${xrdp.port}\r\nusername:s:${name}\r\n`;
    return save(Buffer.from(text, 'utf16le').toString('base64'));
  };
  const showsDesktop = (): boolean => screen.colourAt(900, 560) === background;
  const logsOn = async (who: MachineAccount, file: string): Promise<void> => {
    client = screen.connect(file, who.password);
    await eventually('the desktop is on the screen', showsDesktop);
  };
  const isRefused = async (who: MachineAccount, file: string): Promise<void> => {
    const before = refusals(who);
    client = screen.connect(file, who.password);
    await eventually('xrdp refuses', () => refusals(who) > before);
    assert.equal(showsDesktop(), false);
  };
  const disconnects = async (): Promise<void> => {
    await client?.stop('SIGKILL');
    client = undefined;
    await eventually('the screen is empty', () => !showsDesktop());
  };
  const sessionState = async (): Promise<string | undefined> => {
    const user = (await site.gateway.rooms.local.lookUp(alice.name))?.key ?? '';
    const sessions = await site.gateway.rooms.sessions.listOf({ subscription: 'default', user });
    return sessions.at(-1)?.state.name;
  };

  before(async () => {
    const port = await freePort();
    const tls = makeCertificate(scratch.path);
    const servers = [{ address: `127.0.0.1:${port}`, name: server }];
    site = await startSite({
      tls,
      config: { applications: [{ name: 'ts', title: 'Terminal server', type: 'rdp', servers }] },
    });
    const { rooms } = site.gateway;
    const creator = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const { secret } = await rooms.apiTokens.create(
      { name: 'ts1', role: 'logon-check', servers: [server], expiresAt: site.clock.now() + 86_400_000 },
      { creator, actor: creator },
    );
    agent = await installLinuxAgent({
      gateways: [`https://localhost:${await freePort()}`, site.origin],
      server,
      token: secret,
      ca: tls.cert,
      service: 'xrdp-sesman',
    });
    alice = account('spt-alice');
    walter = account('spt-walter');
    xrdp = await startXrdp(scratch.path, port);
    screen = await openRdpScreen(scratch.path);
    await site.addUser(alice.name);
    await site.addUser(walter.name);
  });
  afterEach(() => client?.stop('SIGKILL'));
  after(async () => {
    await screen?.stop();
    for (const each of accounts) await each.logOff();
    await xrdp?.stop();
    await agent?.remove();
    for (const each of accounts) await each.remove();
    await site?.stop();
    scratch.remove();
  });

  it('is refused to an enabled user who has not verified', async () => {
    await isRefused(alice, fileOf(alice.name));
    assert.deepEqual(await checks(alice.name), ['refused click-needed']);
    assert.deepEqual(alice.processes(), []);
    await disconnects();
  });

  it('shows the desktop after verifying and a click, which makes the 2FA session active', async () => {
    browser = site.client();
    assert.equal((await browser.signIn(alice.name, password)).json?.status, 'done');
    assert.equal(await sessionState(), 'granted');
    await logsOn(alice, await click());
    assert.equal((await checks(alice.name))[0], 'allowed permitted');
    assert.equal(await sessionState(), 'active');
    // What the terminal says, which comes a moment after the background.
    await eventually('the terminal has text', () =>
      Array.from({ length: 400 }, (_, x) => screen.colourAt(84 + x, 94)).some(
        (colour) => colour === 0xe6efef,
      ),
    );
    if (process.env.IMAGES === 'write') writeFileSync(picture, screen.picture());
    await disconnects();
  });

  it('goes on where it was after a disconnection, without another click', async () => {
    const kept = alice.processes();
    assert.ok(kept.length > 0);
    await logsOn(alice, fileOf(alice.name));
    assert.equal((await checks(alice.name))[0], 'allowed reconnect');
    assert.ok(kept.some((id) => alice.processes().includes(id)));
    await disconnects();
  });

  it('is refused a second time without a click, once the first one has logged off', async () => {
    await alice.logOff();
    await isRefused(alice, fileOf(alice.name));
    assert.equal((await checks(alice.name))[0], 'refused click-needed');
    await disconnects();
  });

  it('lets in without a click who is on the RDP whitelist', async () => {
    const { rooms } = site.gateway;
    const user = await rooms.local.lookUp(walter.name);
    assert.ok(user !== undefined);
    await rooms.rdpWhitelist.put('default', user, { reason: 'a thin client' }, 'test');
    await logsOn(walter, fileOf(walter.name));
    assert.equal((await checks(walter.name))[0], 'allowed whitelisted');
    await disconnects();
    await walter.logOff();
  });

  it('is refused on reconnect to a user who has been removed meanwhile', async () => {
    await logsOn(alice, await click());
    await disconnects();
    const { rooms } = site.gateway;
    const user = (await rooms.local.lookUp(alice.name))?.key ?? '';
    await deleteAccount(rooms.administration, user, 'test');
    await isRefused(alice, fileOf(alice.name));
    assert.equal((await checks(alice.name))[0], 'refused unknown-user');
    await disconnects();
  });

  it('is refused to everybody while no gateway answers', async () => {
    await site.gateway.close(0);
    await isRefused(walter, fileOf(walter.name));
    assert.deepEqual(walter.processes(), []);
  });
});
