import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { importUsers } from '../../src/accounts/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { totp, totpKey } from '../../src/second-factors/index.ts';
import { importingOf, peopleOf } from '../../src/server/index.ts';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { password, type Site, startSite } from '../support/site.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

describe('a file of users', () => {
  let site: Site;
  let owner: AdminClient;
  const keyOf = async (name: string): Promise<string> =>
    (await site.gateway.rooms.local.lookUp(name))?.key ?? '';
  const send = (csv: string, dryRun: boolean, more = {}) =>
    owner.admin('POST', 'users/import', { csv, dryRun, ...more });
  const entryOf = async (name: string) =>
    owner.admin('GET', `enabled/${encodeURIComponent(`user:${await keyOf(name)}`)}`);

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    for (const name of ['anna', 'bert', 'cleo', 'dora', 'emil']) await site.addUser(name);
  });
  after(() => site.stop());

  it('is tried without changing anything, and then puts its users on the list', async () => {
    const csv =
      '\ufeffdirectory;user;method;phone;email\r\nlocal;anna;sms;+41 44 668 18 00;\r\n;BERT;email;;bert@example.com\r\n';
    const tried = await send(csv, true);
    assert.equal(tried.status, 200, tried.text);
    assert.equal(tried.json.applied, false);
    assert.equal(tried.json.added, 2);
    assert.deepEqual(
      tried.json.changes.map(({ line, name, entry, method }: Record<string, unknown>) => [
        line,
        name,
        entry,
        method,
      ]),
      [
        [2, 'anna', 'added', 'sms'],
        [3, 'bert', 'added', 'email'],
      ],
    );
    assert.equal((await entryOf('anna')).status, 404);
    assert.equal((await send(csv, false)).json.applied, true);
    assert.equal((await entryOf('anna')).json.phone, '+41446681800');
    assert.equal((await send(csv, true)).json.same, 2);
  });

  it('changes nothing at all when one line is wrong, and says which and what to do', async () => {
    const csv = [
      'user,method,phone,email,secret,digits,issuer,directory',
      'cleo,app,,,,,,',
      'nobody,app,,,,,,',
      'dora,pigeon,123,x,not base32!,99,a:b,',
      'cleo,,,,,,,',
      ',app,,,,,,',
      'emil,,,,,6,,',
      'emil,,,,ABCDEFGH,,,',
      'emil,,,,,,,mars',
      'emil,,,,,,,,too,many',
      'olivia,,,,JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP,,,',
    ].join('\n');
    const refused = await send(csv, false);
    assert.equal(refused.status, 200, refused.text);
    assert.equal(refused.json.applied, false);
    assert.deepEqual(
      refused.json.problems.map(({ line, column, code }: Record<string, unknown>) => [
        line,
        column ?? '',
        code,
      ]),
      [
        [3, 'user', 'unknown-user'],
        [4, 'method', 'unknown-method'],
        [4, 'phone', 'invalid-phone-number'],
        [4, 'email', 'invalid-address'],
        [4, 'secret', 'invalid-secret'],
        [4, 'digits', 'invalid-digits'],
        [4, 'issuer', 'invalid-issuer'],
        [5, 'user', 'repeated-user'],
        [6, 'user', 'empty-user'],
        [7, 'digits', 'secret-needed'],
        [8, 'secret', 'short-secret'],
        [9, 'directory', 'unknown-directory'],
        [10, '', 'too-many-fields'],
        [11, 'secret', 'already-enrolled'],
      ],
    );
    assert.match(refused.json.problems[0].text, /Nobody is called “nobody”/);
    assert.ok(!refused.text.includes('not base32!'));
    assert.equal((await entryOf('cleo')).status, 404);
  });

  it('names what is wrong with the file as a whole', async () => {
    const codes = async (csv: string): Promise<string[]> =>
      (await send(csv, true)).json.problems.map(({ code }: { code: string }) => code);
    assert.deepEqual(await codes(' \n'), ['no-heading']);
    assert.deepEqual(await codes('name,phone\nx,y'), ['unknown-column', 'no-user-column']);
    assert.deepEqual(await codes('user,user\nanna,bert'), ['repeated-column']);
    assert.deepEqual(await codes('user\n"anna'), ['unclosed-quote']);
    assert.deepEqual(await codes('user\nJ\ufffdr\ufffdme'), ['not-utf-8']);
    assert.deepEqual(await codes(`user\n${'anna\n'.repeat(10_001)}`), ['too-many-lines']);
    assert.equal((await owner.admin('POST', 'users/import', { csv: '', dryRun: true })).status, 400);
  });

  it('takes over authenticator keys, so that what is on the phone goes on working', async () => {
    const csv = `user,secret,digits,issuer\nemil,${secret.toLowerCase()},8,Old Portal\n`;
    const done = await send(csv, false);
    assert.equal(done.json.secrets, 1, done.text);
    assert.equal((await send(csv, true)).json.same, 1);
    const client = site.client();
    const begun = await client.call('POST', 'sign-in', { username: 'emil', password });
    assert.equal(begun.json.status, 'verify', begun.text);
    const code = totp(
      totpKey(Buffer.from('48656c6c6f21deadbeef48656c6c6f21deadbeef', 'hex')),
      site.clock.now(),
      8,
    );
    const signedIn = await client.call('POST', 'sign-in/verify', { method: 'app', code });
    assert.equal(signedIn.json.status, 'done', signedIn.text);
    assert.ok(!site.log().includes(secret));
  });

  it('is refused where its entries are exempt or administrators for somebody who is no owner', async () => {
    const until = new Date(site.clock.now() + 60_000).toISOString();
    const subjects = [`user:${await keyOf('dora')}`];
    await owner.admin('POST', 'enabled', { subjects, mode: 'exempt', reason: 'kiosk', until });
    assert.equal((await send('user\ndora', true)).json.problems[0].code, 'exempt');
    const administrator = await signedInAs(site, 'administrator');
    const csv = 'user,phone\nolivia,+41446681800';
    const refused = await administrator.admin('POST', 'users/import', { csv, dryRun: false });
    assert.equal(refused.json.problems[0].code, 'not-allowed');
  });

  it('changes nothing where the licence has no room for all of them', async () => {
    const { rooms } = site.gateway;
    const asked: (readonly string[])[] = [];
    const parts = {
      ...peopleOf(rooms, 'default'),
      ...importingOf(rooms, 'default'),
      mayActOn: async () => true,
      newcomers: {
        async admit(_subscription: string, subjects: readonly string[]) {
          asked.push(subjects);
          if (subjects.length > 1) throw new GatewayError('licence-exhausted', { params: { limit: 1 } });
        },
      },
    };
    for (const name of ['nora', 'nick']) await site.addUser(name);
    const csv = 'user\nanna\nnora\nnick\n';
    await assert.rejects(importUsers(parts, csv, 'test'), { code: 'licence-exhausted' });
    assert.deepEqual(asked, [[`user:${await keyOf('nora')}`, `user:${await keyOf('nick')}`]]);
    assert.equal((await entryOf('nora')).status, 404);
  });

  it('asks for their number when more than ten entries change', async () => {
    const names = Array.from({ length: 11 }, (_, index) => `many${index}`);
    for (const name of names) await site.addUser(name);
    assert.equal((await send(`user\n${names.join('\n')}`, false)).json.added, 11);
    const csv = `user,method\n${names.map((name) => `${name},email`).join('\n')}`;
    assert.equal((await send(csv, true)).json.confirm, 11);
    assert.equal((await send(csv, false)).json.code, 'confirmation-required');
    assert.equal((await send(csv, false, { confirm: 11 })).json.changed, 11);
  });

  it('comes out again, without secrets and without formulas, and can go in again', async () => {
    await site.gateway.rooms.local.create({ name: 'zoe', displayName: '=HYPERLINK("x")', password }, 'test');
    const exported = await owner.admin('GET', 'users/export');
    assert.equal(exported.status, 200, exported.text);
    assert.match(String(exported.headers['content-type']), /^text\/csv/);
    assert.match(exported.text, /\r\nlocal,zoe,"'=HYPERLINK/);
    assert.match(exported.text, /'\+41446681800/);
    assert.ok(!exported.text.includes(secret));
    const again = await send(exported.text, true);
    assert.deepEqual(
      again.json.problems.map(({ code }: { code: string }) => code),
      ['exempt'],
    );
    const helpdesk = await signedInAs(site, 'helpdesk');
    assert.ok(!(await helpdesk.admin('GET', 'users/export')).text.includes('41446681800'));
    assert.match(site.log(), /users\.exported/);
    const json = await owner.admin('GET', 'users/export?format=json');
    const users = JSON.parse(json.text);
    assert.equal(users.find(({ user }: { user: string }) => user === 'emil')['enrolled methods'], 'app');
    assert.equal((await owner.admin('GET', 'users/export?format=xml')).status, 400);
  });
});
