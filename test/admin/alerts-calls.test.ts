import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { makeCertificate } from '../support/certificate.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';

type Taken = { readonly headers: Record<string, unknown>; readonly body: string };

/** An https server that takes webhooks, over a real socket. */
async function startReceiver(folder: string) {
  const { cert, key } = makeCertificate(folder, 'receiver');
  const taken: Taken[] = [];
  const statuses: number[] = [];
  let heard: () => void = () => {};
  const server: Server = createServer(
    { cert: readFileSync(cert), key: readFileSync(key) },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(statuses.shift() ?? 204).end();
        taken.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        heard();
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/hooks/secret-path`,
    ca: readFileSync(cert, 'utf8'),
    taken,
    /** What the next requests are answered with. */
    statuses,
    next: () =>
      new Promise<void>((resolve) => {
        heard = resolve;
      }),
    close: () => server.close(),
  };
}

describe('alerts by API', () => {
  let site: Site;
  let owner: AdminClient;
  let senders: RealSenders;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  const folder = scratchFolder();

  before(async () => {
    senders = await startRealSenders();
    receiver = await startReceiver(folder.path);
    site = await startSite({ config: senders.config });
    await senders.configure(site);
    owner = await ownerAtConsole(site);
  });
  after(async () => {
    await site?.stop();
    await senders?.close();
    receiver?.close();
    folder.remove();
  });

  const add = (wish: object) => owner.admin('POST', 'alerts', wish);

  it('are asked for, shown without what could be used elsewhere, and given up', async () => {
    const added = await add({
      name: 'Night shift',
      channel: 'email',
      target: 'night@example.com',
      events: ['server', 'clock'],
      language: 'fr',
    });
    assert.equal(added.status, 201, added.text);
    const listed = await owner.admin('GET', 'alerts');
    assert.equal(listed.json.items.length, 1);
    assert.equal(listed.json.items[0].hint, 'n•••@example.com');
    assert.equal(listed.text.includes('night@example.com'), false);
    assert.equal(listed.json.events.length, 7);
    const [{ id }] = listed.json.items;
    assert.equal((await owner.admin('DELETE', `alerts/${id}`)).status, 204);
    assert.equal((await owner.admin('DELETE', `alerts/${id}`)).status, 404);
  });

  it('of webhooks go to https alone, and are given by administrators alone', async () => {
    for (const target of ['http://hooks.example.com/', 'https://user:pass@hooks.example.com/', 'nonsense']) {
      const refused = await add({ name: 'Chat', channel: 'webhook', target, events: ['server'] });
      assert.equal(refused.json.code, 'invalid-setting', target);
    }
    const helpdesk = await signedInAs(site, 'helpdesk');
    const target = receiver.url;
    const wish = { name: 'Chat', channel: 'webhook', target, events: ['server'] };
    assert.equal((await helpdesk.admin('POST', 'alerts', wish)).json.code, 'not-allowed');
  });

  it('sign what they post, say when it is over, and tell each thing once', async () => {
    const added = await add({
      ...{ name: 'Chat', channel: 'webhook', target: receiver.url, ca: receiver.ca },
      events: ['server'],
    });
    assert.equal(added.status, 201, added.text);
    const { secret, receiver: view } = added.json;
    assert.equal(view.hint, new URL(receiver.url).origin);
    assert.equal((await owner.admin('GET', 'alerts')).text.includes(secret), false);
    const { audit, attention } = site.gateway.rooms;
    const health = {
      type: 'server.health',
      application: 'desktops',
      server: 'http://10.0.0.11:8080',
    } as const;
    audit.record({ ...health, state: 'down' });
    audit.record({ ...health, state: 'down' });
    await attention.concerns.settled();
    await attention.alerts.settled();
    audit.record({ ...health, state: 'up' });
    await attention.concerns.settled();
    await attention.alerts.settled();
    const told = receiver.taken.splice(0);
    assert.deepEqual(
      told.map(({ body }) => JSON.parse(body)).map(({ event, state }) => [event, state]),
      [
        ['server-down', 'raised'],
        ['server-down', 'cleared'],
      ],
    );
    for (const { headers, body } of told) {
      const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['sallyport-signature'])) ?? [];
      assert.equal(mac, createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
      assert.equal(Math.abs(Number(time) * 1000 - site.clock.now()) < 2_000, true);
    }
  });

  it('are tried again while the receiver is in trouble, and not when it refuses', async () => {
    receiver.statuses.push(503, 503, 204, 404);
    const { audit, attention } = site.gateway.rooms;
    const health = {
      type: 'server.health',
      application: 'desktops',
      server: 'http://10.0.0.12:8080',
    } as const;
    const first = receiver.next();
    audit.record({ ...health, state: 'down' });
    await first;
    for (const wait of [5_000, 30_000]) {
      while (attention.alerts.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
      const again = receiver.next();
      site.clock.advance(wait);
      await again;
    }
    await attention.alerts.settled();
    const ids = receiver.taken.splice(0).map(({ headers }) => headers['sallyport-delivery']);
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    audit.record({ ...health, state: 'up' });
    await attention.concerns.settled();
    await attention.alerts.settled();
    assert.equal(receiver.taken.splice(0).length, 1);
  });

  it('are tried by a test, which explains what went wrong', async () => {
    const untrusted = await add({
      name: 'Other',
      channel: 'webhook',
      target: receiver.url,
      events: ['clock'],
    });
    const failed = await owner.admin('POST', `alerts/${untrusted.json.receiver.id}/test`);
    assert.deepEqual([failed.json.sent, failed.json.reason], [false, 'insecure']);
    assert.match(failed.json.explanation, /certificate/);
    const mail = await add({ name: 'Me', channel: 'email', target: 'me@example.com', events: ['clock'] });
    const sent = await owner.admin('POST', `alerts/${mail.json.receiver.id}/test`);
    assert.deepEqual(sent.json, { sent: true });
    assert.match(senders.mail.taken.at(-1)?.text ?? '', /test alert/);
  });
});
