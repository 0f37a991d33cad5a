import { Agent, request } from 'node:http';
import { systemClock } from '../../src/clock.ts';
import { LogonPermits } from '../../src/rdp/index.ts';
import { subscription } from '../../src/server/index.ts';
import { freePort } from '../support/free-port.ts';
import { RedisServer } from '../support/redis-server.ts';
import { cores, pause } from './processes.ts';
import { sharedStore } from './replicas.ts';
import { type Goal, table } from './report.ts';
import { startSallyport } from './sallyport.ts';

const server = 'ts1.corp.example';

type Question = { readonly user: string };

/**
 * Checks of logons on Redis, as agents ask them: so many a second at even distances, whether or not the last is answered,
 * each counted from when it left. A tenth of them is let in by a click, the others are refused.
 */
export async function measureLogonChecks(options: {
  readonly perSecond: number;
  readonly seconds: number;
}): Promise<{ goals: Goal[]; lines: string[] }> {
  const redis = await RedisServer.start({ persistent: true });
  const store = await sharedStore(redis);
  const gateway = await startSallyport(await freePort(), 9, 9, undefined, {
    core: cores.proxy,
    config: store,
  });
  try {
    const { rooms } = gateway;
    const owner = await rooms.local.create(
      { name: 'owner', password: 'correct horse battery staple' },
      'bench',
    );
    await rooms.roles.makeOwner(owner.key);
    const { secret } = await rooms.apiTokens.create(
      { name: 'bench', role: 'logon-check', servers: [server], expiresAt: Date.now() + 86_400_000 },
      { creator: owner.key, actor: owner.key },
    );
    const [session] = await gateway.sessions(1);
    if (session === undefined) throw new Error('no session');
    const permits = new LogonPermits({ store: rooms.store, clock: systemClock });
    const click = () =>
      permits.give({ subscription, user: session.user, server }, { session: session.id, application: 'ts' });
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const ask = async ({ user }: Question): Promise<string> => {
      const body = JSON.stringify({ user, server, protocol: 'rdp' });
      return new Promise((done, failed) => {
        const asked = request(
          {
            agent,
            port: gateway.port,
            host: '127.0.0.1',
            method: 'POST',
            path: '/.sallyport/api/v1/logon-check',
            headers: {
              host: gateway.host,
              authorization: `Bearer ${secret}`,
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            },
          },
          (response) => {
            let text = '';
            response.on('data', (chunk) => {
              text += chunk;
            });
            response.on('end', () => done(text));
          },
        );
        asked.on('error', failed);
        asked.end(body);
      });
    };
    // Warm before anything counts.
    for (let round = 0; round < 200; round += 1) await ask({ user: 'bench' });

    const count = options.perSecond * options.seconds;
    const taken: number[] = [];
    const answers = new Map<string, number>();
    const begun = performance.now();
    const running: Promise<void>[] = [];
    for (let index = 0; index < count; index += 1) {
      const due = begun + (index * 1000) / options.perSecond;
      const early = due - performance.now();
      if (early > 1) await pause(early);
      const permitted = index % 10 === 0;
      if (permitted) await click();
      const from = performance.now();
      running.push(
        ask({ user: 'bench' }).then((answer) => {
          taken.push(performance.now() - from);
          answers.set(answer, (answers.get(answer) ?? 0) + 1);
        }),
      );
    }
    await Promise.all(running);
    agent.destroy();
    taken.sort((one, other) => one - other);
    const at = (share: number): number =>
      taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0;
    const known = [...answers.keys()].every((answer) => answer.startsWith('{"decision":'));
    const allowed = [...answers].reduce(
      (sum, [answer, times]) => (answer.includes('"allow"') ? sum + times : sum),
      0,
    );
    return {
      goals: [
        {
          what: `checks of logons on Redis, ${options.perSecond} a second, p99`,
          must: '≤ 20 ms',
          reached: `${at(0.99).toFixed(1)} ms (median ${at(0.5).toFixed(1)})`,
          holds: known && allowed > 0 && at(0.99) <= 20,
        },
      ],
      lines: [
        '## Checks of logons',
        '',
        table(
          ['ms', 'median', 'p99', 'worst', 'let in', 'of'],
          [
            [
              `${options.perSecond} a second for ${options.seconds} s, on Redis`,
              at(0.5).toFixed(2),
              at(0.99).toFixed(2),
              at(1).toFixed(2),
              String(allowed),
              String(count),
            ],
          ],
        ),
        '',
      ],
    };
  } finally {
    await gateway.stop();
    await redis.remove();
  }
}
