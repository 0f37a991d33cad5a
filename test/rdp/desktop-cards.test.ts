import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LogonPermits } from '../../src/rdp/index.ts';
import { password, type Site, startSite } from '../support/site.ts';

const applications = [
  {
    name: 'ts',
    title: 'Terminal servers',
    type: 'rdp',
    servers: ['TS1.corp.example', '10.0.0.2:3390'],
    domain: 'CORP',
  },
  { name: 'books', type: 'rdp', servers: ['ts3:3389'], allow: { users: ['bob'] } },
];

describe('the cards of remote desktops', () => {
  let site: Site;
  before(async () => {
    site = await startSite({ config: { applications } });
  });
  after(() => site.stop());
  const permits = () => new LogonPermits({ store: site.gateway.rooms.store, clock: site.clock });
  const keyOf = async (name: string) => (await site.gateway.rooms.local.lookUp(name))?.key ?? '';

  it('are shown to whom the application is for, one for each server', async () => {
    const alice = await site.signedIn('alice');
    const { json } = await alice.call('GET', 'session');
    assert.deepEqual(json.desktops, [
      {
        application: 'ts',
        title: 'Terminal servers – ts1.corp.example',
        server: 'ts1.corp.example',
        program: false,
      },
      { application: 'ts', title: 'Terminal servers – 10.0.0.2', server: '10.0.0.2', program: false },
    ]);
  });

  it('permit one logon and hand over the file for that user and server', async () => {
    const bob = await site.signedIn('bob');
    const place = { subscription: 'default', user: await keyOf('bob'), server: 'ts1.corp.example' };
    const answer = await bob.call('POST', 'rdp/permit', { application: 'ts', server: 'ts1.corp.example' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.fileName, 'Terminal servers ts1.corp.example.rdp');
    assert.equal(Date.parse(answer.json.until), site.clock.now() + 120_000);
    const file = Buffer.from(answer.json.file, 'base64').toString('utf16le');
    assert.match(file, /full address:s:ts1\.corp\.example:3389\r\nusername:s:CORP\\bob\r\n/);
    assert.equal((await permits().find(place))?.application, 'ts');
    assert.equal(await permits().find({ ...place, server: '10.0.0.2' }), undefined);
  });

  it('are clicked by their own user on our own pages alone', async () => {
    const carol = await site.signedIn('carol');
    const wanted = { application: 'ts', server: 'ts1.corp.example' };
    const from = (origin: string) => carol.call('POST', 'rdp/permit', wanted, { origin });
    assert.equal((await from('https://evil.example')).json.code, 'cross-origin');
    assert.equal(
      (await carol.call('POST', 'rdp/permit', { ...wanted, application: 'books', server: 'ts3' })).json.code,
      'not-assigned',
    );
    assert.equal(
      (await carol.call('POST', 'rdp/permit', { ...wanted, server: 'ts9' })).json.code,
      'not-found',
    );
    assert.equal((await site.client().call('POST', 'rdp/permit', wanted)).status, 401);
    assert.equal(
      await permits().find({
        subscription: 'default',
        user: await keyOf('carol'),
        server: 'ts1.corp.example',
      }),
      undefined,
    );
  });

  it('hand over the file alone to who signed in with a password alone', async () => {
    await site.gateway.rooms.settings.update('default', { enabled: false }, 'test');
    const user = await site.addUser('dave');
    const dave = site.client();
    await dave.call('POST', 'sign-in', { username: 'dave', password });
    const answer = await dave.call('POST', 'rdp/permit', { application: 'ts', server: '10.0.0.2' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.until, undefined);
    assert.equal(await permits().find({ subscription: 'default', user, server: '10.0.0.2' }), undefined);
    await site.gateway.rooms.settings.update('default', { enabled: true }, 'test');
  });

  it('stand in the OpenAPI document, as the check of logons does', async () => {
    const answer = await fetch(`${site.origin}/.sallyport/api/openapi.json`);
    const json = (await answer.json()) as { paths: Record<string, unknown> };
    assert.ok(json.paths['/.sallyport/api/v1/rdp/permit']);
    assert.ok(json.paths['/.sallyport/api/v1/logon-check']);
  });
});
