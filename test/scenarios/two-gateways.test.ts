import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog } from '../../src/audit/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/index.ts';
import { systemRandom } from '../../src/random.ts';
import { openRooms, type Rooms, subscription } from '../../src/server/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { freePort } from '../support/free-port.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password } from '../support/site.ts';
import { SiteClient, type Tunnel } from '../support/site-client.ts';

/** Resolves when it happens, within the second that the product promises; rejects otherwise. */
async function withinASecond(happens: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const inTime = await Promise.race([
    happens.then(() => true),
    pause(1000, false, { signal: late.signal }).catch(() => false),
  ]);
  late.abort();
  assert.ok(inTime, 'not within a second');
}

async function echoes(tunnel: Tunnel): Promise<void> {
  tunnel.send('still here');
  assert.equal(await tunnel.next(), 'still here');
}

describe('two gateway processes on one store', () => {
  const folder = scratchFolder();
  const gateways: [GatewayProcess, GatewayProcess] = [new GatewayProcess(), new GatewayProcess()];
  let offset = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
  const files: string[] = [];
  let ports: readonly [number, number];
  let server: ApplicationServer;
  let rooms: Rooms;

  before(async () => {
    server = await startApplicationServer();
    ports = [await freePort(), await freePort()];
    for (const [index, port] of ports.entries()) {
      const file = join(folder.path, `gateway-${index}.yaml`);
      const content = {
        listen: { host: 'localhost', port },
        management: { port: await freePort() },
        // What people see: a load balancer in front of both.
        publicUrl: `http://localhost:${ports[0]}`,
        dataDir: join(folder.path, 'data'),
        trustedNetworks: ['127.0.0.0/8'],
        applications: [{ name: 'desk', path: '/desk', servers: [server.url] }],
      };
      writeFileSync(file, JSON.stringify(content));
      files.push(file);
    }
    // At the same moment, on a store that is not there yet: they agree on one installation and one master key.
    const links = await Promise.all(gateways.map((gateway, index) => gateway.start(files[index] ?? '')));
    const config = loadConfig({ file: files[0] ?? '', environment: {} });
    rooms = await openRooms({ config, clock, random: systemRandom, log: createLog({ level: 'silent' }) });
    const owner = client(0);
    let begun = '';
    for (const link of links) {
      const wish = { ticket: link?.split('#')[1], username: 'olivia', password };
      if (begun !== 'enrol') begun = (await owner.call('POST', 'owner', wish)).json?.status;
    }
    assert.equal((await owner.enrol()).json?.status, 'done');
  });
  after(async () => {
    await rooms?.close();
    for (const gateway of gateways) await gateway.kill();
    await server?.close();
    folder.remove();
  });

  /** Somebody whom the load balancer sends to this gateway. */
  const client = (gateway: 0 | 1): SiteClient =>
    new SiteClient(ports[gateway], clock, 'http', `localhost:${ports[0]}`);
  /** The same browser, sent to the other one. */
  const atOther = (one: SiteClient, gateway: 0 | 1): SiteClient => {
    const other = client(gateway);
    other.secret = one.secret;
    for (const [host, jar] of one.cookies) other.cookies.set(host, jar);
    return other;
  };
  const signedIn = async (name: string): Promise<[SiteClient, SiteClient]> => {
    await rooms.local.create({ name, password }, 'test');
    const here = client(0);
    const done = await here.signIn(name, password);
    assert.equal(done.json?.status, 'done', done.text);
    return [here, atOther(here, 1)];
  };
  const passAStep = async (): Promise<void> => {
    offset += 31_000;
    for (const gateway of gateways) await gateway.setClock(offset);
  };
  const userKey = async (name: string): Promise<string> => (await rooms.local.lookUp(name))?.key ?? '';

  /** Resolves when the audit log has so many entries of this type with this text in them; rejects when it has more. */
  const recorded = async (type: string, text: string, count: number): Promise<void> => {
    for (let found = -1; found !== count; await pause(20)) {
      const { items } = await rooms.store.read('audit', { tags: [`type:${type}`], limit: 100 });
      found = items.filter(({ value }) => JSON.stringify(value).includes(text)).length;
      assert.ok(found <= count, `${found} entries of ${type}`);
    }
  };

  it('a session of one is a session of the other, and its end on one closes its tunnels on both within a second', async () => {
    const [here, there] = await signedIn('anna');
    const [, bert] = await signedIn('bert');
    const tunnels = [await here.open('/desk/ws'), await there.open('/desk/ws')];
    const his = await bert.open('/desk/ws');
    for (const tunnel of tunnels) await echoes(tunnel);
    assert.equal((await here.call('DELETE', 'session')).status, 204);
    await withinASecond(Promise.all(tunnels.map(({ closed }) => closed)));
    assert.equal((await there.get('/desk/page')).status, 401);
    await echoes(his);
  });

  it('one that was asleep while a session was revoked closes its tunnels within a second of waking', {
    skip: process.platform === 'win32',
  }, async () => {
    const [here, there] = await signedIn('ivan');
    const tunnel = await there.open('/desk/ws');
    // The last thing that the opening writes: asleep in the middle of a write it would keep everybody from writing.
    await recorded('remote-session.start', '"ivan"', 1);
    gateways[1].freeze();
    const revoked = await here.call('DELETE', 'session').finally(() => gateways[1].thaw());
    const asked = there.get('/desk/page');
    await withinASecond(tunnel.closed);
    assert.equal(revoked.status, 204);
    assert.equal((await asked).status, 401, 'not even what was asked in its sleep');
  });

  it('two simultaneous first openings on the two give one T1', async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = `carl-${round}`;
      const [here, there] = await signedIn(name);
      const wishes = [here, there, here, there].map((visitor) => visitor.open('/desk/ws'));
      for (const tunnel of await Promise.all(wishes)) tunnel.close();
      const seen = [here, there].map(async (visitor) => (await visitor.call('GET', 'session')).json);
      const [first, second] = await Promise.all(seen);
      assert.equal(first.state, 'active');
      assert.ok(first.firstSessionAt);
      assert.deepEqual(second, first);
      const [record] = await rooms.sessions.listOf({ subscription, user: await userKey(name) });
      assert.equal(record?.state.name, 'active');
      assert.equal(new Date(record.state.firstSessionAt).toISOString(), first.firstSessionAt);
    }
    // Whichever of them had it told the audit log, once each.
    await recorded('session.active', '"carl-', 10);
  });

  it('the same code at the same instant on both is accepted once', async () => {
    const [here] = await signedIn('dora');
    for (let round = 0; round < 10; round += 1) {
      await passAStep();
      const visitors = [atOther(here, 0), atOther(here, 1)];
      for (const visitor of visitors) {
        // Each in a browser of their own.
        visitor.cookies.clear();
        const begun = await visitor.call('POST', 'sign-in', { username: 'dora', password });
        assert.equal(begun.json.status, 'verify', begun.text);
      }
      const proof = { method: 'app', code: here.code() };
      const answers = await Promise.all(
        visitors.map((visitor) => visitor.call('POST', 'sign-in/verify', proof)),
      );
      const results = answers.map(({ json }) => (json.status === 'done' ? 'done' : json.code)).sort();
      assert.deepEqual(results, ['code-already-used', 'done']);
    }
    const granted = await rooms.sessions.listOf({ subscription, user: await userKey('dora') });
    assert.equal(granted.length, 11);
  });

  it('one sign-in at both at the same instant is granted once, and so is one recovery code', async () => {
    await rooms.local.create({ name: 'emil', password }, 'test');
    const emil = client(0);
    await emil.call('POST', 'sign-in', { username: 'emil', password });
    const { recoveryCodes } = (await emil.enrol()).json;
    for (let round = 0; round < 5; round += 1) {
      emil.cookies.clear();
      await emil.call('POST', 'sign-in', { username: 'emil', password });
      // The same pending sign-in, sent to both with different recovery codes.
      const codes = [recoveryCodes.pop(), recoveryCodes.pop()];
      const both = [atOther(emil, 0), atOther(emil, 1)].map((visitor, index) =>
        visitor.call('POST', 'sign-in/verify', { method: 'recovery', code: codes[index] }),
      );
      const done = (await Promise.all(both)).filter(({ json }) => json.status === 'done');
      assert.equal(done.length, 1);
    }
    const granted = await rooms.sessions.listOf({ subscription, user: await userKey('emil') });
    assert.equal(granted.length, 6);
  });

  it('two enrolments of one user at the same instant give one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `faye-${round}`;
      await rooms.local.create({ name, password }, 'test');
      const visitors = [client(0), client(1)];
      for (const visitor of visitors) await visitor.call('POST', 'sign-in', { username: name, password });
      const answers = await Promise.all(visitors.map((visitor) => visitor.enrol()));
      const results = answers
        .map(({ json }) => json.status ?? json.code)
        .map(String)
        .sort();
      assert.deepEqual(results.filter((result) => result === 'done').length, 1, results.join());
      const { factors } = await rooms.administration.factors.read(subscription, await userKey(name));
      assert.equal(factors.apps.length, 1);
      const winner = visitors[answers.findIndex(({ json }) => json.status === 'done')];
      assert.equal((await winner?.get('/desk/page'))?.status, 200);
    }
  });

  it('wrong codes on both count together', async () => {
    const [here] = await signedIn('gina');
    const visitors = [atOther(here, 0), atOther(here, 1)];
    for (const visitor of visitors) {
      visitor.cookies.clear();
      await visitor.call('POST', 'sign-in', { username: 'gina', password });
    }
    const wrong = { method: 'app', code: here.code(1000) };
    const guesses = Array.from({ length: 12 }, (_, index) =>
      visitors[index % 2]?.call('POST', 'sign-in/verify', wrong),
    );
    const statuses = (await Promise.all(guesses)).map((answer) => answer?.status).sort();
    assert.deepEqual(statuses, [401, 401, 401, 401, ...Array.from({ length: 8 }, () => 429)]);
  });

  it('a setting changed on one is in effect on the other within a second', async () => {
    await rooms.local.create({ name: 'hugo', password }, 'test');
    await rooms.settings.update(subscription, { digits: 9 }, 'test');
    const askedFor = async (gateway: 0 | 1): Promise<number> => {
      const begun = await client(gateway).call('POST', 'sign-in', { username: 'hugo', password });
      return begun.json.methods[0].digits;
    };
    const both = async (): Promise<void> => {
      while ((await askedFor(0)) !== 9 || (await askedFor(1)) !== 9) await pause(20);
    };
    await withinASecond(both());
    await rooms.settings.reset(subscription, ['digits'], 'test');
  });

  it('one goes on when the other is killed at work, and hears of what the next one does', async () => {
    const [here] = await signedIn('jane');
    const tunnel = await here.open('/desk/ws');
    for (let round = 0; round < 3; round += 1) {
      const name = `kurt-${round}`;
      await rooms.local.create({ name, password }, 'test');
      const kurt = client(1);
      await kurt.call('POST', 'sign-in', { username: name, password });
      const doomed = kurt.enrol().catch(() => undefined);
      const [, laura] = [await pause(3), await signedIn(`laura-${round}`).finally(() => gateways[1].kill())];
      await doomed;
      assert.equal((await laura[0].get('/desk/page')).status, 200);
      await echoes(tunnel);
      gateways[1] = new GatewayProcess();
      await gateways[1].start(files[1] ?? '', offset);
      assert.equal((await laura[1].get('/desk/page')).status, 200);
    }
    assert.equal((await atOther(here, 1).call('DELETE', 'session')).status, 204);
    await withinASecond(tunnel.closed);
  });
});
