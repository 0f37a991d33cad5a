import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { issueLicence, newLicenceKey } from '../../src/licence/index.ts';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

const { privateKey, publicKey } = newLicenceKey();

async function started(t: TestContext, config = {}): Promise<{ site: Site; owner: AdminClient }> {
  const site = await startSite({ config });
  t.after(() => site.stop());
  return { site, owner: await ownerAtConsole(site) };
}

describe('the calls about the licence', () => {
  it('say that nothing is limited where nobody distributes', async (t) => {
    const { owner } = await started(t);
    const { json } = await owner.admin('GET', 'licence');
    assert.deepEqual([json.kind, json.users, json.limit], ['unlimited', 1, undefined]);
    const put = await owner.admin('PUT', 'licence', { file: 'x' });
    assert.deepEqual([put.status, put.json.code], [409, 'licence-off']);
  });

  it('take the licence of this installation from an owner of the site, and no other file', async (t) => {
    const { site, owner } = await started(t, { licence: { publicKey } });
    const before = await owner.admin('GET', 'licence');
    assert.deepEqual([before.json.kind, before.json.limit], ['trial', 10]);
    const terms = {
      serial: before.json.serial,
      users: 50,
      edition: 'Standard',
      until: site.clock.now() + 86_400_000,
      issuedAt: site.clock.now(),
    };
    const file = issueLicence(terms, privateKey);
    const administrator = await signedInAs(site, 'administrator');
    assert.equal((await administrator.admin('PUT', 'licence', { file })).status, 403);
    assert.equal((await administrator.admin('GET', 'licence')).status, 200);
    const foreign = issueLicence(terms, newLicenceKey().privateKey);
    const refused = await owner.admin('PUT', 'licence', { file: foreign });
    assert.deepEqual([refused.status, refused.json.code], [422, 'licence-invalid']);
    const put = await owner.admin('PUT', 'licence', { file });
    assert.equal(put.status, 200, put.text);
    assert.deepEqual([put.json.kind, put.json.limit, put.json.full], ['licensed', 50, false]);
  });
});
