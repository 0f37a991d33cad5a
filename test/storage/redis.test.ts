import { after, before, describe } from 'node:test';
import { storeContract } from '../contracts/store.contract.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { openRedis } from './open-redis.ts';

describe('one Redis server', { skip: missing('redis-server') }, () => {
  let server: RedisServer;
  let number = 0;

  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.remove());

  storeContract('Redis', async (clock) => {
    // A prefix of its own is a store of its own.
    number += 1;
    const keyPrefix = `test${number}:`;
    const store = await openRedis(server, clock, { keyPrefix });
    const opened = [store];
    return {
      store,
      async peer() {
        const peer = await openRedis(server, clock, { keyPrefix });
        opened.push(peer);
        return peer;
      },
      async settled() {
        // The answer comes on the connection of the messages, behind all that were sent before.
        for (const each of opened) await each.health();
      },
      async close() {
        for (const each of opened) await each.close();
      },
    };
  });
});
