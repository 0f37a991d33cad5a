import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RedisSentinels } from '../support/redis-sentinel.ts';
import { RedisServer } from '../support/redis-server.ts';
import { password } from '../support/site.ts';
import type { SiteClient, Tunnel } from '../support/site-client.ts';
import { SlowWire } from '../support/slow-wire.ts';
import type { Replicas, Which } from './replicas.ts';

/** Where the gateways keep their records, and what can happen to it. */
export type Trouble = {
  readonly name: string;
  /** Whether nothing can be written, so that nobody may be let in. */
  readonly shut: boolean;
  /** Whether nothing can be heard either, so that nothing remembered may be believed. */
  readonly deaf: boolean;
  begin(place: TroubledRedis): Promise<void> | void;
  end(place: TroubledRedis): Promise<void> | void;
};

/** A Redis that keeps what it is given, behind a wire that can be slow. */
export class TroubledRedis {
  readonly server: RedisServer;
  readonly wire: SlowWire;

  private constructor(server: RedisServer, wire: SlowWire) {
    this.server = server;
    this.wire = wire;
  }

  static async start(): Promise<TroubledRedis> {
    const server = await RedisServer.start({ persistent: true });
    return new TroubledRedis(server, await SlowWire.start(server.port));
  }

  get store(): Record<string, unknown> {
    return { redis: { url: `redis://127.0.0.1:${this.wire.port}` } };
  }

  async remove(): Promise<void> {
    await this.wire.close();
    await this.server.remove();
  }

  /** What it has kept, while it does not run. */
  get files(): { readonly kept: string; readonly aside: string } {
    return { kept: join(this.server.folder, 'appendonlydir'), aside: join(this.server.folder, 'aside') };
  }
}

export const troubles: readonly Trouble[] = [
  {
    name: 'is killed',
    shut: true,
    deaf: true,
    begin: ({ server }) => server.kill(),
    end: ({ server }) => server.restart(),
  },
  {
    name: 'is frozen',
    shut: true,
    deaf: true,
    begin: ({ server }) => server.freeze(),
    end: ({ server }) => server.thaw(),
  },
  {
    name: 'is slower than anybody can wait for',
    shut: true,
    deaf: true,
    begin({ wire }) {
      wire.delay = 1500;
    },
    end({ wire }) {
      wire.delay = 0;
    },
  },
  {
    name: 'is slow',
    shut: false,
    deaf: false,
    begin({ wire }) {
      wire.delay = 40;
    },
    end({ wire }) {
      wire.delay = 0;
    },
  },
  {
    name: 'is read-only',
    shut: true,
    deaf: false,
    async begin({ server }) {
      await server.command('REPLICAOF', '127.0.0.1', 1);
    },
    async end({ server }) {
      await server.command('REPLICAOF', 'NO', 'ONE');
    },
  },
  {
    name: 'comes back empty',
    shut: true,
    deaf: true,
    async begin({ server, files }) {
      await server.stop();
      cpSync(files.kept, files.aside, { recursive: true });
      await server.restart({ empty: true });
    },
    async end({ server, files }) {
      await server.stop();
      rmSync(files.kept, { recursive: true });
      cpSync(files.aside, files.kept, { recursive: true });
      rmSync(files.aside, { recursive: true });
      await server.restart();
    },
  },
];

type Guest = { readonly name: string; readonly browsers: readonly [SiteClient, SiteClient] };

/** People at work on two gateways, while something happens to their store. */
export class People {
  readonly #site: Replicas;
  /** Each with a tunnel, at one and the other gateway in turn. */
  readonly #workers: { readonly guest: Guest; readonly tunnel: Tunnel }[] = [];
  readonly #leavers: { readonly guest: Guest; readonly tunnel: Tunnel; left: boolean }[] = [];
  readonly #revoked: Guest[] = [];
  readonly #codes: string[] = [];
  readonly #spent: string[] = [];
  readonly #admitted: SiteClient[] = [];
  readonly #running: Promise<void>[] = [];
  /** What was answered, by who asked. */
  readonly outcomes = new Map<string, Map<number, number>>();
  #signer = '';
  #stopped = false;
  #shut = false;
  #deaf = false;

  private constructor(site: Replicas) {
    this.#site = site;
  }

