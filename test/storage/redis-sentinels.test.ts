import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { openRedis } from './open-redis.ts';

/** What a sentinel says: who is master, and the number of the agreement on it. */
type Word = {
  readonly master: RedisServer;
  readonly epoch: number;
  /** Whoever leads a failover names the promoted one before it calls it the master. */
  readonly called?: RedisServer;
};

/** Says what a test wants it to say: real ones pass these moments too quickly, or too rarely. */
class ScriptedSentinel {
  word: Word;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, word: Word) {
    this.#server = server;
    this.word = word;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.on('data', (data) => {
        for (const command of commandsIn(data.toString())) socket.write(this.#answer(command));
      });
    });
  }

  static async start(t: TestContext, word: Word): Promise<ScriptedSentinel> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sentinel = new ScriptedSentinel(server, word);
    t.after(() => {
      server.close();
      for (const socket of sentinel.#sockets) socket.destroy();
    });
    return sentinel;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  #answer([name = '', what = '']: readonly string[]): string {
    const { master, epoch, called = master } = this.word;
    if (name === 'info') return bulk('redis_version:7.0.15\r\nloading:0\r\n');
    if (name !== 'sentinel') return '+OK\r\n';
    if (what === 'get-master-addr-by-name') return list(['127.0.0.1', String(master.port)]);
    if (what === 'master') {
      return list(['ip', '127.0.0.1', 'port', String(called.port), 'config-epoch', String(epoch)]);
    }
    return '*0\r\n';
  }
}

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (texts: readonly string[]): string => `*${texts.length}\r\n${texts.map(bulk).join('')}`;

/** Commands come as arrays of bulk strings, each in one piece here. */
function commandsIn(text: string): string[][] {
  return text
    .split(/(?:^|\r\n)\*\d+\r\n/)
    .filter((part) => part !== '')
    .map((part) => [...part.matchAll(/\$\d+\r\n([^\r\n]*)/g)].map(([, word = '']) => word.toLowerCase()));
}

describe('a store whose sentinels hear of a failover one after the other', {
  skip: missing('redis-server'),
}, () => {
  it('never reads from the old master again once one of them has named the new one', async (t) => {
    const [old, promoted] = [await RedisServer.start(), await RedisServer.start()];
    t.after(async () => {
      await old.remove();
      await promoted.remove();
    });
    // The driver asks the next one for each connection: these are asked when connections are made anew, and hear last.
    const leader = await ScriptedSentinel.start(t, { master: old, epoch: 0 });
    const late = await ScriptedSentinel.start(t, { master: old, epoch: 0 });
    const at = { name: 'site', sentinels: [leader.address, late.address] };
    const store = await openRedis(old, systemClock, { at, commandTimeout: 500 });
    t.after(() => store.close());
    const told: string[] = [];
    store.subscribe('t', {
      message: (message) => told.push(String(message)),
      deaf: () => told.push('deaf'),
      hearing: () => told.push('hearing'),
    });
    await store.put('c', 'k', 'from before');
    const elsewhere = await openRedis(promoted, systemClock);
    t.after(() => elsewhere.close());
    await elsewhere.put('c', 'k', 'from after');

    const read = async (): Promise<unknown> =>
      store.get<string>('c', 'k').then(
        (document) => document?.value,
        () => 'nothing',
      );
    leader.word = { master: promoted, called: old, epoch: 1 };
    while ((await read()) === 'from before') await pause(5);
    leader.word = { master: promoted, epoch: 1 };
    // However often it is connected to the old one again by the word of the late sentinel.
    const seen = new Set<unknown>();
    for (const until = performance.now() + 1500; performance.now() < until; await pause(5))
      seen.add(await read());
    assert.ok(!seen.has('from before'), [...seen].join());
    late.word = { master: promoted, epoch: 1 };
    while ((await read()) !== 'from after') await pause(5);
    // What is published there is heard.
    while (told.at(-1) !== 'hearing') await pause(5);
    await elsewhere.publish('t', 'new');
    while (!told.includes('new')) await pause(5);
    assert.deepEqual(told.slice(0, 1), ['deaf']);
  });
});
