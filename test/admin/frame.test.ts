import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, atConsole, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { password, type Site, startSite } from '../support/site.ts';
import { SiteClient } from '../support/site-client.ts';

const minute = 60_000;

describe('the console listener', () => {
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site.stop());

  it('tells administrators who they are', async () => {
    const answer = await owner.admin('GET', 'me');
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.role, 'owner');
    assert.equal(answer.json.name, 'olivia');
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  it('takes no session of the portal, however it comes, and gives none', async () => {
    const user = site.client();
    user.secret = site.owner.secret;
    site.clock.advance(30_000);
    assert.equal((await user.signIn('olivia', password)).json.status, 'done');
    const token = user.cookie('sallyport-session') ?? '';
    assert.notEqual(token, '');
    const stranger = new SiteClient(site.consolePort, site.clock);
    for (const headers of [
      { cookie: `sallyport-console-session=${token}` },
      { cookie: `sallyport-session=${token}` },
      { authorization: `Bearer ${token}` },
    ]) {
      assert.equal((await stranger.call('GET', 'admin/me', undefined, headers)).status, 401);
    }
    const own = owner.cookie('sallyport-console-session') ?? '';
    assert.notEqual(own, '');
    for (const headers of [
      { cookie: `sallyport-session=${own}` },
      { cookie: `sallyport-console-session=${own}` },
      { authorization: `Bearer ${own}` },
    ]) {
      assert.equal((await site.client().call('GET', 'session', undefined, headers)).status, 401);
    }
  });

  it('refuses whoever has signed in and administers nothing, on every path', async () => {
    await site.addUser('nobody');
    const client = await atConsole(site, 'nobody', '');
    const answer = await client.admin('GET', 'me');
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'not-administrator');
    const page = await client.navigate('/users');
    assert.equal(page.status, 403);
    assert.doesNotMatch(page.text, /id="boot"/);
  });

  it('is not there below the portal', async () => {
    for (const path of ['/.sallyport/api/v1/admin/me', '/.sallyport/api/v1/admin/openapi.json']) {
      const answer = await site.owner.get(path);
      assert.equal(answer.status, 404, answer.text);
    }
  });

  it('takes changes from its own origin only', async () => {
    for (const origin of ['http://evil.example', site.origin, 'null']) {
      const answer = await owner.admin('POST', 'me', {}, { origin });
      assert.notEqual(answer.status, 200);
      const read = await owner.admin('GET', 'me', undefined, { origin });
      assert.equal(read.status, 403, origin);
      assert.equal(read.json.code, 'cross-origin');
    }
  });

  it('answers no other host', async () => {
    const answer = await owner.send('GET', '/.sallyport/api/v1/admin/me', {
      headers: { host: 'rebound.example' },
    });
    assert.equal(answer.status, 404);
    const page = await owner.send('GET', '/.sallyport/sign-in', { headers: { host: 'rebound.example' } });
    assert.equal(page.status, 404);
  });

  it('leads a navigation without a session to its own sign-in, and back to the page that was wanted', async () => {
    const stranger = new SiteClient(site.consolePort, site.clock);
    const answer = await stranger.navigate('/users?q=anna');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/.sallyport/sign-in?returnTo=%2Fusers%3Fq%3Danna');
  });

  it('goes on where a session is renewed, with both clocks of the settings', async () => {
    const helper = await signedInAs(site, 'helpdesk');
    site.clock.advance(70 * minute);
    assert.equal((await helper.admin('GET', 'me')).status, 401, 'nothing was opened within the first hour');
    const auditor = await signedInAs(site, 'auditor');
    assert.equal((await auditor.admin('GET', 'me')).status, 200);
    site.clock.advance(70 * minute);
    assert.equal((await auditor.admin('GET', 'me')).status, 200);
    const renewed = await auditor.call('POST', 'session/renew', { method: 'app', code: auditor.code() });
    assert.equal(renewed.json?.status, 'renewed', renewed.text);
    assert.equal((await auditor.admin('GET', 'me')).status, 200);
  });

  it('ends with the role', async () => {
    const helper = await signedInAs(site, 'helpdesk', { name: 'henry' });
    assert.equal((await helper.admin('GET', 'me')).json.role, 'helpdesk');
    const henry = await site.gateway.rooms.local.lookUp('henry');
    await site.gateway.rooms.roles.withdraw(henry?.key ?? '', undefined);
    assert.equal((await helper.admin('GET', 'me')).status, 403);
  });

  it('answers only the networks it is for', async () => {
    const networks = ['192.0.2.0/24'];
    const port = site.consolePort + 1;
    const closed = await startSite({
      config: { console: { port, networks }, trustedProxies: ['127.0.0.1'] },
    });
    try {
      const client = new SiteClient(port, closed.clock);
      for (const path of ['/', '/.sallyport/sign-in', '/.sallyport/api/v1/admin/me', '/.sallyport/account']) {
        assert.equal((await client.get(path)).status, 403, path);
      }
      const headers = { 'x-forwarded-for': '192.0.2.7' };
      assert.equal((await client.get('/.sallyport/sign-in', { headers })).status, 200);
      assert.equal((await client.call('GET', 'admin/me', undefined, headers)).status, 401);
    } finally {
      await closed.stop();
    }
  });

  it('asks for a new code before a change, once the last one is a quarter of an hour old', async () => {
    const admin = await signedInAs(site, 'administrator', { name: 'ada' });
    const change = () => admin.change('PATCH', 'settings', { codeLifespan: 7 });
    assert.equal((await change()).status, 204);
    site.clock.advance(15 * minute);
    assert.equal((await change()).status, 204);
    site.clock.advance(1);
    const late = await change();
    assert.equal(late.status, 403);
    assert.equal(late.json.code, 'fresh-code-required');
    assert.equal((await admin.admin('GET', 'settings')).status, 200, 'looking needs none');
    const renewed = await admin.call('POST', 'session/renew', { method: 'app', code: admin.code() });
    assert.equal(renewed.json?.status, 'renewed', renewed.text);
    assert.equal((await change()).status, 204);
  });

  it('changes only what somebody has seen as it is', async () => {
    const admin = await signedInAs(site, 'administrator', { name: 'bea' });
    const seen = String((await admin.admin('GET', 'settings')).headers.etag);
    const send = (headers: Record<string, string>, codeLifespan: number) =>
      admin.admin('PATCH', 'settings', { codeLifespan }, headers);
    assert.equal((await send({}, 8)).json.code, 'if-match-required');
    assert.equal((await send({}, 8)).status, 428);
    for (const header of ['*', '8', `W/${seen}`, `${seen}, ${seen}`, '""']) {
      assert.equal((await send({ 'if-match': header }, 8)).status, 400, header);
    }
    assert.equal((await send({ 'if-match': seen }, 8)).status, 204);
    const second = await send({ 'if-match': seen }, 9);
    assert.equal(second.status, 412);
    assert.equal(second.json.code, 'changed-meanwhile');
    assert.equal(site.gateway.rooms.settings.current('default').codeLifespan, 8);
  });

  it('refuses a query that it does not know, or that says a thing twice', async () => {
    for (const query of [
      'limit=5&limit=6',
      'wish=1',
      'subscription=default&subscription=other',
      'limit=0',
      'limit=201',
    ]) {
      assert.equal((await owner.admin('GET', `users?${query}`)).status, 400, query);
    }
  });

  it('writes a change into the audit log before it says that it is done', async () => {
    const admin = await signedInAs(site, 'administrator', { name: 'cleo' });
    assert.equal((await admin.change('PATCH', 'settings', { codeLifespan: 11 })).status, 204);
    const { items } = await site.gateway.rooms.store.read<{ type: string; key?: string; to?: string }>(
      'audit',
      {
        limit: 5,
      },
    );
    assert.ok(items.some(({ value }) => value.type === 'setting.changed' && value.to === '11'));
  });
});
