import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { type CommandSite, commandSite } from '../cli/command-site.ts';
import { openSiteRooms } from '../cli/site-rooms.ts';
import { startApplicationServer } from '../support/application-server.ts';
import { password } from '../support/site.ts';
import { SiteClient, type Tunnel } from '../support/site-client.ts';

/** The gateway as a process of its own, started as an administrator starts it. */
async function serve(site: CommandSite, until: RegExp) {
  const child = site.start(['serve']);
  const exited = once(child, 'exit');
  let printed = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  while (!until.test(printed)) {
    const ended = await Promise.race([exited, once(child.stderr ?? child, 'data').then(() => undefined)]);
    assert.equal(ended, undefined, printed);
  }
  return {
    printed: () => printed,
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      assert.deepEqual(await exited, [0, null], printed);
    },
  };
}

/** Resolves when it happens, from now on within the second that the product promises; rejects otherwise. */
async function withinASecond(happens: Promise<unknown>, what: string): Promise<void> {
  const late = new AbortController();
  const inTime = await Promise.race([
    happens.then(() => true),
    pause(1000, false, { signal: late.signal }).catch(() => false),
  ]);
  late.abort();
  assert.ok(inTime, `${what}: not within a second`);
}

/** As often as somebody would press reload. */
async function becomes(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await pause(20);
}

/** Someone at work: signed in, with an open remote session. */
type Worker = { readonly name: string; readonly client: SiteClient; readonly tunnel: Tunnel };

async function begin(client: SiteClient, name: string): Promise<Worker> {
  const done = await client.signIn(name, password);
  assert.equal(done.json?.status, 'done', done.text);
  const tunnel = await client.open('/desk/ws');
  await echoes(tunnel);
  return { name, client, tunnel };
}

async function echoes(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}

const pageOf = async (client: SiteClient): Promise<number> => (await client.get('/desk/page')).status;

