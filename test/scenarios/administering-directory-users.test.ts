import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole } from '../support/admin-client.ts';
import { type OpenLdapServer, openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';

const namesOf = (answer: { json: { items: readonly { name: string }[] } }): string[] =>
  answer.json.items.map(({ name }) => name);

describe('administering users of a directory', { skip: missing('slapd') }, () => {
  const folder = scratchFolder();
  let directory: OpenLdapServer;
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    directory = await startOpenLdap();
    const alice = await directory.addPerson('alice', 'alice her password', {
      cn: 'Alice Adams',
      mail: 'alice@example.org',
    });
    await directory.addPerson('albert', 'albert his password');
    const client = await directory.asAdmin();
    await client.add(`cn=staff,ou=groups,${openLdapBase}`, {
      objectClass: 'groupOfNames',
      cn: 'staff',
      member: alice,
    });
    await client.unbind();
    const passwordFile = join(folder.path, 'ldap-password');
    writeFileSync(passwordFile, directory.admin.password);
    site = await startSite({
      config: {
        directories: [
          { name: 'local', type: 'local' },
          {
            name: 'org',
            type: 'ldap',
            kind: 'openldap',
            servers: [`ldaps://localhost:${directory.tlsPort}`],
            tls: { ca: directory.caFile },
            baseDn: openLdapBase,
            bindDn: directory.admin.dn,
            passwordFile,
          },
        ],
      },
    });
    owner = await ownerAtConsole(site);
  });
  after(async () => {
    await site?.stop();
    await directory?.stop();
    folder.remove();
  });

  const keyOf = async (name: string): Promise<string> => {
    const found = await owner.admin('GET', `pickers/users?directory=org&q=${name}`);
    return found.json.items[0]?.key ?? '';
  };

  it('finds people and groups of it as their names are typed, and puts them on the list', async () => {
    const users = await owner.admin('GET', 'pickers/users?q=al');
    assert.deepEqual(namesOf(users).sort(), ['albert', 'alice']);
    const groups = await owner.admin('GET', 'pickers/groups?q=sta');
    assert.equal(groups.json.items[0].subject, 'group:org:staff');
    assert.deepEqual(namesOf(await owner.admin('GET', 'users?directory=org')), []);
    const subjects = [`user:${await keyOf('alice')}`, 'group:org:staff', 'group:org:nobody'];
    const added = await owner.admin('POST', 'enabled', { mode: 'enabled', subjects });
    assert.deepEqual(namesOf({ json: { items: added.json.done } }), ['alice', 'staff']);
    assert.equal(added.json.failed[0].code, 'not-found');
    assert.equal((await owner.admin('GET', 'pickers/users?q=alice')).json.items[0].listed, 'enabled');
  });

  it('lists whom the gateway has met without asking the directory, with groups and the rule that holds', async () => {
    const client = site.client();
    const done = await client.signIn('albert', 'albert his password');
    assert.equal(done.json.status, 'done', done.text);
    const listed = await owner.admin('GET', 'users?directory=org');
    assert.deepEqual(namesOf(listed), ['albert', 'alice']);
    const [albert, alice] = listed.json.items;
    assert.equal(alice.displayName, 'Alice Adams');
    assert.deepEqual(alice.groups, ['staff']);
    assert.equal(alice.obligation.rule, 'user');
    assert.equal(alice.lastSignInAt, undefined);
    assert.equal(albert.obligation.rule, 'everyone');
    assert.deepEqual(albert.enrolled.methods, ['app']);
    assert.ok(albert.lastSignInAt && albert.seenAt);
    assert.deepEqual(namesOf(await owner.admin('GET', 'users?q=adams')), ['alice']);
    assert.deepEqual(namesOf(await owner.admin('GET', 'enabled?q=alice')), ['alice']);
    const imported = await owner.admin('POST', 'users/import', {
      csv: 'directory,user\norg,albert\n',
      dryRun: false,
    });
    assert.equal(imported.json.added, 1, imported.text);
  });

  it('says that a removal has no effect while a group stays listed', async () => {
    const subject = `user:${await keyOf('alice')}`;
    const preview = await owner.admin('POST', 'enabled/preview', {
      change: 'remove',
      subjects: [subject, 'everyone'],
    });
    assert.deepEqual(
      preview.json.warnings.map(({ code, detail }: { code: string; detail?: string }) => [code, detail]),
      [['group-still-listed', 'org:staff']],
    );
  });

  it('leaves accounts of the directory to it, and forgets those that it has no more', async () => {
    const key = await keyOf('albert');
    for (const path of ['disable', 'remove']) {
      assert.equal((await owner.admin('POST', `users/${path}`, { users: [key] })).json.code, 'not-local');
    }
    const client = await directory.asAdmin();
    await client.del(`uid=albert,ou=people,${openLdapBase}`);
    await client.unbind();
    const gone = await owner.admin('GET', `users/${encodeURIComponent(key)}`);
    assert.equal(gone.json.exists, 'no', gone.text);
    assert.equal(gone.json.name, 'albert');
    const preview = await owner.admin('POST', 'users/preview', { action: 'remove', users: [key] });
    assert.equal(preview.json.loses.factors, 1);
    assert.equal((await owner.admin('POST', 'users/remove', { users: [key] })).json.done[0].name, 'albert');
    assert.deepEqual(namesOf(await owner.admin('GET', 'users?directory=org')), ['alice']);
    assert.equal((await owner.admin('GET', `users/${encodeURIComponent(key)}`)).status, 404);
  });

  it('goes on with what was last heard while the directory does not answer', async () => {
    const key = await keyOf('alice');
    await directory.process().stop('SIGKILL');
    const listed = await owner.admin('GET', 'users?directory=org');
    assert.deepEqual(namesOf(listed), ['alice']);
    const shown = await owner.admin('GET', `users/${encodeURIComponent(key)}`);
    assert.equal(shown.json.exists, 'unknown', shown.text);
    assert.equal(shown.json.displayName, 'Alice Adams');
    const picked = await owner.admin('GET', 'pickers/users?q=o');
    assert.deepEqual(picked.json.unavailable, ['org']);
    assert.deepEqual(namesOf(picked), ['olivia']);
    const reset = await owner.admin('POST', 'users/reset', { users: [key] });
    assert.equal(reset.status, 200, reset.text);
    const problems = await owner.admin('POST', 'users/import', {
      csv: 'directory,user\norg,alice\n',
      dryRun: true,
    });
    assert.equal(problems.json.problems[0].code, 'directory-unavailable');
  });
});
