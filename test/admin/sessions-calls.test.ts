import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { type Site, startSite } from '../support/site.ts';

const reason = { reason: 'left the company' };

describe('calls about sessions', () => {
  let server: ApplicationServer;
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    server = await startApplicationServer();
    const applications = [{ name: 'desk', path: '/desk', servers: [server.url] }];
    site = await startSite({ config: { applications } });
    owner = await ownerAtConsole(site);
  });
  after(async () => {
    await site.stop();
    await server.close();
  });

  const keyOf = async (name: string) => (await site.gateway.rooms.local.lookUp(name))?.key ?? '';
  const path = (...parts: string[]) => parts.map(encodeURIComponent).join('/');

  it('show who has one, by name and state, and when it ends', async () => {
    const anna = await site.signedIn('anna');
    const listed = await owner.admin('GET', 'sessions?name=ann&state=live');
    assert.equal(listed.status, 200, listed.text);
    const [session] = listed.json.items;
    assert.equal(listed.json.items.length, 1);
    assert.deepEqual([session.name, session.state, session.amr], ['anna', 'granted', ['pwd', 'otp']]);
    assert.equal(Date.parse(session.endsAt) - Date.parse(session.verifiedAt), 3_600_000);
    (await anna.open('/desk/ws')).close();
    const active = await owner.admin('GET', `sessions?user=${encodeURIComponent(session.user)}`);
    assert.equal(active.json.items[0].state, 'active');
    assert.ok(active.json.items[0].firstSessionAt);
    const paged = await owner.admin('GET', 'sessions?limit=1');
    assert.equal(paged.json.items.length, 1);
    const rest = await owner.admin('GET', `sessions?limit=200&after=${encodeURIComponent(paged.json.next)}`);
    assert.equal(rest.json.next, undefined);
    assert.ok(!rest.json.items.some(({ id }: { id: string }) => id === paged.json.items[0].id));
  });

  it('end one with its tunnels, and keep the reason', async () => {
    const bert = await site.signedIn('bert');
    const tunnel = await bert.open('/desk/ws');
    const user = await keyOf('bert');
    const [session] = (await owner.admin('GET', `sessions?user=${encodeURIComponent(user)}`)).json.items;
    const ended = await owner.admin('POST', `sessions/${path(user, session.id)}/end`, reason);
    assert.deepEqual([ended.status, ended.json], [200, { ended: true }], ended.text);
    await tunnel.closed;
    assert.equal((await bert.get('/desk/')).status, 401);
    const again = await owner.admin('POST', `sessions/${path(user, session.id)}/end`, reason);
    assert.deepEqual(again.json, { ended: false });
    const { items } = await site.gateway.rooms.store.read('audit', {
      tags: ['type:session.revoked'],
      limit: 1,
    });
    const { note, actor } = (items[0]?.value ?? {}) as { note?: string; actor?: string };
    assert.deepEqual([note, actor], ['left the company', await keyOf('olivia')]);
    const gone = (await owner.admin('GET', 'sessions?state=ended&name=bert')).json.items;
    assert.deepEqual([gone[0].state, gone[0].endedBy], ['revoked', 'ended-by-administrator']);
  });

  it('end all of a user', async () => {
    const carla = await site.signedIn('carla');
    const tunnel = await carla.open('/desk/ws');
    const ended = await owner.admin('POST', `sessions/${path(await keyOf('carla'))}/end`, reason);
    assert.deepEqual(ended.json, { ended: 1 }, ended.text);
    await tunnel.closed;
  });

  it('show remote sessions, and close one without its 2FA session', async () => {
    const dora = await site.signedIn('dora');
    const [one, other] = [await dora.open('/desk/one'), await dora.open('/desk/two')];
    const user = encodeURIComponent(await keyOf('dora'));
    const listed = await owner.admin('GET', `tunnels?user=${user}`);
    assert.equal(listed.status, 200, listed.text);
    assert.deepEqual([listed.json.items.length, listed.json.replicas, listed.json.more], [2, 1, false]);
    const [tunnel] = listed.json.items;
    assert.deepEqual([tunnel.name, tunnel.application, tunnel.server], ['dora', 'desk', server.url]);
    const closed = await owner.admin('POST', `tunnels/${tunnel.id}/close`, reason);
    assert.deepEqual(closed.json, { closed: true }, closed.text);
    await Promise.race([one.closed, other.closed]);
    assert.equal((await owner.admin('GET', `tunnels?user=${user}`)).json.items.length, 1);
    assert.equal((await dora.get('/desk/')).status, 200);
    const again = await owner.admin('POST', `tunnels/${tunnel.id}/close`, reason);
    assert.deepEqual(again.json, { closed: false });
    other.close();
    one.close();
  });

  it('want a reason, and a role that may', async () => {
    for (const body of [
      {},
      { reason: '  ' },
      { reason: 'x'.repeat(201) },
      { reason: 7 },
      { ...reason, more: 1 },
    ]) {
      const refused = await owner.admin('POST', 'sessions/nobody/end', body);
      assert.deepEqual([refused.status, refused.json.code], [400, 'invalid-request'], JSON.stringify(body));
    }
    const auditor = await signedInAs(site, 'auditor');
    assert.equal((await auditor.admin('GET', 'sessions')).status, 200);
    for (const call of ['sessions/nobody/end', 'sessions/nobody/none/end', 'tunnels/none/close']) {
      const refused = await auditor.admin('POST', call, reason);
      assert.deepEqual([refused.status, refused.json.code], [403, 'not-allowed'], call);
    }
    const helpdesk = await signedInAs(site, 'helpdesk');
    const ofOwner = await helpdesk.admin('POST', `sessions/${path(await keyOf('olivia'))}/end`, reason);
    assert.deepEqual([ofOwner.status, ofOwner.json.code], [403, 'not-allowed']);
    assert.deepEqual((await helpdesk.admin('POST', 'sessions/nobody/end', reason)).json, { ended: 0 });
  });
});
