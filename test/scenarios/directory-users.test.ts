import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { enable, subjectOfGroup } from '../../src/accounts/index.ts';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { type OpenLdapServer, openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { type Site, startSite } from '../support/site.ts';

const minute = 60_000;
const groups = `ou=groups,${openLdapBase}`;

describe('users of a directory', { skip: missing('slapd') }, () => {
  let directory: OpenLdapServer;
  let server: ApplicationServer;
  let site: Site;
  let relay: Server;
  const relayed = new Set<Socket>();
  /** What stands between the gateway and the directory. */
  let reachable = true;
  const scratch = scratchFolder();

  before(async () => {
    directory = await startOpenLdap();
    server = await startApplicationServer();
    relay = createServer((socket) => {
      relayed.add(socket.on('error', () => {}));
      if (!reachable) return socket.destroy();
      const upstream = connect(directory.port, '127.0.0.1');
      relayed.add(upstream.on('error', () => {}));
      socket.pipe(upstream).pipe(socket);
      return undefined;
    }).listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const address = relay.address();
    const port = typeof address === 'object' ? address?.port : 0;
    writeFileSync(join(scratch.path, 'password'), `${directory.admin.password}\n`);
    site = await startSite({
      config: {
        directories: [
          { name: 'local', type: 'local' },
          {
            name: 'org',
            type: 'ldap',
            kind: 'openldap',
            servers: [`ldap://127.0.0.1:${port}`],
            allowPlain: true,
            baseDn: openLdapBase,
            bindDn: directory.admin.dn,
            passwordFile: join(scratch.path, 'password'),
            recheck: 60,
            timeout: 5,
          },
        ],
        applications: [
          { name: 'all', path: '/all', servers: [server.url] },
          { name: 'staff', path: '/staff', servers: [server.url], allow: { groups: ['org:staff'] } },
        ],
      },
    });
    const alice = await directory.addPerson('alice', 'alice her password', { mail: 'alice@example.org' });
    const bert = await directory.addPerson('bert', 'bert his password');
    const client = await directory.asAdmin();
    await client.add(`cn=staff,${groups}`, {
      objectClass: 'groupOfNames',
      cn: 'staff',
      member: [alice, bert],
    });
    await client.unbind();
  });
  after(async () => {
    await site?.stop();
    await server?.close();
    for (const socket of relayed) socket.destroy();
    relay?.close();
    await directory?.stop();
    scratch.remove();
  });

  /** The gateway looks everybody up again; time goes on slowly while it does. */
  const recheck = async (happened: () => boolean): Promise<void> => {
    site.clock.advance(55 * 1000);
    while (!happened()) {
      await new Promise((resolve) => setImmediate(resolve));
      site.clock.advance(1);
    }
  };
  const cutOff = (): void => {
    reachable = false;
    for (const socket of relayed) socket.destroy();
  };

  it('sign in by any of their names, enrol, and reach what their groups may use', async () => {
    const alice = site.client();
    const done = await alice.signIn('alice', 'alice her password');
    assert.equal(done.json?.status, 'done', done.text);
    assert.equal((await alice.get('/staff/')).status, 200);
    const again = site.client();
    const step = await again.call('POST', 'sign-in', {
      username: 'ORG\\Alice',
      password: 'alice her password',
    });
    assert.equal(step.json?.status, 'verify', step.text);
    const wrong = await site.client().call('POST', 'sign-in', { username: 'alice', password: 'wrong' });
    assert.equal(wrong.json?.code, 'invalid-credentials');
  });

  it('lose what their group gave within a minute of leaving it, and the rest stays', async () => {
    const bert = site.client();
    await bert.signIn('bert', 'bert his password');
    const staff = await bert.open('/staff/echo');
    const all = await bert.open('/all/echo');
    const client = await directory.asAdmin();
    const { Attribute, Change } = await import('ldapts');
    const modification = new Attribute({ type: 'member', values: [`uid=bert,ou=people,${openLdapBase}`] });
    await client.modify(`cn=staff,${groups}`, new Change({ operation: 'delete', modification }));
    await client.unbind();
    await recheck(() => !staff.isOpen());
    assert.equal(all.isOpen(), true);
    assert.equal((await bert.get('/staff/')).status, 403);
    all.close();
  });

  it('lose their sessions and tunnels within a minute of being removed', async () => {
    await directory.addPerson('carol', 'carol her password');
    const carol = site.client();
    await carol.signIn('carol', 'carol her password');
    const tunnel = await carol.open('/all/echo');
    const client = await directory.asAdmin();
    await client.del(`uid=carol,ou=people,${openLdapBase}`);
    await client.unbind();
    await recheck(() => !tunnel.isOpen() && /user-removed/.test(site.log()));
    assert.equal((await carol.get('/all/')).status, 401);

    await directory.addPerson('carol', 'carol her password');
    const stranger = site.client();
    const step = await stranger.call('POST', 'sign-in', {
      username: 'carol',
      password: 'carol her password',
    });
    assert.equal(step.json?.status, 'enrol', 'a reused name inherits nothing');
  });

  it('keep their sessions while the directory is away, and nobody new comes in', async () => {
    await directory.addPerson('dora', 'dora her password');
    const dora = site.client();
    await dora.signIn('dora', 'dora her password');
    const tunnel = await dora.open('/all/echo');
    cutOff();
    site.clock.advance(2 * minute);
    tunnel.send('still here');
    assert.equal(await tunnel.next(), 'still here');
    assert.equal((await dora.get('/all/')).status, 200);
    const refused = await site
      .client()
      .call('POST', 'sign-in', { username: 'dora', password: 'dora her password' });
    assert.deepEqual([refused.status, refused.json?.code], [503, 'directory-unavailable']);
    const local = await site.signedIn('lena').catch((error: unknown) => error);
    assert.ok(!(local instanceof Error), 'local users sign in as ever');
    reachable = true;
    site.clock.advance(minute);
    const back = await site
      .client()
      .call('POST', 'sign-in', { username: 'dora', password: 'dora her password' });
    assert.equal(back.json?.status, 'verify', back.text);
    tunnel.close();
  });

  it('are enabled by a group of the directory', async () => {
    const { administration, settings } = site.gateway.rooms;
    assert.equal(settings.current('default').enabled, true);
    await enable(administration, subjectOfGroup('org', 'staff'), 'test');
    const { directories } = site.gateway.rooms;
    const found = await directories.find((await directories.lookUp('alice'))?.key ?? '');
    assert.ok(found);
    const obligation = await site.gateway.rooms.questions.obligationOf(found);
    assert.equal(obligation.required && obligation.rule, 'group');
  });
});
