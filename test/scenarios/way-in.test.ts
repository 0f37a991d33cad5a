import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { password, type Site, startSite } from '../support/site.ts';

describe('the way in, by the API', () => {
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.stop());

  it('refuses everybody who has not signed in: a navigation goes to sign-in, a call gets a problem, an upgrade 401', async () => {
    const stranger = site.client();
    const page = await stranger.navigate('/deep/page?x=1');
    assert.equal(page.status, 302);
    assert.match(page.headers.location ?? '', /\/\.sallyport\/sign-in\?returnTo=%2Fdeep%2Fpage%3Fx%3D1$/);
    const call = await stranger.get('/data.json');
    assert.deepEqual([call.status, call.json.code], [401, 'sign-in-required']);
    await assert.rejects(stranger.open('/session'), { message: '401' });
  });

  it('leads from password and enrolment to a live session, and ends it everywhere at sign-out', async () => {
    await site.addUser('anna');
    const anna = site.client();
    const begun = await anna.call('POST', 'sign-in', { username: 'anna', password });
    assert.equal(begun.json.status, 'enrol');
    await assert.rejects(anna.open('/session'), { message: '401' }, 'a pending sign-in opens nothing');

    const done = await anna.enrol();
    assert.equal(done.json.session.state, 'granted');
    assert.equal(done.json.recoveryCodes.length, 10);

    const page = await anna.get('/');
    assert.equal(page.status, 200);
    assert.equal((await anna.call('GET', 'session')).json.state, 'granted', 'a page starts no clock');

    const tunnel = await anna.open('/session');
    assert.match(await tunnel.next(), /Hello anna/);
    assert.equal((await anna.call('GET', 'session')).json.state, 'active');

    assert.equal((await anna.call('DELETE', 'session')).status, 204);
    await tunnel.closed;
    assert.equal((await anna.get('/')).status, 401);
  });
});
