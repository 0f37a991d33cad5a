import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { freePort } from '../support/free-port.ts';
import { type Site, startSite } from '../support/site.ts';

describe('calls about applications', () => {
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

  const mail = () => ({ name: 'mail', title: 'Post', path: '/mail', servers: [server.url] });

  it('add, change and remove one, in force at once, without touching what is none of its concern', async () => {
    const anna = await site.signedIn('anna');
    const other = await anna.open('/desk/ws');
    assert.equal((await anna.get('/mail/')).status, 404);
    const added = await owner.admin('POST', 'applications', { application: mail() });
    assert.equal(added.status, 201, added.text);
    assert.equal((await anna.get('/mail/')).status, 200);
    assert.deepEqual((await anna.call('GET', 'session')).json.applications.length, 2);
    const tunnel = await anna.open('/mail/ws');

    const seen = await owner.admin('GET', 'applications/mail');
    const etag = String(seen.headers.etag);
    assert.deepEqual([seen.json.source, seen.json.application.title], ['store', 'Post']);
    const narrowed = { application: { ...mail(), title: 'Mail', allow: { users: ['bert'] } } };
    const unseen = await owner.admin('PUT', 'applications/mail', narrowed);
    assert.equal(unseen.json.code, 'if-match-required');
    const changed = await owner.admin('PUT', 'applications/mail', narrowed, { 'if-match': etag });
    assert.equal(changed.status, 200, changed.text);
    await tunnel.closed;
    assert.equal((await anna.get('/mail/')).status, 403);
    const late = await owner.admin('PUT', 'applications/mail', narrowed, { 'if-match': etag });
    assert.deepEqual([late.status, late.json.code], [412, 'changed-meanwhile']);

    assert.equal((await owner.change('DELETE', 'applications/mail', undefined)).status, 204);
    assert.equal((await anna.get('/mail/')).status, 404);
    assert.ok(other.isOpen());
    assert.equal((await owner.admin('GET', 'applications/mail')).json.code, 'unknown-application');
    other.close();
  });

  it('leave those of the file alone', async () => {
    const listed = await owner.admin('GET', 'applications');
    const [desk] = listed.json.items;
    assert.deepEqual([desk.name, desk.source, desk.inForce], ['desk', 'file', true]);
    const body = { application: { name: 'desk', path: '/desk', servers: [server.url] } };
    const added = await owner.admin('POST', 'applications', body);
    assert.deepEqual([added.status, added.json.code], [422, 'invalid-application'], added.text);
    assert.deepEqual(
      added.json.issues.map(({ path }: { path: string }) => path),
      ['name', 'path'],
    );
    const changed = await owner.admin('PUT', 'applications/desk', body, { 'if-match': '"1"' });
    assert.equal(changed.json.code, 'set-by-file');
    const removed = await owner.admin('DELETE', 'applications/desk', undefined, { 'if-match': '"1"' });
    assert.equal(removed.json.code, 'set-by-file');
  });

  it('drain and resume a server, whoever configured it', async () => {
    const bert = await site.signedIn('bert');
    const tunnel = await bert.open('/desk/ws');
    const which = { application: 'desk', server: server.url };
    assert.deepEqual((await owner.admin('POST', 'servers/drain', which)).json, { changed: true });
    assert.deepEqual((await owner.admin('POST', 'servers/drain', which)).json, { changed: false });
    await assert.rejects(bert.open('/desk/ws'), /503/);
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');
    const [desk] = (await owner.admin('GET', 'applications')).json.items;
    assert.deepEqual([desk.servers[0].draining, desk.servers[0].configured], [true, false]);
    const { items } = (await owner.admin('GET', 'servers')).json;
    assert.deepEqual([items[0].state, items[0].tunnels, items[0].replicas.length], ['draining', 1, 1]);
    await site.restart();
    await assert.rejects(bert.open('/desk/ws'), /503/, 'it is stored');
    assert.deepEqual((await owner.admin('POST', 'servers/resume', which)).json, { changed: true });
    (await bert.open('/desk/ws')).close();
    const unknown = await owner.admin('POST', 'servers/drain', { ...which, server: 'http://10.0.0.1' });
    assert.equal(unknown.json.code, 'unknown-application');
  });

  it('try servers before they are kept', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const application = { ...mail(), servers: [server.url, nobody] };
    const tried = await owner.admin('POST', 'applications/test', { application });
    assert.equal(tried.status, 200, tried.text);
    const [here, gone] = tried.json.servers;
    assert.deepEqual([here.server, here.ok, here.status], [server.url, true, 200]);
    assert.deepEqual([gone.server, gone.ok], [nobody, false]);
    assert.match(gone.reason, /ECONNREFUSED/);
    const [desk] = (await owner.admin('POST', 'applications/desk/test')).json.servers;
    assert.equal(desk.ok, true);
    assert.equal((await owner.admin('GET', 'applications')).json.items.length, 1);
  });

  it('do not lead back to the gateway itself unless that is meant', async () => {
    const application = { ...mail(), servers: [`http://localhost:${site.managementPort}`] };
    for (const call of ['applications', 'applications/test']) {
      const refused = await owner.admin('POST', call, { application });
      assert.deepEqual(
        [refused.status, refused.json.code, refused.json.listener],
        [409, 'own-listener', 'management'],
      );
    }
    const meant = await owner.admin('POST', 'applications/test', { application, acceptOwnListeners: true });
    assert.equal(meant.status, 200);
  });

  it('are for administrators of the whole site', async () => {
    const helpdesk = await signedInAs(site, 'helpdesk');
    assert.equal((await helpdesk.admin('GET', 'applications')).status, 200);
    for (const [method, path] of [
      ['POST', 'applications'],
      ['POST', 'applications/test'],
      ['PUT', 'applications/desk'],
      ['DELETE', 'applications/desk'],
      ['POST', 'servers/drain'],
    ] as const) {
      const refused = await helpdesk.admin(method, path, {}, { 'if-match': '"1"' });
      assert.deepEqual([refused.status, refused.json.code], [403, 'not-allowed'], path);
    }
  });
});
