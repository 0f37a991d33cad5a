import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import { startGateway, subscription } from '../../src/server/index.ts';
import { commandSite } from '../cli/command-site.ts';
import { startApplicationServer } from '../support/application-server.ts';
import { password, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';
import { listening } from './listening.ts';
import { startTarget } from './target.ts';

const day = 86_400_000;

describe('a clock that jumps by days', () => {
  it('threat 19: brings back no used code, no used recovery code and no ended session', async () => {
    const target = await startTarget();
    const { site } = target;
    try {
      const anna = site.client();
      await site.addUser('anna');
      await anna.call('POST', 'sign-in', { username: 'anna', password });
      const { recoveryCodes } = (await anna.enrol()).json;
      await anna.call('DELETE', 'session');
      const ended = anna.cookie('sallyport-session') ?? '';
      site.clock.advance(30_000);
      const signIn = async (method: string, code: string) => {
        const client = site.client();
        await client.call('POST', 'sign-in', { username: 'anna', password });
        return client.call('POST', 'sign-in/verify', { method, code });
      };
      const used = anna.code();
      assert.equal((await signIn('app', used)).json?.status, 'done');
      assert.equal((await signIn('recovery', recoveryCodes[0])).json?.status, 'done');
      const right = site.clock.now();
      for (const by of [3 * day, 30 * day, 400 * day, -3 * day]) {
        site.clock.jump(right + by);
        // Long enough for whatever looks expired to be swept away.
        site.clock.advance(120_000);
        await new Promise((resolve) => setImmediate(resolve));
        site.clock.jump(right);
        const again = await signIn('app', used);
        assert.equal(again.json?.code, 'code-already-used', `a code after ${by / day} days`);
        const recovery = await signIn('recovery', recoveryCodes[0]);
        assert.equal(recovery.json?.code, 'code-already-used', `a recovery code after ${by / day} days`);
        const page = await site
          .client()
          .get('/desk/page', { headers: { cookie: `sallyport-session=${ended}` } });
        assert.equal(page.status, 401, `a session after ${by / day} days`);
        const key = (await site.gateway.rooms.local.lookUp('anna'))?.key ?? '';
        await site.gateway.rooms.throttle.unlock(subscription, key);
      }
    } finally {
      await target.stop();
    }
  });

  it('threat 19: tells applications nothing of the wrong time once it is right again', async () => {
    const target = await startTarget();
    const { site } = target;
    try {
      const anna = await site.signedIn('anna');
      const claims = async () => {
        await anna.get('/desk/page');
        const assertion = String(target.server.requests.at(-1)?.headers['x-sallyport-assertion']);
        return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
      };
      const right = site.clock.now();
      for (const by of [0, 1_800_000, 0, -1_800_000, 0]) {
        site.clock.jump(right + by);
        const { iat, exp } = await claims();
        const now = site.clock.now() / 1000;
        assert.ok(iat <= now && exp > now && exp - now <= 60, `by ${by}: ${iat - now} to ${exp - now}`);
      }
    } finally {
      await target.stop();
    }
  });
});

describe('a start that cannot succeed', () => {
  it('threat 19: refuses a data folder that is a file, or lies below one, and leaves nothing running or written', async () => {
    const site = await startSite({ owner: false });
    try {
      const file = join(site.folder, 'a-file');
      writeFileSync(file, 'x');
      for (const dataDir of [file, join(file, 'below')]) {
        await assert.rejects(
          startGateway({
            config: site.config({ dataDir, listen: { host: 'localhost', port: 1 } }),
            version: 'test',
          }),
          (error) => error instanceof GatewayError && error.code === 'store-unavailable',
        );
      }
    } finally {
      await site.stop();
    }
  });

  it('threat 19: never takes a store whose key is gone for a new one: it generates none beside it', async () => {
    const site = await startSite();
    const data = join(site.folder, 'data');
    try {
      await site.gateway.close(0);
      const elsewhere = join(site.folder, 'elsewhere');
      mkdirSync(elsewhere);
      const masterKeyFile = join(elsewhere, 'master.key');
      const config = site.config({ masterKeyFile });
      await assert.rejects(
        startGateway({ config, version: 'test' }),
        (error) => error instanceof GatewayError && error.code === 'master-key-missing',
      );
      assert.equal(existsSync(masterKeyFile), false);
      assert.ok(readdirSync(data).includes('sallyport.db'));
      site.config();
      await site.restart();
      assert.equal((await site.gateway.rooms.local.lookUp('olivia'))?.name, 'olivia');
    } finally {
      await site.stop();
    }
  });
});

describe('SIGTERM under load', { skip: process.platform === 'win32' && 'Windows has no SIGTERM' }, () => {
  it('threat 20: no new sessions, requests and uploads finish, tunnels get their grace, and the process ends with 0', async (t) => {
    const application = await startApplicationServer();
    const waiting: ServerResponse[] = [];
    let waits: () => void = () => {};
    const slow = createServer(async (incoming: IncomingMessage, answer) => {
      waiting.push(answer);
      waits();
      if (incoming.method !== 'POST') return;
      let bytes = 0;
      for await (const chunk of incoming as AsyncIterable<Buffer>) bytes += chunk.length;
      answer.end(String(bytes));
    });
    const slowUrl = await listening(slow);
    t.after(async () => {
      slow.close();
      slow.closeAllConnections();
      await application.close();
    });

    const site = await commandSite(t);
    site.configure({
      timeouts: { shutdown: 4 },
      applications: [
        { name: 'desk', path: '/desk', servers: [application.url] },
        { name: 'slow', path: '/slow', servers: [slowUrl] },
      ],
    });
    const child = site.start(['serve']);
    assert.ok(child.stdout && child.stderr);
    const exited = once(child, 'exit');
    const logged: string[] = [];
    let told: () => void = () => {};
    createInterface({ input: child.stdout }).on('line', (line) => {
      logged.push(line);
      told();
    });
    const ticket = await ownerTicket(child.stderr);
    const port = Number(new URL(site.url).port);
    const olivia = new SiteClient(port, systemClock);
    await olivia.call('POST', 'owner', { ticket, username: 'olivia', password });
    assert.equal((await olivia.enrol()).json?.status, 'done');
    await until(async () => (await olivia.get('/desk/page')).status === 200);

    // The load: tunnels, answers that are not there yet, an upload that goes on, and requests as fast as they come.
    const tunnels = await Promise.all(Array.from({ length: 10 }, () => olivia.open('/desk/ws')));
    const arrived = new Promise<void>((resolve) => {
      waits = () => {
        if (waiting.length === 6) resolve();
      };
    });
    const answers = Array.from({ length: 5 }, () => olivia.get('/slow/answer'));
    const upload = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/slow/upload',
      headers: { host: olivia.portalHost, cookie: olivia.cookieHeader(), 'content-length': 300_000 },
    });
    upload.write(Buffer.alloc(100_000));
    await arrived;
    let stopped = false;
    const hammering = Array.from({ length: 4 }, async () => {
      const statuses: unknown[] = [];
      while (!stopped) {
        const status = await olivia.get('/desk/page').then(
          (answer) => answer.status,
          (error: NodeJS.ErrnoException) => error.code,
        );
        statuses.push(status);
        if (typeof status === 'string') break;
      }
      return statuses;
    });

    child.kill('SIGTERM');
    while (!logged.some((line) => line.includes('"stopping"'))) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
    // Nothing new: no tunnel, no sign-in, no request.
    const late = new WebSocket(`ws://127.0.0.1:${port}/desk/ws`, {
      headers: { host: olivia.portalHost, origin: site.url, cookie: olivia.cookieHeader() },
    });
    const refused = await new Promise((resolve) => {
      late.on('open', () => resolve('open'));
      late.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      late.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    assert.ok([503, 'ECONNREFUSED', 'ECONNRESET'].includes(refused as string), String(refused));
    // What is under way goes on: the tunnels carry, the upload arrives, the answers come whole.
    for (const tunnel of tunnels) tunnel.send('still here');
    assert.deepEqual(
      new Set(await Promise.all(tunnels.map((tunnel) => tunnel.next()))),
      new Set(['still here']),
    );
    upload.end(Buffer.alloc(200_000));
    const [uploaded] = (await once(upload, 'response')) as [IncomingMessage];
    let received = '';
    for await (const chunk of uploaded) received += String(chunk);
    assert.deepEqual([uploaded.statusCode, received], [200, '300000']);
    for (const answer of waiting) if (!answer.writableEnded) answer.end('complete');
    for (const answer of await Promise.all(answers)) {
      assert.deepEqual([answer.status, answer.text], [200, 'complete']);
    }
    assert.ok(
      tunnels.every((tunnel) => tunnel.isOpen()),
      'tunnels have their grace',
    );
    stopped = true;
    for (const statuses of await Promise.all(hammering)) {
      const odd = statuses.filter(
        (status) => ![200, 503, 'ECONNREFUSED', 'ECONNRESET'].includes(status as never),
      );
      assert.deepEqual(odd, []);
    }
    // Whoever ends their session earlier is not waited for; the others are cut off when the time is over.
    for (const tunnel of tunnels.slice(0, 9)) tunnel.close();
    await tunnels[9]?.closed;
    assert.deepEqual(await exited, [0, null]);
    assert.ok(logged.some((line) => line.includes('gateway.stopped')));
  });
});

async function ownerTicket(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) {
    const ticket = /owner#([\w-]+)/.exec(line)?.[1];
    if (ticket !== undefined) {
      stream.resume();
      return ticket;
    }
  }
  throw new Error('no link was printed');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