it('the command line beside a running gateway, both as processes of their own', async (t: TestContext) => {
  const application = await startApplicationServer();
  t.after(() => application.close());
  const site = await commandSite(t);
  site.configure({ applications: [{ name: 'desk', path: '/desk', servers: [application.url] }] });
  const port = Number(new URL(site.url).port);
  const visitor = (): SiteClient => new SiteClient(port, systemClock);
  const run = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await site.run(args);
    assert.equal(code, 0, `${args.join(' ')}: ${err}`);
    return out;
  };

  let gateway = await serve(site, /owner#[\w-]{32}/);
  const owner = visitor();
  const [, ticket] = /owner#([\w-]{32})/.exec(gateway.printed()) ?? [];
  await owner.call('POST', 'owner', { ticket, username: 'olivia', password });
  assert.equal((await owner.enrol()).json?.status, 'done');

  const names = ['anna', 'bert', 'carl', 'dora', 'emil', 'faye'];
  const { rooms, close } = await openSiteRooms(site);
  for (const name of names) await rooms.local.create({ name, password }, 'test');
  await close();
  // Nobody does anything to bert: his remote session lives through all of this.
  const bert = await begin(visitor(), 'bert');

  await t.test('a reset closes the tunnels of that user within a second, and of nobody else', async () => {
    const anna = await begin(visitor(), 'anna');
    const oldKey = anna.client.secret;
    assert.equal(await run('user', 'reset', 'anna'), 'anna was reset.\n');
    await withinASecond(anna.tunnel.closed, 'the tunnel closes');
    assert.equal(await pageOf(anna.client), 401);

    const begun = await anna.client.call('POST', 'sign-in', { username: 'anna', password });
    assert.equal(begun.json.status, 'enrol', 'they stay enabled');
    assert.equal((await anna.client.enrol()).json.status, 'done');
    assert.notEqual(anna.client.secret, oldKey);
    assert.equal(await pageOf(anna.client), 200);
    await echoes(bert.tunnel);
  });

  await t.test('a reset with a ticket lets in only who was told the ticket', async () => {
    const [, ticket] = /^faye\t(\S+)$/m.exec(await run('user', 'reset', '--ticket', 'faye')) ?? [];
    const faye = visitor();
    const begun = await faye.call('POST', 'sign-in', { username: 'faye', password });
    assert.equal(begun.json.status, 'enrol');
    assert.equal((await faye.call('POST', 'enrol/app', {})).json.code, 'ticket-required');
    const wrong = await faye.call('POST', 'enrol/app', { ticket: 'AAAA-BBBB-CCCC-DDDD' });
    assert.equal(wrong.json.code, 'invalid-ticket');
    assert.equal((await faye.call('POST', 'enrol/app', { ticket })).status, 200);
    assert.equal((await faye.enrol()).json.status, 'done');
    assert.equal(await pageOf(faye), 200);
  });

  await t.test('a removal closes them too, and nobody of that name is left', async () => {
    const carl = await begin(visitor(), 'carl');
    assert.equal(await run('user', 'remove', 'carl'), 'carl was removed.\n');
    await withinASecond(carl.tunnel.closed, 'the tunnel closes');
    const again = await carl.client.call('POST', 'sign-in', { username: 'carl', password });
    assert.equal(again.json.code, 'invalid-credentials');
    await echoes(bert.tunnel);
  });

  await t.test('a changed setting is in effect within a second', async () => {
    await run('settings', 'set', 'digits', '8');
    const dora = visitor();
    const digitsAskedFor = async (): Promise<number> => {
      const begun = await dora.call('POST', 'sign-in', { username: 'dora', password });
      return begun.json.methods[0].digits;
    };
    await withinASecond(
      becomes(async () => (await digitsAskedFor()) === 8),
      'the number of digits',
    );
    await run('settings', 'set', 'digits', '--default');

    // Without two factors whoever has the password is in; with them again, they are out again at once.
    await run('settings', 'set', 'enabled', 'off');
    // By the password alone: a try that comes before the change must not enrol.
    const byPassword = async (): Promise<boolean> => {
      const { json } = await dora.call('POST', 'sign-in', { username: 'dora', password });
      return json.status === 'done';
    };
    await withinASecond(becomes(byPassword), 'the switch');
    const tunnel = await dora.open('/desk/ws');
    await run('settings', 'set', 'enabled', 'on');
    await withinASecond(tunnel.closed, 'the end of a password-only session');
    assert.equal(await pageOf(dora), 401);
    await echoes(bert.tunnel);
  });

  await t.test('a backup is whole while the gateway writes, and says so', async () => {
    const emil = visitor();
    await emil.call('POST', 'sign-in', { username: 'emil', password });
    assert.equal((await emil.enrol()).json.status, 'done');
    let writing = true;
    let opened = 0;
    const work = (async () => {
      for (; writing; opened += 1) (await emil.open('/desk/ws')).close();
    })();
    const file = join(site.folder, 'backup.db');
    assert.match(await run('backup', file), /^The store was copied to /);
    writing = false;
    await work;
    assert.ok(opened > 0, 'nothing was written meanwhile');
    const checked = await run('restore', '--check', file);
    assert.match(checked, /^Local users: 6\./m);
    assert.match(checked, /whole, and the master key opens it/);
    // It can't replace the store of a gateway that runs.
    const refused = await site.run(['restore', file, '--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /in use by another process/);
    await echoes(bert.tunnel);
  });

  await t.test('new keys for sealing and for signing leave every session as it is', async () => {
    const keyFile = join(site.dataDir, 'master.key');
    const before = readFileSync(keyFile, 'utf8');
    let rotating = true;
    const rotation = run('keys', 'rotate').finally(() => {
      rotating = false;
    });
    // All the while people come and go.
    const dora = visitor();
    await dora.call('POST', 'sign-in', { username: 'dora', password });
    assert.equal((await dora.enrol()).json.status, 'done');
    for (; rotating; await pause(50)) {
      assert.equal(await pageOf(bert.client), 200);
      assert.equal(await pageOf(dora), 200);
      await echoes(bert.tunnel);
    }
    assert.match(await rotation, /^\d+ documents were sealed anew\.$/m);
    assert.notEqual(readFileSync(keyFile, 'utf8'), before);
    const keys = readFileSync(keyFile, 'utf8').split('\n');
    assert.equal(
      keys.filter((line) => line !== '' && !line.startsWith('#')).length,
      1,
      'the old one is gone',
    );

    // What was enrolled before opens with the new keys, in this process and in the next.
    const again = await dora.call('POST', 'sign-in', { username: 'emil', password });
    assert.equal(again.json.status, 'verify');
    bert.tunnel.close();
    await bert.tunnel.closed;
    await gateway.stop();
    gateway = await serve(site, /is open at/);
    assert.equal(await pageOf(bert.client), 200, 'a session outlives the restart');
    const bertAgain = visitor();
    bertAgain.secret = bert.client.secret;
    await bertAgain.call('POST', 'sign-in', { username: 'bert', password });
    const code = bertAgain.code(1);
    const done = await bertAgain.call('POST', 'sign-in/verify', { method: 'app', code });
    assert.equal(done.json.status, 'done', done.text);
  });

  await t.test('signing keys that go at once take everybody with them, within a second', async () => {
    await run('keys', 'rotate', '--signing', '--at-once');
    await withinASecond(
      becomes(async () => (await pageOf(bert.client)) === 401),
      'the end of old tokens',
    );
  });

  await t.test(
    'an owner who is locked out comes back by a link, and whoever held the account is out',
    async () => {
      const thief = visitor();
      thief.secret = owner.secret;
      await thief.call('POST', 'sign-in', { username: 'olivia', password });
      const held = await thief.call('POST', 'sign-in/verify', { method: 'app', code: thief.code(1) });
      assert.equal(held.json.status, 'done', held.text);
      const tunnel = await thief.open('/desk/ws');

      const [, link] = /recover#([\w-]{32})\/olivia\n$/.exec(await run('admin', 'recover', 'olivia')) ?? [];
      await withinASecond(tunnel.closed, 'the tunnel closes');
      const fresh = visitor();
      const wish = { ticket: link, username: 'olivia', password: `new ${password}` };
      assert.equal((await fresh.call('POST', 'owner', wish)).json.status, 'enrol');
      assert.equal((await fresh.enrol()).json.status, 'done');
      assert.equal(await pageOf(fresh), 200);
      const twice = await visitor().call('POST', 'owner', wish);
      assert.equal(twice.json.code, 'invalid-ticket');
    },
  );

  await gateway.stop();
});
