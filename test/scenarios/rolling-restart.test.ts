import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { password } from '../support/site.ts';
import type { SiteClient, Tunnel } from '../support/site-client.ts';
import { Replicas, type Which } from './replicas.ts';

/** Milliseconds. The load balancer looks every 50. */
const drain = 1500;
const grace = 500;

describe('a rolling restart of two gateways on Redis, at work', { skip: missing('redis-server') }, () => {
  it('fails no request, and closes no tunnel but those of the gateway that ends', async (t) => {
    const redis = await RedisServer.start();
    // It goes by /readyz alone, as the services of Kubernetes do.
    const balancer = { probe: 50, retries: false };
    const site = await Replicas.start({ store: { redis: { url: redis.url } }, balancer });
    t.after(async () => {
      await site.stop();
      await redis.remove();
    });
    await site.rooms.local.create({ name: 'anna', password }, 'test');
    const anna = site.balanced();
    const { recoveryCodes } = (await signedInWithCodes(anna)).json;
    const twin = (which: Which): SiteClient => site.at(which, anna);

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
      const [ending, staying] = [
        await twin(which).open('/desk/ws'),
        await twin(which === 0 ? 1 : 0).open('/desk/ws'),
      ];
      await Promise.race([pause(300), failed]);
      const ended = site.gateways[which].stop(grace, drain);
      const served = site.balancer.served[which];
      await ended;
      await ending.closed;
      await echoes(staying);
      // Whoever was on it is on the other one with the same session.
      const again = await anna.open('/desk/ws');
      await echoes(again);
      await site.replace(which);
      // It has its share again before the next one ends.
      const now = site.balancer.served[which] ?? 0;
      assert.ok(now >= (served ?? 0));
      while (site.balancer.served[which] === now) await Promise.race([pause(20), failed]);
      for (const tunnel of [staying, again]) tunnel.close();
    }
    await pause(300);
    stopped = true;
    await failed;
    t.diagnostic([...counts].map(([what, count]) => `${what} ${count}`).join(', '));
    for (const [what, count] of counts) assert.ok(count > 5, `${what}: ${count}`);
  });
});

async function signedInWithCodes(client: SiteClient) {
  await client.call('POST', 'sign-in', { username: 'anna', password });
  return client.enrol();
}

async function echoes(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}
