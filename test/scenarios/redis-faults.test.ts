import { after, before, describe, it } from 'node:test';
import { missing } from '../support/real-part.ts';
import { RedisSentinels } from '../support/redis-sentinel.ts';
import { endure, failOver, summary, TroubledRedis, troubles } from './redis-trouble.ts';
import { Replicas } from './replicas.ts';

/** Milliseconds that each trouble lasts: longer than it takes to notice that nothing is heard. */
const lasts = 2000;

describe('two gateways at work, whose Redis', {
  skip: missing('redis-server') || (process.platform === 'win32' && 'nothing can be frozen there'),
}, () => {
  let place: TroubledRedis;
  let site: Replicas;

  before(async () => {
    place = await TroubledRedis.start();
    site = await Replicas.start({ store: place.store });
  });
  after(async () => {
    await site?.stop();
    await place?.remove();
  });

  for (const trouble of troubles) {
    it(`${trouble.name}: nobody is let in who should not be, nothing is lost, and it goes on by itself`, async (t) => {
      t.diagnostic(summary(await endure(site, place, trouble, lasts)));
    });
  }
});

describe('two gateways at work, whose Redis under three sentinels', {
  skip: missing('redis-server'),
}, () => {
  for (const how of ['killed', 'replaced'] as const) {
    it(`is ${how}: they go on with the replica, what was acknowledged is there, tunnels stay open`, async (t) => {
      const sentinels = await RedisSentinels.start({ persistent: true });
      let site: Replicas | undefined;
      t.after(async () => {
        await site?.stop();
        await sentinels.remove();
      });
      const addresses = sentinels.addresses.map(({ host, port }) => `${host}:${port}`);
      site = await Replicas.start({ store: { redis: { sentinels: addresses, name: sentinels.name } } });
      t.diagnostic(summary(await failOver(site, sentinels, how)));
    });
  }
});
