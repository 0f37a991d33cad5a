import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { connect } from 'node:tls';
import { makeCertificate } from '../support/certificate.ts';
import { type CommandSite, commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

/** A running gateway as a process of its own: what it printed, and its log as it comes. */
async function serve(site: CommandSite) {
  const child = site.start(['serve']);
  assert.ok(child.stdout && child.stderr);
  const exited = once(child, 'exit');
  const printed: string[] = [];
  const logged: Record<string, unknown>[] = [];
  const log = createInterface({ input: child.stdout });
  log.on('line', (line) => logged.push(JSON.parse(line)));
  const messages = createInterface({ input: child.stderr });
  const open = new Promise<void>((resolve) => {
    messages.on('line', (line) => {
      printed.push(line);
      if (line.includes('is open at')) resolve();
    });
  });
  await Promise.race([
    open,
    exited.then(() => {
      throw new Error(`the gateway did not start: ${printed.join('\n')}`);
    }),
  ]);
  /** The next, or an earlier, line of the log with this message. */
  const line = async (message: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = logged.find(({ msg }) => msg === message);
      if (found !== undefined) return found;
      await once(log, 'line');
    }
  };
  return { child, exited, printed, logged, line, pid: child.pid ?? 0 };
}

async function upstream(t: TestContext, text: string): Promise<string> {
  const server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

describe('serve', () => {
  it('starts on a fresh folder, prints the link of the owner, refuses everybody else, and stops with 0', async (t) => {
    const site = await commandSite(t);
    const { exited, printed, logged, child, line } = await serve(site);
    const link =
      printed.find((each) => each.includes('/.sallyport/owner#')) ?? (await lineOf(child, /owner#/));
    assert.match(link, new RegExp(`${site.url}/\\.sallyport/owner#[\\w-]{32}$`));
    assert.equal((await fetch(`${site.url}/.sallyport/api/v1/session`)).status, 401);
    const refused = await fetch(`${site.url}/`, {
      redirect: 'manual',
      headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' },
    });
    assert.notEqual(refused.status, 200);
    await line('gateway.started');
    assert.equal(JSON.stringify(logged).includes(link.split('#')[1] ?? '#'), false, 'the link is in the log');
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
    await line('gateway.stopped');
  });

  it('stops at Ctrl+C with 0 too, and starts again on the same store', async (t) => {
    const site = await commandSite(t);
    for (let round = 0; round < 2; round += 1) {
      const { child, exited } = await serve(site);
      child.kill('SIGINT');
      assert.deepEqual(await exited, [0, null]);
    }
  });

  it('finishes what is under way although one Ctrl+C arrives twice, as it does under npm', async (t) => {
    const site = await commandSite(t);
    const { child, exited, line } = await serve(site);
    const { hostname, port } = new URL(site.url);
    const asking = request({
      host: hostname,
      port,
      method: 'POST',
      path: '/.sallyport/api/v1/sign-in',
      headers: {
        'content-type': 'application/json',
        'content-length': 2,
        expect: '100-continue',
        origin: site.url,
      },
    });
    asking.flushHeaders();
    // The gateway waits for the body now.
    await once(asking, 'continue');
    child.kill('SIGINT');
    await line('stopping');
    child.kill('SIGINT');
    asking.end('{}');
    const [answer] = await once(asking, 'response');
    answer.resume();
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(await exited, [0, null]);
  });

  it('takes over changed applications on reload, and names what needs a restart', async (t) => {
    const site = await commandSite(t);
    const servers = [await upstream(t, 'one')];
    const { logged, line } = await serve(site);
    const same = await site.run(['reload']);
    assert.deepEqual([same.code, same.out], [0, 'The gateway took over the configuration.\n']);
    site.configure({
      applications: [{ name: 'desk', path: '/', servers }],
      trustedNetworks: ['10.0.0.0/8'],
      trustedProxies: ['10.0.0.1'],
      closeWhenStoreLostFor: 60,
    });
    const changed = await site.run(['reload']);
    assert.equal(changed.code, 0, changed.err);
    assert.match(changed.err, /need a restart: closeWhenStoreLostFor$/m);
    assert.equal(logged.filter(({ msg }) => msg === 'gateway.reloaded').length, 2);
    await line('changed settings that need a restart');
  });

  it('keeps its configuration when the changed one has mistakes', async (t) => {
    const site = await commandSite(t);
    const { child, line } = await serve(site);
    site.configure({ applications: [{ name: 'desk' }] });
    const refused = await site.run(['reload']);
    assert.equal(refused.code, 78);
    assert.match(refused.err, /applications\[0\]/);
    if (process.platform !== 'win32') {
      child.kill('SIGHUP');
      await line('the changed configuration was not taken over');
    }
    assert.equal((await fetch(`${site.url}/.sallyport/api/v1/session`)).status, 401);
  });

  it('takes over a renewed certificate on reload, and keeps the old one when the new one does not work', async (t) => {
    const site = await commandSite(t);
    const { cert, key } = makeCertificate(site.folder, 'site', 'one');
    const port = Number(new URL(site.url).port);
    site.configure({
      listen: { host: '127.0.0.1', port, tls: { cert, key } },
      publicUrl: `https://localhost:${port}`,
    });
    const shown = async (): Promise<unknown> => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      return subject.CN;
    };
    await serve(site);
    assert.equal(await shown(), 'one');
    makeCertificate(site.folder, 'site', 'two');
    assert.equal((await site.run(['reload'])).code, 0);
    assert.equal(await shown(), 'two');
    const other = makeCertificate(site.folder, 'other', 'three');
    site.configure({
      listen: { host: '127.0.0.1', port, tls: other },
      publicUrl: `https://localhost:${port}`,
    });
    const moved = await site.run(['reload']);
    assert.deepEqual([moved.code, moved.err], [0, ''], 'nothing of it waits for a restart');
    assert.equal(await shown(), 'three');
    writeFileSync(other.cert, 'broken');
    const refused = await site.run(['reload']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /kept its configuration: certificate-unusable: .*PEM/);
    assert.equal(await shown(), 'three');
  });

  it('says clearly why it does not start', async (t) => {
    const site = await commandSite(t);
    const blocker = createServer().listen(Number(new URL(site.url).port), '127.0.0.1');
    await once(blocker, 'listening');
    const taken = await site.run(['serve']);
    blocker.close();
    assert.equal(taken.code, 1);
    assert.match(taken.err, /can't listen on .*in use/i);

    writeFileSync(join(site.folder, 'a-file'), '');
    site.configure({ dataDir: 'a-file' });
    const noFolder = await site.run(['serve']);
    assert.equal(noFolder.code, 1);
    assert.match(noFolder.err, /^.*a-file can't be used: a file is where a folder should be\.$/m);

    mkdirSync(join(site.folder, 'other'));
    writeFileSync(
      join(site.folder, 'other', 'sallyport.db'),
      'this is no database at all, whatever its name says',
    );
    site.configure({ dataDir: 'other' });
    const noStore = await site.run(['serve']);
    assert.equal(noStore.code, 1);
    assert.match(noStore.err, /sallyport\.db can't be used: .*\n.*not a database/);
  });

  it('says that nobody answered when no gateway runs', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    const { code, err } = await site.run(['reload']);
    assert.equal(code, 1);
    assert.match(err, /No gateway answered/);
  });
});

describe('a command beside a running gateway', () => {
  it('takes effect in it at once: settings, sessions, keys', async (t) => {
    const site = await commandSite(t);
    await site.runHere(['init']);
    await site.runHere(['user', 'add', 'erin', '--password-stdin'], 'correct horse battery staple');
    // The rooms of a gateway, in this process; the commands are others.
    const { rooms, close } = await openSiteRooms(site);
    t.after(close);
    const erin = await rooms.local.lookUp('erin');
    assert.ok(erin);
    const changed = new Promise<void>((resolve) => rooms.settings.onChange(() => resolve()));
    await site.run(['settings', 'set', 'discrepancy', '7']);
    await changed;
    assert.equal(rooms.settings.current('default').discrepancy, 7);

    const revoked = new Promise<unknown>((resolve) =>
      rooms.store.subscribe('revocations', { message: resolve }),
    );
    const user = { key: erin.key, name: 'erin', displayName: 'Erin', directory: 'local', groups: [] };
    const session = await rooms.sessions.grant({
      subscription: 'default',
      user,
      amr: ['pwd', 'otp'],
      shared: false,
      address: '192.0.2.1',
      browser: 'a test',
    });
    await site.run(['user', 'reset', 'erin']);
    const message = await revoked;
    assert.ok(JSON.stringify(message).includes(erin.key));
    const kept = await rooms.store.get<{ state: { name: string } }>(
      'sessions',
      `default/${erin.key}/${session.id}`,
    );
    assert.equal(kept?.value.state.name, 'revoked');

    const before = (await rooms.keys.signer('session')).kid;
    const rotated = await site.run(['keys', 'rotate']);
    assert.equal(rotated.code, 0, rotated.err);
    assert.notEqual((await rooms.keys.signer('session')).kid, before);
    assert.equal((await site.run(['restore', join(site.folder, 'none'), '--yes'])).code, 1);
  });
});

/** The next line that a process prints for people. */
async function lineOf(child: Awaited<ReturnType<typeof serve>>['child'], pattern: RegExp): Promise<string> {
  assert.ok(child.stderr);
  for await (const line of createInterface({ input: child.stderr })) if (pattern.test(line)) return line;
  throw new Error('this was never printed');
}
