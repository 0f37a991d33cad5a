import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { AdminClient } from '../support/admin-client.ts';
import { startApplicationServer } from '../support/application-server.ts';
import { missing } from '../support/real-part.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import { RedisServer } from '../support/redis-server.ts';
import { password } from '../support/site.ts';
import { Replicas } from './replicas.ts';

describe('what needs somebody, on two gateways', { skip: missing('redis-server') }, () => {
  let redis: RedisServer;
  let senders: RealSenders;
  let site: Replicas;
  let ada: AdminClient;

  before(async () => {
    redis = await RedisServer.start();
    senders = await startRealSenders();
    site = await Replicas.start({ store: { redis: { url: redis.url } }, config: senders.config });
    const user = await site.rooms.local.create({ name: 'ada', password }, 'test');
    await site.rooms.roles.grant(user.key, { role: 'administrator', by: 'test' });
    ada = new AdminClient(site.consolePorts[1], site.clock);
    const done = await ada.signIn('ada', password);
    assert.equal(done.json?.status, 'done', done.text);
    await site.rooms.delivery.change(
      'default',
      'email',
      { host: '127.0.0.1', port: senders.mail.port, security: 'none', from: 'gateway@example.com' },
      'test',
    );
  });
  after(async () => {
    await site?.stop();
    await senders?.close();
    await redis?.remove();
  });

  /** Resolves once it is true; the test's own time-out ends what never is. */
  const eventually = async (look: () => Promise<boolean>): Promise<void> => {
    while (!(await look())) await pause(20);
  };

  it('names a store that keeps nothing, and counts sessions and tunnels of both', async () => {
    const [here, there] = await site.signedIn('anna');
    const [one, other] = [await here.open('/desk/one'), await there.open('/desk/two')];
    await eventually(async () => (await ada.admin('GET', 'home')).json.tunnels.open === 2);
    const { json } = await ada.admin('GET', 'home');
    assert.deepEqual(json.tunnels, { open: 2, replicas: 2 });
    assert.ok(json.sessions.granted + json.sessions.active >= 1, JSON.stringify(json.sessions));
    const store = json.attention.find(({ kind }: { kind: string }) => kind === 'store-not-persistent');
    assert.match(store?.advice ?? '', /appendonly/);
    one.close();
    other.close();
  });

  it('tells a receiver once of what both have seen', async () => {
    const wish = { name: 'Night', channel: 'email', target: 'night@example.com', events: ['server'] };
    assert.equal((await ada.admin('POST', 'alerts', wish)).status, 201);
    const gone = await startApplicationServer();
    const application = {
      name: 'gone',
      path: '/gone',
      servers: [gone.url],
      health: { interval: 1, timeout: 1 },
    };
    assert.equal((await ada.admin('POST', 'applications', { application })).status, 201);
    const states = async (): Promise<string[]> => {
      const { json } = await ada.admin('GET', 'servers');
      const found = json.items.find((each: { application: string }) => each.application === 'gone');
      return found?.replicas.map(({ state }: { state: string }) => state) ?? [];
    };
    await eventually(async () => String(await states()) === 'up,up');
    await gone.close();
    await eventually(async () => String(await states()) === 'down,down');
    const told = () => senders.mail.taken.filter(({ text }) => text.includes(gone.url)).length;
    await eventually(async () => told() > 0);
    assert.match((await ada.admin('GET', 'home')).text, /server-down/);
    // Whoever came second has had its say as well.
    await pause(300);
    assert.equal(told(), 1);
  });

  it('shows branding that was chosen on one to every process', async () => {
    const changed = await ada.change('PATCH', 'branding', { name: 'Both' });
    assert.equal(changed.status, 204, changed.text);
    // The same store, from a third process.
    await eventually(async () => site.rooms.brandings.current('default').name === 'Both');
  });
});