  /** `round` tells the people of one trouble from those of another. */
  static async gather(site: Replicas, round: string): Promise<People> {
    const people = new People(site);
    for (let count = 0; count < 4; count += 1) {
      const guest = await people.#guest(`worker-${count}-${round}`);
      const tunnel = await guest.browsers[count % 2 === 0 ? 0 : 1].open('/desk/ws');
      people.#workers.push({ guest, tunnel });
    }
    for (let count = 0; count < 3; count += 1) {
      const guest = await people.#guest(`leaver-${count}-${round}`);
      people.#leavers.push({ guest, tunnel: await guest.browsers[1].open('/desk/ws'), left: false });
    }
    const revoked = await people.#guest(`revoked-${round}`);
    const before = await revoked.browsers[0].open('/desk/ws');
    assert.equal((await revoked.browsers[1].call('DELETE', 'session')).status, 204);
    await before.closed;
    people.#revoked.push(revoked);
    await people.#signerWithCodes(`signer-${round}`);
    return people;
  }

  /** From now on they work, and others try what they must not. */
  start(): void {
    for (const { guest } of this.#workers) {
      for (const browser of guest.browsers) this.#repeat(() => this.#work(browser));
    }
    this.#repeat(() => this.#trespass());
    this.#repeat(() => this.#signInOnce());
  }

  /** From now on what the trouble says must hold; `undefined`: it is over. */
  set trouble(trouble: Trouble | undefined) {
    this.#shut = trouble?.shut ?? false;
    this.#deaf = trouble?.deaf ?? false;
  }

  /** Some sign out now. Resolves when each has an answer; whoever was told that it is done has left. */
  async leave(): Promise<number> {
    for (const leaver of this.#leavers) {
      const answer = await leaver.guest.browsers[0].call('DELETE', 'session');
      this.#note('leaver', answer.status);
      leaver.left = answer.status === 204;
      assert.ok(leaver.left || answer.status === 503, `${answer.status} ${answer.text}`);
    }
    return this.#leavers.filter(({ left }) => left).length;
  }

