import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { password, type Site, startSite } from '../support/site.ts';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z" fill="#a00"/></svg>';

describe('branding by API', () => {
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site?.stop());

  it('is as it comes until somebody chooses', async () => {
    const { json, status, text } = await owner.admin('GET', 'branding');
    assert.equal(status, 200, text);
    assert.equal(json.name, undefined);
    assert.equal(json.logo, undefined);
    assert.ok(json.colours.light.contrast >= 4.5 && json.colours.dark.contrast >= 4.5);
  });

  it('shows on the pages before anybody has signed in: name, logo, colour, helpdesk', async () => {
    const made = await owner.change('PATCH', 'branding', {
      ...{ name: 'ACME', accent: '#FFDD00', helpdesk: 'call 4711' },
      logo: Buffer.from(picture).toString('base64'),
    });
    assert.equal(made.status, 204, made.text);
    const { json } = await owner.admin('GET', 'branding');
    assert.equal(json.accent, '#ffdd00');
    assert.equal(json.colours.light.adjusted, true);
    const page = await site.client().navigate('/.sallyport/sign-in');
    assert.match(page.text, /<title>[^<]* · ACME<\/title>/);
    assert.match(page.text, /call 4711/);
    assert.ok(page.text.includes(`--accent:${json.colours.light.accent}`));
    assert.ok(page.text.includes(`<img class="logo" src="${json.logo.url}"`));
    const logo = await site.client().navigate(json.logo.url);
    assert.equal(logo.status, 200);
    assert.equal(logo.headers['content-type'], 'image/svg+xml');
    assert.match(String(logo.headers['content-security-policy']), /default-src 'none'.*sandbox/);
    assert.equal(logo.headers['x-content-type-options'], 'nosniff');
    assert.equal(logo.text, picture);
    assert.equal((await site.client().navigate('/.sallyport/logo/nothing')).status, 404);
    const plain = await site.client().navigate('/.sallyport/nowhere');
    assert.match(plain.text, /ACME/);
    assert.match(String(plain.headers['content-security-policy']), /img-src 'self'/);
  });

  it('is judged, shown before it is saved, and changed by whoever saw it', async () => {
    const script = Buffer.from(picture.replace('<path', '<script/><path')).toString('base64');
    const wrong = [{ logo: script }, { logo: 'AAAA' }, { accent: 'red' }, { name: '' }, { terms: '\u0007' }];
    for (const change of wrong) {
      const refused = await owner.change('PATCH', 'branding', change);
      assert.equal(refused.json.code, 'invalid-setting', JSON.stringify(change));
    }
    const colours = await owner.admin('GET', 'branding/colours?accent=%23336699');
    assert.equal(colours.json.light.accent, '#336699');
    const seen = await owner.admin('GET', 'branding');
    await owner.change('PATCH', 'branding', { name: 'Other' });
    const late = await owner.admin(
      'PATCH',
      'branding',
      { name: null },
      { 'if-match': String(seen.headers.etag) },
    );
    assert.equal(late.json.code, 'changed-meanwhile');
    const back = await owner.change('PATCH', 'branding', { name: null, logo: null, accent: null });
    assert.equal(back.status, 204);
    assert.equal((await owner.admin('GET', 'branding')).json.logo, undefined);
    const auditor = await signedInAs(site, 'auditor');
    assert.equal((await auditor.change('PATCH', 'branding', { name: 'Mine' })).json.code, 'not-allowed');
  });

  it('asks for the terms after both factors and before the session, once for each version', async () => {
    await site.addUser('tess');
    const first = site.client();
    assert.equal((await first.signIn('tess', password)).json.status, 'done');
    await owner.change('PATCH', 'branding', { terms: 'Be kind.\nLock your screen.' });
    site.clock.advance(30_000);
    const client = site.client();
    client.secret = first.secret;
    const asked = await client.signIn('tess', password);
    assert.equal(asked.json.status, 'accept-terms', asked.text);
    assert.equal(asked.json.text, 'Be kind.\nLock your screen.');
    assert.equal((await client.call('GET', 'session')).status, 401);
    const early = await client.call('POST', 'sign-in/verify', { method: 'app', code: '000000' });
    assert.equal(early.json.code, 'wrong-step');
    const stale = await client.call('POST', 'sign-in/terms', { version: 'another' });
    assert.equal(stale.json.status, 'accept-terms');
    const accepted = await client.call('POST', 'sign-in/terms', { version: asked.json.version });
    assert.equal(accepted.json.status, 'done', accepted.text);
    assert.equal((await client.call('GET', 'session')).status, 200);
    site.clock.advance(30_000);
    const again = site.client();
    again.secret = first.secret;
    assert.equal((await again.signIn('tess', password)).json.status, 'done');
    const { terms } = site.gateway.rooms;
    const tess = await site.gateway.rooms.directories.lookUp('tess');
    assert.equal((await terms.accepted('default', tess?.key ?? ''))?.version, asked.json.version);
    await site.gateway.rooms.audit.flush();
    const entries = await site.gateway.rooms.store.read('audit', { tags: ['type:terms.accepted'], limit: 5 });
    assert.equal(entries.items.length, 1);
  });

  it('asks somebody without a second factor too', async () => {
    const { administration } = site.gateway.rooms;
    const kim = await site.addUser('kim');
    await administration.list.put('default', {
      ...{ subject: `user:${kim}`, mode: 'exempt', since: 0, until: site.clock.now() + 86_400_000 },
      reason: 'a kiosk',
    });
    const client = site.client();
    const asked = await client.call('POST', 'sign-in', { username: 'kim', password });
    assert.equal(asked.json.status, 'accept-terms', asked.text);
    const done = await client.call('POST', 'sign-in/terms', { version: asked.json.version });
    assert.equal(done.json.status, 'done', done.text);
  });
});
