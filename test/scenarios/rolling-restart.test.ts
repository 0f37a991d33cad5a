import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeCertificate } from '../support/certificate.ts';
import { listening } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import type { Backend } from '../support/load-balancer.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { password } from '../support/site.ts';
import type { SiteClient, Tunnel } from '../support/site-client.ts';
import { type Front, Replicas, type ReplicasOptions, type Which } from './replicas.ts';
import { reverseProxies } from './reverse-proxy-examples.ts';

/** Milliseconds. The load balancer looks every 50. */
const drain = 1500;
const grace = 500;

const fronts: readonly {
  readonly name: string;
  readonly skip: string | false;
  readonly options: Pick<ReplicasOptions, 'balancer' | 'front'>;
}[] = [
  {
    name: 'a load balancer that goes by /readyz alone, as the services of Kubernetes do',
    skip: false,
    options: { balancer: { probe: 50, retries: false } },
  },
  {
    name: 'nginx, set up as in deploy/',
    skip: missing('nginx', 'openssl'),
    options: { front: nginx },
  },
];

for (const front of fronts) {
  describe(`a rolling restart of two gateways on Redis, behind ${front.name}`, {
    skip: missing('redis-server') || front.skip,
  }, () => {
    it('fails no request, and closes no tunnel but those of the gateway that ends', (t) =>
      restartBoth(t, front.options));
  });
}

async function restartBoth(
  t: TestContext,
  options: Pick<ReplicasOptions, 'balancer' | 'front'>,
): Promise<void> {
  const redis = await RedisServer.start();
  const site = await Replicas.start({ store: { redis: { url: redis.url } }, ...options });
  t.after(async () => {
    // What the front itself said tells which connection failed, should one fail.
    if (!t.passed) t.diagnostic(site.front.output?.() ?? '');
    await site.stop();
    await redis.remove();
  });
  await site.rooms.local.create({ name: 'anna', password }, 'test');
  const anna = site.balanced();
  const { recoveryCodes } = (await signedInWithCodes(anna)).json;

  let stopped = false;
  const counts = new Map<string, number>();
  const repeat = async (what: string, task: () => Promise<void>): Promise<void> => {
    while (!stopped) {
      await task();
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  };
  const load = [
    ...Array.from({ length: 4 }, () =>
      repeat('page', async () => {
        const answer = await anna.get('/desk/page');
        assert.equal(answer.status, 200, answer.text);
        await pause(5);
      }),
    ),
    repeat('form', async () => {
      const answer = await anna.send('POST', '/desk/form', { body: { text: 'x'.repeat(10_000) } });
      assert.equal(answer.status, 200, answer.text);
    }),
    repeat('portal', async () => assert.equal((await anna.call('GET', 'session')).status, 200)),
    repeat('tunnel', async () => {
      const tunnel = await anna.open('/desk/ws');
      await echoes(tunnel);
      tunnel.close();
      await tunnel.closed;
    }),
    repeat('sign-in', async () => {
      const browser = site.balanced();
      const begun = await browser.call('POST', 'sign-in', { username: 'anna', password });
      assert.equal(begun.json?.status, 'verify', begun.text);
      const code = recoveryCodes.pop();
      if (code === undefined) return;
      const done = await browser.call('POST', 'sign-in/verify', { method: 'recovery', code });
      assert.equal(done.json?.status, 'done', done.text);
      await pause(300);
    }),
  ];
  const failed = Promise.all(load);
  failed.catch(() => {});

  for (const which of [0, 1] as const) {
    // Enough for some to be on each.
    const tunnels: Tunnel[] = [];
    while (tunnels.length < 12) tunnels.push(await anna.open('/desk/ws'));
    await Promise.race([pause(300), failed]);
    await site.gateways[which].stop(grace, drain);
    const left = tunnels.filter((tunnel) => tunnel.isOpen());
    assert.ok(
      left.length > 0 && left.length < tunnels.length,
      `${left.length} of ${tunnels.length} are left`,
    );
    for (const tunnel of left) await echoes(tunnel);
    // Whoever was on it is on the other one with the same session.
    const again = await anna.open('/desk/ws');
    await echoes(again);
    await site.replace(which);
    // It has its share again before the next one ends.
    while (which === 0 && (await admittedBy(site, which)) === 0) await Promise.race([pause(50), failed]);
    for (const tunnel of [...left, again]) await echoes(tunnel);
    for (const tunnel of [...left, again]) tunnel.close();
  }
  await Promise.race([pause(300), failed]);
  stopped = true;
  await failed;
  t.diagnostic([...counts].map(([what, count]) => `${what} ${count}`).join(', '));
  for (const [what, count] of counts) assert.ok(count > 5, `${what}: ${count}`);
}

/** How many requests a gateway has let in since it started. */
async function admittedBy(site: Replicas, which: Which): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${site.balancer.backends[which]?.management}/metrics`);
  return Number(
    /^sallyport_gate_decisions_total\{[^}]*"admitted"[^}]*\} (\d+)/m.exec(await answer.text())?.[1] ?? 0,
  );
}

/** The real nginx, with the very file of the example. */
async function nginx(backends: readonly Backend[], folder: string): Promise<Front> {
  const files = join(folder, 'front');
  mkdirSync(files);
  const [first, second] = backends;
  const [https, http] = [await freePort(), await freePort()];
  const ports = { https, http, first: first?.port ?? 0, second: second?.port ?? 0, management: 0 };
  const example = reverseProxies.find(({ name }) => name === 'nginx');
  const running = example?.start(files, ports, makeCertificate(files));
  assert.ok(running);
  await listening(running, https);
  return { port: https, scheme: 'https', output: () => running.output(), close: () => running.stop() };
}

async function signedInWithCodes(client: SiteClient) {
  await client.call('POST', 'sign-in', { username: 'anna', password });
  return client.enrol();
}

async function echoes(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}
