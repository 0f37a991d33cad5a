import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { freePort } from '../support/free-port.ts';
import { type Site, startSite } from '../support/site.ts';

const secret = 'a secret of the directory';

describe('calls about directories', () => {
  let site: Site;
  let owner: AdminClient;
  let corp: Record<string, unknown>;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    corp = {
      name: 'corp',
      type: 'ldap',
      servers: [`ldaps://127.0.0.1:${await freePort()}`],
      baseDn: 'DC=corp,DC=example',
      bindDn: 'CN=sallyport,DC=corp,DC=example',
      timeout: 1,
    };
  });
  after(() => site.stop());

  it('add, change and remove one, and never tell its password', async () => {
    const lacking = await owner.admin('POST', 'directories', { directory: corp });
    assert.deepEqual([lacking.status, lacking.json.code], [422, 'invalid-directory']);
    assert.deepEqual(lacking.json.issues, [{ path: 'password', rule: 'missing' }]);
    const added = await owner.admin('POST', 'directories', { directory: { ...corp, password: secret } });
    assert.equal(added.status, 201, added.text);
    assert.deepEqual([added.json.source, added.json.inForce, added.json.hasPassword], ['store', true, true]);
    const listed = await owner.admin('GET', 'directories');
    assert.deepEqual(
      listed.json.items.map(({ name, source }: { name: string; source: string }) => [name, source]),
      [
        ['local', 'file'],
        ['corp', 'store'],
      ],
    );
    const changed = await owner.change('PUT', 'directories/corp', { directory: { ...corp, recheck: 30 } });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json.hasPassword, true);
    const moved = { directory: { ...corp, servers: ['ldaps://elsewhere.example'] } };
    const refused = await owner.change('PUT', 'directories/corp', moved);
    assert.deepEqual(refused.json.issues, [{ path: 'password', rule: 'missing' }]);
    for (const { text } of [added, listed, changed, await owner.admin('GET', 'directories/corp')]) {
      assert.equal(text.includes(secret), false);
    }
    const stale = await owner.admin('PUT', 'directories/corp', moved, { 'if-match': '"1"' });
    assert.notEqual(stale.status, 200);
    // A person whose directory does not answer is not somebody unknown.
    const asked = await site.client().call('POST', 'sign-in', { username: 'CORP\\anna', password: 'x' });
    assert.equal(asked.json.code, 'directory-unavailable', asked.text);
    assert.equal((await owner.change('DELETE', 'directories/corp', undefined)).status, 204);
    assert.equal((await owner.admin('GET', 'directories/corp')).json.code, 'unknown-directory');
    assert.equal(site.log().includes(secret), false);
  });

  it('try one before it is kept, and after', async () => {
    const directory = { ...corp, password: secret };
    const tried = await owner.admin('POST', 'directories/test', { directory });
    assert.equal(tried.status, 200, tried.text);
    assert.deepEqual([tried.json.findings[0].about, tried.json.findings[0].ok], ['server', false]);
    assert.equal(tried.text.includes(secret), false);
    assert.deepEqual((await owner.admin('POST', 'directories/local/test')).json, { findings: [] });
    assert.equal((await owner.admin('POST', 'directories/nobody/test')).json.code, 'unknown-directory');
  });

  it('leave those of the file alone', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const body = method === 'PUT' ? { directory: { ...corp, name: 'local' } } : undefined;
      const refused = await owner.admin(method, 'directories/local', body, { 'if-match': '"1"' });
      assert.equal(refused.json.code, 'set-by-file', method);
    }
    const taken = await owner.admin('POST', 'directories', {
      directory: { ...corp, name: 'local', password: secret },
    });
    assert.equal(taken.json.code, 'invalid-directory');
  });

  it('are for administrators of the whole site', async () => {
    const helpdesk = await signedInAs(site, 'helpdesk');
    assert.equal((await helpdesk.admin('GET', 'directories')).status, 200);
    for (const [method, path] of [
      ['POST', 'directories'],
      ['POST', 'directories/test'],
      ['PUT', 'directories/corp'],
      ['DELETE', 'directories/corp'],
    ] as const) {
      const refused = await helpdesk.admin(method, path, {}, { 'if-match': '"1"' });
      assert.deepEqual([refused.status, refused.json.code], [403, 'not-allowed'], path);
    }
  });
});
