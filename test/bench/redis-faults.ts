import { endure, failOver, type Outcome, TroubledRedis, troubles } from '../scenarios/redis-trouble.ts';
import { Replicas } from '../scenarios/replicas.ts';
import { RedisSentinels } from '../support/redis-sentinel.ts';
import { type Goal, table } from './report.ts';

/** Milliseconds that each trouble lasts. */
const lasts = 2_000;

/**
 * How long two gateways at work need, after Redis had a trouble, until both serve and take people in. Fails when anybody
 * was let in who should not be, or anything acknowledged was lost.
 */
export async function measureRedisFaults(rounds: number): Promise<{ goals: Goal[]; lines: string[] }> {
  const recoveries = new Map<string, number[]>();
  const note = (what: string, { recovery }: Outcome): void => {
    recoveries.set(what, [...(recoveries.get(what) ?? []), recovery]);
    console.log(what, recovery, 'ms');
  };
  const place = await TroubledRedis.start();
  const site = await Replicas.start({ store: place.store });
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const trouble of troubles)
        note(`it ${trouble.name}`, await endure(site, place, trouble, lasts, round));
    }
  } finally {
    await site.stop();
    await place.remove();
  }
  for (let round = 0; round < rounds; round += 1) {
    note('its master is killed, sentinels take the replica', await underSentinels('killed'));
    note('its master is replaced by sentinels', await underSentinels('replaced'));
  }
  const worst = Math.max(...[...recoveries.values()].flat());
  return {
    goals: [
      {
        what: 'service after a trouble of Redis, without a restart',
        must: '≤ 10 s',
        reached: `${(worst / 1000).toFixed(1)} s at worst`,
        holds: worst <= 10_000,
      },
    ],
    lines: [
      '## When Redis has trouble',
      '',
      'Two gateways at work. Milliseconds from the end of the trouble (from its beginning, for the master that went) until both serve known sessions, take sign-ins and say that they are ready.',
      '',
      table(
        ['Redis', 'median ms', 'worst ms'],
        [...recoveries].map(([what, each]) => {
          const sorted = [...each].sort((one, other) => one - other);
          return [what, String(sorted[sorted.length >> 1]), String(sorted.at(-1))];
        }),
      ),
      '',
    ],
  };
}

async function underSentinels(how: 'killed' | 'replaced'): Promise<Outcome> {
  const sentinels = await RedisSentinels.start({ persistent: true });
  let site: Replicas | undefined;
  try {
    const addresses = sentinels.addresses.map(({ host, port }) => `${host}:${port}`);
    site = await Replicas.start({ store: { redis: { sentinels: addresses, name: sentinels.name } } });
    return await failOver(site, sentinels, how);
  } finally {
    await site?.stop();
    await sentinels.remove();
  }
}