  /** Resolves when both gateways serve, take new people in and say that they are ready. */
  async served(): Promise<void> {
    const [worker] = this.#workers;
    assert.ok(worker);
    const asks = [0, 1].map(async (which) => {
      const ready = this.#site.balancer.backends[which]?.management ?? 0;
      const browser = worker.guest.browsers[which as Which];
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${ready}/readyz`);
        await answer.bytes();
        if (answer.ok && (await browser.get('/desk/page')).status === 200) {
          const begun = await this.#site
            .client(which as Which)
            .call('POST', 'sign-in', { username: 'olivia', password });
          if (begun.json?.status === 'verify') return;
        }
        await pause(10);
      }
    });
    await Promise.all(asks);
  }

  /** Everybody stops; then what must hold is looked at. */
  async finish(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    for (const { tunnel, guest } of this.#workers) {
      tunnel.send(guest.name);
      assert.equal(await tunnel.next(), guest.name, 'an open tunnel lives on');
      for (const browser of guest.browsers) assert.equal((await browser.get('/desk/page')).status, 200);
    }
    for (const guest of this.#revoked) await this.#isOut(guest);
    for (const { guest, tunnel, left } of this.#leavers) {
      if (!left) assert.equal((await guest.browsers[0].call('DELETE', 'session')).status, 204);
      await tunnel.closed;
      await this.#isOut(guest);
    }
    for (const browser of this.#admitted) {
      assert.equal((await browser.get('/desk/page')).status, 200, 'a session was acknowledged and is lost');
    }
    // One at a time, so that the lockout can't be why.
    for (const code of this.#spent.slice(0, 2)) {
      const browser = this.#site.balanced();
      await browser.call('POST', 'sign-in', { username: this.#signer, password });
      const again = await browser.call('POST', 'sign-in/verify', { method: 'recovery', code });
      assert.notEqual(again.status, 200, 'a used code was accepted again');
    }
    for (const { tunnel } of this.#workers) tunnel.close();
  }

  /** How many have signed in. */
  get admitted(): number {
    return this.#admitted.length;
  }

  async #isOut(guest: Guest): Promise<void> {
    for (const browser of guest.browsers) {
      assert.equal((await browser.get('/desk/page')).status, 401, `${guest.name} was signed out`);
    }
  }

  async #guest(name: string): Promise<Guest> {
    return { name, browsers: await this.#site.signedIn(name) };
  }

  async #signerWithCodes(name: string): Promise<void> {
    this.#signer = name;
    await this.#site.rooms.local.create({ name, password }, 'test');
    const client = this.#site.balanced();
    await client.call('POST', 'sign-in', { username: name, password });
    this.#codes.push(...(await client.enrol()).json.recoveryCodes);
  }

  async #work(browser: SiteClient): Promise<void> {
    const deaf = this.#deaf;
    const answer = await browser.get('/desk/page');
    this.#note('worker', answer.status);
    assert.ok(!(deaf && this.#deaf && answer.status === 200), 'believed while nothing can be heard');
    assert.ok([200, 503].includes(answer.status), `a known session: ${answer.status} ${answer.text}`);
    await pause(20);
  }

  /** Nobody of these is ever let in: without a session, with a forged one, with one that was revoked. */
  async #trespass(): Promise<void> {
    const [revoked] = this.#revoked;
    const [worker] = this.#workers;
    assert.ok(revoked && worker);
    const forger = this.#site.balanced();
    const genuine = [...(worker.guest.browsers[0].cookies.get(forger.portalHost) ?? [])];
    const forged = genuine.map(([name, value]) => [name, value.replace(/.{20}$/, 'A'.repeat(20))] as const);
    forger.cookies.set(forger.portalHost, new Map(forged));
    for (const who of [this.#site.balanced(), forger, ...revoked.browsers]) {
      const answer = await who.get('/desk/page');
      this.#note('trespasser', answer.status);
      assert.ok([401, 503].includes(answer.status), `a trespasser: ${answer.status}`);
      const opened = await who.open('/desk/ws').then(
        () => 101,
        (error: Error) => Number(error.message),
      );
      assert.ok([401, 503].includes(opened), `a trespasser's tunnel: ${opened}`);
    }
    await pause(20);
  }

  async #signInOnce(): Promise<void> {
    await pause(150);
    if (this.#codes.length < 3) return;
    const browser = this.#site.balanced();
    const shut = this.#shut;
    const begun = await browser.call('POST', 'sign-in', { username: this.#signer, password });
    this.#note('password', begun.status);
    if (begun.status === 503) return;
    assert.equal(begun.json?.status, 'verify', begun.text);
    const code = this.#codes.pop() ?? '';
    const done = await browser.call('POST', 'sign-in/verify', { method: 'recovery', code });
    this.#note('code', done.status);
    if (done.status === 503) return;
    // Its sign-in may have been lost with an answer before.
    assert.equal(done.json?.status, 'done', done.text);
    assert.ok(!(shut && this.#shut), 'let in while nothing can be written');
    this.#spent.push(code);
    this.#admitted.push(browser);
  }

  #note(who: string, status: number): void {
    const counts = this.outcomes.get(who) ?? new Map<number, number>();
    this.outcomes.set(who, counts.set(status, (counts.get(status) ?? 0) + 1));
  }

  /** Until the end, or the first mistake, which `finish` tells. */
  #repeat(task: () => Promise<void>): void {
    const running = (async () => {
      while (!this.#stopped) await task();
    })();
    running.catch(() => {});
    this.#running.push(running);
  }
}

export type Outcome = {
  /** Milliseconds from the end of the trouble until both gateways serve and take people in. */
  readonly recovery: number;
  readonly left: number;
  readonly people: People;
};

/** Milliseconds until a trouble must have been noticed: 750 without a heartbeat, and time for a busy machine. */
const noticed = 1500;

/** Puts a site through one trouble that lasts `lasts` milliseconds; `round` tells it from the same one before. */
export async function endure(
  site: Replicas,
  place: TroubledRedis,
  trouble: Trouble,
  lasts: number,
  round = 0,
): Promise<Outcome> {
  const people = await People.gather(site, `${trouble.name.replaceAll(' ', '-')}-${round}`);
  people.start();
  await pause(300);
  await trouble.begin(place);
  // Until it is noticed, what was sent before may still be answered.
  await pause(noticed);
  people.trouble = trouble;
  const left = await people.leave();
  await pause(Math.max(0, lasts - noticed));
  people.trouble = undefined;
  const over = performance.now();
  await trouble.end(place);
  await people.served();
  const recovery = Math.round(performance.now() - over);
  await people.finish();
  return { recovery, left, people };
}

/**
 * Takes the master away from a site on sentinels, or has them put another in its place while it lives; the recovery is
 * counted from that moment.
 */
export async function failOver(
  site: Replicas,
  sentinels: RedisSentinels,
  how: 'killed' | 'replaced',
): Promise<Outcome> {
  const people = await People.gather(site, how);
  people.start();
  await pause(300);
  const master = await sentinels.master();
  const over = performance.now();
  if (how === 'killed') await master.kill();
  else await sentinels.failOver();
  const left = await people.leave();
  if (how === 'killed') await sentinels.failedOver(master);
  await people.served();
  const recovery = Math.round(performance.now() - over);
  await people.finish();
  return { recovery, left, people };
}

/** Who was answered what, for a diagnosis. */
export function summary({ people, recovery, left }: Outcome): string {
  const counts = [...people.outcomes].map(([who, statuses]) => {
    const each = [...statuses].sort().map(([status, count]) => `${count} × ${status}`);
    return `${who} ${each.join(', ')}`;
  });
  return `served again after ${recovery} ms; ${left} signed out meanwhile; ${counts.join('; ')}`;
}
