import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type OpenLdapServer, openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';
import { commandSite } from './command-site.ts';

describe('LDAP directories on the command line', { skip: missing('slapd') }, () => {
  let directory: OpenLdapServer;
  before(async () => {
    directory = await startOpenLdap();
    const alice = await directory.addPerson('alice', 'alice her password');
    const client = await directory.asAdmin();
    const name = `cn=staff,ou=groups,${openLdapBase}`;
    await client.add(name, { objectClass: 'groupOfNames', cn: 'staff', member: alice });
    await client.unbind();
  });
  after(() => directory?.stop());

  const org = (folder: string, password: string) => {
    writeFileSync(join(folder, 'ldap-password'), `${password}\n`);
    return {
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
          passwordFile: 'ldap-password',
        },
      ],
    };
  };

  it('are checked on request, with every reason and no password', async (t) => {
    const site = await commandSite(t);
    site.configure(org(site.folder, directory.admin.password));
    const fine = await site.runHere(['check', '--directories']);
    assert.equal(fine.code, 0, fine.err);
    assert.match(fine.out, /org: ldaps:\/\/localhost:\d+ answers/);
    assert.match(fine.out, /org: people can be read, such as uid=alice/);
    assert.match(fine.out, /org: users can change their password/);

    site.configure(org(site.folder, 'a wrong password'));
    const wrong = await site.runHere(['check', '--directories']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /cannot be used: the directory refuses the account of the gateway/);
    assert.doesNotMatch(wrong.out + wrong.err, /a wrong password/);
    // One failure is told once, and what was never asked isn't told at all.
    assert.match(wrong.err, /1 thing of the directories does not work/);
    assert.equal(wrong.out, '');

    const { tls, ...untrusting } = org(site.folder, directory.admin.password).directories[1] ?? {};
    assert.ok(tls);
    site.configure({ directories: [untrusting] });
    const untrusted = await site.runHere(['check', '--directories']);
    assert.match(
      untrusted.err,
      /cannot be used: self-signed certificate\.\n.*name that authority under tls\.ca/,
    );

    site.configure({ directories: [{ ...org(site.folder, 'x').directories[1], passwordFile: 'nowhere' }] });
    const unreadable = await site.runHere(['check']);
    assert.notEqual(unreadable.code, 0);
    assert.match(unreadable.err, /nowhere/);
  });

  it('have users and groups that can be put on the list, shown and reset', async (t) => {
    const site = await commandSite(t);
    site.configure(org(site.folder, directory.admin.password));
    assert.equal((await site.runHere(['init'])).code, 0);
    assert.match((await site.runHere(['user', 'find', 'ali'])).out, /^org:alice +alice$/m);
    const groups = JSON.parse((await site.runHere(['user', 'find', 'sta', '--groups', '--json'])).out);
    assert.deepEqual(groups, [{ subject: 'group:org:staff', directory: 'org', name: 'staff' }]);
    assert.match((await site.runHere(['user', 'list'])).err, /nobody/);
    const user = await site.runHere(['enabled', 'add', 'user', 'org\\alice']);
    assert.equal(user.code, 0, user.err);
    const group = await site.runHere(['enabled', 'add', 'group', 'org:staff']);
    assert.equal(group.code, 0, group.err);
    assert.notEqual((await site.runHere(['enabled', 'add', 'group', 'org:nobody'])).code, 0);
    const list = await site.runHere(['enabled', 'list']);
    assert.match(list.out, /alice/);
    assert.match(list.out, /org:staff/);
    assert.match((await site.runHere(['user', 'list'])).out, /^org:alice +alice +staff /m);
    const shown = await site.runHere(['user', 'show', 'alice']);
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /alice/);
    const byDirectory = await site.runHere(['user', 'show', 'org:alice']);
    assert.equal(byDirectory.out, shown.out, byDirectory.err);
    assert.match((await site.runHere(['user', 'show', 'org:nobody'])).err, /no user named org:nobody/);
    assert.equal((await site.runHere(['user', 'reset', 'alice'])).code, 0);
  });
});
