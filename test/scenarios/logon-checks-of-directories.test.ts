import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type OpenLdapServer, openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';

const server = 'ts1.corp.example';

describe('checks of logons of users of a real directory', { skip: missing('slapd') }, () => {
  const scratch = scratchFolder();
  let directory: OpenLdapServer;
  let site: Site;
  let secret = '';

  before(async () => {
    directory = await startOpenLdap();
    for (const uid of ['alice', 'bert', "o'brian (sales)*"])
      await directory.addPerson(uid, `${uid} has this password`);
    const passwordFile = join(scratch.path, 'password');
    writeFileSync(passwordFile, `${directory.admin.password}\n`);
    const org = {
      ...{ name: 'org', type: 'ldap', kind: 'openldap', allowPlain: true, baseDn: openLdapBase },
      ...{ servers: [`ldap://127.0.0.1:${directory.port}`], bindDn: directory.admin.dn, passwordFile },
    };
    site = await startSite({ config: { directories: [{ name: 'local', type: 'local' }, org] } });
    const { rooms } = site.gateway;
    const creator = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const made = await rooms.apiTokens.create(
      { name: 'ts1', role: 'logon-check', servers: [server], expiresAt: site.clock.now() + 86_400_000 },
      { creator, actor: creator },
    );
    secret = made.secret;
    await site.addUser('alice');
  });
  after(async () => {
    await site?.stop();
    await directory?.stop();
    scratch.remove();
  });

  const ask = async (user: string, domain?: string): Promise<string> => {
    const answer = await fetch(`${site.origin}/.sallyport/api/v1/logon-check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ user, domain, server, protocol: 'rdp' }),
    });
    const { decision, reason } = (await answer.json()) as { decision: string; reason: string };
    return `${decision} ${reason}`;
  };

  it('name the directory where two have the name, or stand for nobody', async () => {
    assert.equal(await ask('alice'), 'deny ambiguous-user');
    assert.equal(await ask('alice', 'org'), 'deny click-needed');
    assert.equal(await ask('alice@org'), 'deny click-needed');
    assert.equal(await ask('local\\alice'), 'deny click-needed');
    assert.equal(await ask('bert'), 'deny click-needed');
  });

  it('take a name for data, never for a filter', async () => {
    assert.equal(await ask("o'brian (sales)*"), 'deny click-needed');
    for (const name of ['*', 'al*', 'alice)(objectClass=*', 'bert\\2a']) {
      assert.equal(await ask(name, 'org'), 'deny unknown-user', name);
    }
  });

  it('refuse at once whom the directory has no more', async () => {
    const { rooms } = site.gateway;
    const bert = await rooms.directories.lookUp('bert');
    assert.ok(bert !== undefined);
    await rooms.rdpWhitelist.put('default', bert, { reason: 'a thin client' }, 'test');
    assert.equal(await ask('bert'), 'allow whitelisted');
    const admin = await directory.asAdmin();
    await admin.del(`uid=bert,ou=people,${openLdapBase}`);
    await admin.unbind();
    assert.equal(await ask('bert'), 'deny unknown-user');
  });

  it('refuse everybody whom the directory could have while it is down, and nobody else', async () => {
    await directory.process().stop('SIGKILL');
    assert.equal(await ask('alice', 'org'), 'deny directory-unavailable');
    assert.equal(await ask('olivia'), 'deny directory-unavailable');
    assert.equal(await ask('alice', 'local'), 'deny click-needed');
  });
});
