import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { AdminClient } from '../support/admin-client.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import { password } from '../support/site.ts';
import { Replicas, withinASecond } from './replicas.ts';

describe('what is administered on one gateway, seen on the other', { skip: missing('redis-server') }, () => {
  let redis: RedisServer;
  let site: Replicas;
  let mail: ApplicationServer;
  let olivia: AdminClient;

  before(async () => {
    redis = await RedisServer.start();
    mail = await startApplicationServer();
    site = await Replicas.start({ store: { redis: { url: redis.url } } });
    // Somebody new at the console of the first one.
    const ada = await site.rooms.local.create({ name: 'ada', password }, 'test');
    await site.rooms.roles.grant(ada.key, { role: 'administrator', by: 'test' });
    olivia = new AdminClient(site.consolePorts[0], site.clock);
    const done = await olivia.signIn('ada', password);
    assert.equal(done.json?.status, 'done', done.text);
  });
  after(async () => {
    await site?.stop();
    await mail?.close();
    await redis?.remove();
  });

  /** Resolves as soon as it is true, within the second that the product promises. */
  const soon = (look: () => Promise<boolean>): Promise<void> =>
    withinASecond(
      (async () => {
        while (!(await look())) await pause(20);
      })(),
    );

  it('an application that is added serves there within a second, is changed without touching other tunnels, and goes', async () => {
    const [, there] = await site.signedIn('anna');
    const desk = await there.open('/desk/ws');
    const application = { name: 'mail', path: '/mail', servers: [mail.url] };
    const added = await olivia.admin('POST', 'applications', { application });
    assert.equal(added.status, 201, added.text);
    await soon(async () => (await there.get('/mail/')).status === 200);
    const tunnel = await there.open('/mail/ws');
    const narrowed = { application: { ...application, allow: { users: ['bert'] } } };
    assert.equal((await olivia.change('PUT', 'applications/mail', narrowed)).status, 200);
    await withinASecond(tunnel.closed);
    assert.equal((await there.get('/mail/')).status, 403);
    assert.equal((await olivia.change('DELETE', 'applications/mail', undefined)).status, 204);
    await soon(async () => (await there.get('/mail/')).status === 404);
    desk.send('still here');
    assert.equal(await desk.next(), 'still here');
    desk.close();
  });

  it('a remote session there is listed and closed from here, and a session is ended', async () => {
    const [here, there] = await site.signedIn('bert');
    const [one, other] = [await there.open('/desk/one'), await here.open('/desk/two')];
    const user = encodeURIComponent(await site.userKey('bert'));
    const { json } = await olivia.admin('GET', `tunnels?user=${user}`);
    assert.deepEqual([json.items.length, json.replicas], [2, 2]);
    for (const { id } of json.items) {
      const closed = await olivia.admin('POST', `tunnels/${id}/close`, { reason: 'maintenance' });
      assert.deepEqual(closed.json, { closed: true }, closed.text);
    }
    await withinASecond(Promise.all([one.closed, other.closed]));
    const again = await there.open('/desk/one');
    const ended = await olivia.admin('POST', `sessions/${user}/end`, { reason: 'left' });
    assert.deepEqual(ended.json, { ended: 1 }, ended.text);
    await withinASecond(again.closed);
    assert.equal((await there.get('/desk/')).status, 401);
  });

  it('a server that is drained takes nobody new there, until it is resumed; its health comes from both', async () => {
    const [, there] = await site.signedIn('carla');
    const tunnel = await there.open('/desk/ws');
    const which = { application: 'desk', server: site.server.url };
    assert.deepEqual((await olivia.admin('POST', 'servers/drain', which)).json, { changed: true });
    const refuses = () =>
      there.open('/desk/ws').then(
        (opened) => {
          opened.close();
          return false;
        },
        () => true,
      );
    await soon(refuses);
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');
    const [server] = (await olivia.admin('GET', 'servers')).json.items;
    assert.deepEqual([server.state, server.replicas.length, server.tunnels], ['draining', 2, 1]);
    assert.deepEqual((await olivia.admin('POST', 'servers/resume', which)).json, { changed: true });
    await soon(async () => !(await refuses()));
    tunnel.close();
  });

  it('people of a directory that is added sign in there, and lose their sessions when it is removed', {
    skip: missing('slapd'),
  }, async () => {
    const directory = await startOpenLdap();
    try {
      await directory.addPerson('dora', 'the password of dora');
      const corp = {
        name: 'corp',
        type: 'ldap',
        kind: 'openldap',
        servers: [`ldap://127.0.0.1:${directory.port}`],
        allowPlain: true,
        baseDn: openLdapBase,
        bindDn: directory.admin.dn,
        password: directory.admin.password,
      };
      const tried = await olivia.admin('POST', 'directories/test', { directory: corp });
      assert.equal(tried.status, 200, tried.text);
      const people = tried.json.findings.find(({ about }: { about: string }) => about === 'people');
      assert.equal(people.ok, true, tried.text);
      const added = await olivia.admin('POST', 'directories', { directory: corp });
      assert.equal(added.status, 201, added.text);
      assert.equal(added.text.includes(directory.admin.password), false);
      const dora = site.client(1);
      await soon(async () => {
        const begun = await dora.call('POST', 'sign-in', {
          username: 'dora',
          password: 'the password of dora',
        });
        return begun.json?.status === 'enrol';
      });
      assert.equal((await dora.enrol()).json?.status, 'done');
      const tunnel = await dora.open('/desk/ws');
      const running = await olivia.admin('POST', 'directories/corp/test');
      assert.equal(running.json.findings[0].ok, true, running.text);
      const renamed = await olivia.change('PUT', 'directories/corp', {
        directory: { ...corp, password: undefined, recheck: 30 },
      });
      assert.equal(renamed.status, 200, renamed.text);
      assert.equal((await olivia.change('DELETE', 'directories/corp', undefined)).status, 204);
      await withinASecond(tunnel.closed);
      assert.equal((await dora.get('/desk/')).status, 401);
    } finally {
      await directory.stop();
    }
  });
});
