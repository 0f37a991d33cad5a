import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { LdapDirectory } from '../../src/first-factors/ldap-directory.ts';
import type { LdapOptions } from '../../src/first-factors/ldap-options.ts';
import { type OpenLdapServer, openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';

describe('a directory of OpenLDAP', { skip: missing('slapd') }, () => {
  let server: OpenLdapServer;
  const opened: LdapDirectory[] = [];

  const directory = (changes: Partial<LdapOptions> = {}): LdapDirectory => {
    const { tlsPort, admin, caFile } = server;
    const made = new LdapDirectory(
      {
        directory: 'org',
        kind: 'openldap',
        urls: [`ldaps://localhost:${tlsPort}`],
        startTls: false,
        tls: { verify: true, ca: readFileSync(caFile, 'utf8') },
        timeout: 3_000,
        account: admin,
        baseDn: openLdapBase,
        attributes: {},
        aliases: ['example.org'],
        ...changes,
      },
      systemClock,
    );
    opened.push(made);
    return made;
  };

  before(async () => {
    server = await startOpenLdap();
    await server.addPerson('alice', 'correct horse', {
      displayName: 'Alice Ampère',
      mail: 'alice@example.org',
      mobile: '+14155552671',
    });
  });
  after(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await server?.stop();
  });

  it('knows a person by a right password, with their address', async () => {
    const verdict = await directory().verify('alice', 'correct horse');
    assert.equal(verdict.result, 'accepted');
    const { key, createdAt, ...user } = verdict.result === 'accepted' ? verdict.user : assert.fail();
    assert.match(key, /^org:[0-9a-f-]{36}$/);
    assert.equal(typeof createdAt, 'number');
    assert.deepEqual(user, {
      directory: 'org',
      name: 'alice',
      displayName: 'Alice Ampère',
      email: 'alice@example.org',
      groups: [],
      groupsComplete: true,
      disabled: false,
    });
  });

  it('is asked the same for a name that somebody has and one that nobody has', async (t) => {
    const operations: string[] = [];
    const relay = createServer((socket) => {
      const upstream = connect(server.port, '127.0.0.1');
      let unread = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        unread = Buffer.concat([unread, chunk]);
        for (let end = messageEnd(unread); end <= unread.length; end = messageEnd(unread)) {
          operations.push(operationOf(unread));
          unread = unread.subarray(end);
        }
      });
      for (const each of [socket, upstream]) each.on('error', () => {});
      socket.pipe(upstream).pipe(socket);
    }).listen(0, '127.0.0.1');
    t.after(() => relay.close());
    await once(relay, 'listening');
    const address = relay.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const org = directory({ urls: [`ldap://127.0.0.1:${port}`] });
    const asked = async (name: string): Promise<string> => {
      operations.length = 0;
      await org.lookUp(name);
      assert.equal((await org.verify(name, 'wrong')).result, 'refused');
      return operations.join(' ');
    };
    // The first one binds the gateway's own account as well.
    await asked('warmup');
    assert.equal(await asked('alice'), 'search search bind');
    assert.equal(await asked('nobody'), 'search search bind');
  });

  it('takes no number: people can often write their own', async () => {
    assert.equal((await directory().lookUp('alice'))?.phone, undefined);
    const verdict = await directory().verify('alice', 'correct horse');
    assert.equal(verdict.result === 'accepted' && 'phone' in verdict.user, false);
  });

  it('refuses wrong, empty and impossible passwords, and never passes an empty one as anonymous', async () => {
    const org = directory();
    for (const password of ['wrong', '', '\0', 'correct horse\0', 'CORRECT HORSE']) {
      assert.equal((await org.verify('alice', password)).result, 'refused', JSON.stringify(password));
    }
  });

  it('takes names as data, whatever they hold', async () => {
    const org = directory();
    const names = ['o\'brien "bob"', 'a)(uid=*', '*', 'back\\slash', 'zoë 李', 'comma, plus+ #;<>=', '(&)'];
    for (const name of names) await server.addPerson(name, `password of ${name}`);
    for (const name of names) {
      const verdict = await org.verify(name, `password of ${name}`);
      assert.equal(verdict.result, 'accepted', name);
      assert.equal(verdict.user?.name, name);
    }
    for (const nobody of [
      '*)(uid=alice',
      'alic*',
      'alice)(objectClass=*',
      '\\2a',
      'ali\0ce',
      '\ud800',
      'x'.repeat(5_000),
    ]) {
      assert.equal(await org.lookUp(nobody), undefined, nobody);
      assert.equal((await org.verify(nobody, 'correct horse')).result, 'refused', nobody);
    }
  });

  it('keeps somebody through a rename, and gives a reused name nothing', async () => {
    const org = directory();
    const dn = await server.addPerson('carol', 'carols');
    const before = await org.lookUp('carol');
    const client = await server.asAdmin();
    await client.modifyDN(dn, 'uid=caroline');
    await client.unbind();
    await server.addPerson('carol', 'another carols');
    assert.equal((await org.lookUp('caroline'))?.key, before?.key);
    assert.notEqual((await directory().lookUp('carol'))?.key, before?.key);
    assert.equal((await org.find(before?.key ?? ''))?.name, 'caroline');
  });

  it('finds groups of groups, of every kind, and stops at a ring', async () => {
    const org = directory();
    const dn = await server.addPerson('dave', 'daves');
    const groups = `ou=groups,${openLdapBase}`;
    const client = await server.asAdmin();
    await client.add(`cn=inner,${groups}`, {
      objectClass: 'groupOfNames',
      cn: 'inner',
      member: [dn, `cn=outer,${groups}`],
    });
    await client.add(`cn=outer,${groups}`, {
      objectClass: 'groupOfNames',
      cn: 'outer',
      member: `cn=inner,${groups}`,
    });
    await client.add(`cn=unique,${groups}`, {
      objectClass: 'groupOfUniqueNames',
      cn: 'unique',
      uniqueMember: `cn=outer,${groups}`,
    });
    await client.add(`cn=unix, old,${groups}`.replace('x,', 'x\\,'), {
      objectClass: 'posixGroup',
      cn: 'unix, old',
      gidNumber: '700',
      memberUid: 'dave',
    });
    await client.unbind();
    const user = await org.find((await org.lookUp('dave'))?.key ?? '');
    assert.deepEqual([...(user?.groups ?? [])].sort(), ['inner', 'outer', 'unique', 'unix, old']);
    assert.equal(user?.groupsComplete, true);
    assert.deepEqual(await org.searchGroups('un', 10), ['unique', 'unix, old']);
  });

  it('counts groups that it may not read as unknown', async () => {
    const hidden = directory({ groupBaseDn: `ou=nowhere,${openLdapBase}` });
    assert.equal((await hidden.find((await hidden.lookUp('alice'))?.key ?? ''))?.groupsComplete, false);
  });

  it('asks a new password of somebody whose password was reset, and changes it', async () => {
    const client = await server.asAdmin();
    const { Attribute, Change } = await import('ldapts');
    await client.add(`cn=default,ou=policies,${openLdapBase}`, {
      objectClass: ['device', 'pwdPolicy'],
      cn: 'default',
      pwdAttribute: 'userPassword',
      pwdMustChange: 'TRUE',
      pwdLockout: 'TRUE',
      pwdMaxFailure: '5',
      pwdMinLength: '8',
      pwdCheckQuality: '2',
    });
    const org = directory();
    const dn = await server.addPerson('erin', 'first password');
    const modification = new Attribute({ type: 'pwdReset', values: ['TRUE'] });
    await client.modify(dn, new Change({ operation: 'replace', modification }));
    const verdict = await org.verify('erin', 'first password');
    assert.deepEqual(
      [verdict.result, 'mustChangePassword' in verdict && verdict.mustChangePassword],
      ['accepted', true],
    );
    const key = verdict.user?.key ?? '';
    await assert.rejects(async () => org.changePassword?.(key, 'no', 'a better password'), {
      code: 'wrong-password',
    });
    await assert.rejects(async () => org.changePassword?.(key, 'first password', 'short'), {
      code: 'password-too-weak',
    });
    await org.changePassword?.(key, 'first password', 'a better password');
    assert.deepEqual(await org.verify('erin', 'a better password').then(({ result }) => result), 'accepted');
    assert.equal((await org.verify('erin', 'first password')).result, 'refused');
    await client.unbind();
  });

  it('says nothing of a lock, to right and wrong passwords alike', async () => {
    const org = directory();
    await server.addPerson('frank', 'frank his password');
    for (let tries = 0; tries < 6; tries += 1) await org.verify('frank', 'wrong');
    assert.equal((await org.verify('frank', 'frank his password')).result, 'refused');
  });

  it('tells who was switched off only to the right password', async () => {
    const org = directory();
    await server.addPerson('grace', 'grace her password', {
      objectClass: ['inetOrgPerson', 'shadowAccount'],
      shadowExpire: '1',
    });
    assert.equal((await org.verify('grace', 'grace her password')).result, 'disabled');
    assert.equal((await org.verify('grace', 'wrong')).result, 'refused');
  });

  it('upgrades by StartTLS, and changes no password over a plain connection', async () => {
    const urls = [`ldap://localhost:${server.port}`];
    const upgraded = directory({ urls, startTls: true });
    assert.equal((await upgraded.verify('alice', 'correct horse')).result, 'accepted');
    assert.notEqual(upgraded.changePassword, undefined);
    assert.equal(directory({ urls }).changePassword, undefined);
  });

  it('trusts no certificate but of the configured authority and name', async () => {
    const unknown = directory({ tls: { verify: true } });
    await assert.rejects(unknown.verify('alice', 'correct horse'), { code: 'directory-unavailable' });
    const other = directory({
      tls: { verify: true, ca: readFileSync(server.caFile, 'utf8'), serverName: 'dc9.example' },
    });
    await assert.rejects(other.verify('alice', 'correct horse'), { code: 'directory-unavailable' });
    const upgraded = directory({
      urls: [`ldap://localhost:${server.port}`],
      startTls: true,
      tls: { verify: true },
    });
    await assert.rejects(upgraded.lookUp('alice'), { code: 'directory-unavailable' });
  });

  it('is unavailable, not lenient, when its own account is refused', async () => {
    const wrong = directory({ account: { dn: server.admin.dn, password: 'not it' } });
    await assert.rejects(wrong.lookUp('alice'), { code: 'directory-unavailable' });
    await assert.rejects(wrong.verify('alice', 'correct horse'), { code: 'directory-unavailable' });
  });

  describe('with servers that fail', () => {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    const listen = async (answer: (socket: Socket) => void): Promise<number> => {
      const made = createServer((socket) => {
        sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
        answer(socket);
      }).listen(0, '127.0.0.1');
      servers.push(made);
      await once(made, 'listening');
      const address = made.address();
      return typeof address === 'object' ? (address?.port ?? 0) : 0;
    };
    after(() => {
      for (const each of servers) each.close();
      for (const socket of sockets) socket.destroy();
    });

    it('is not flooded with names: beyond what it can be asked at once, nobody is looked up', async () => {
      const silent = await listen(() => {});
      const org = directory({ urls: [`ldap://127.0.0.1:${silent}`], timeout: 300 });
      const asked = await Promise.allSettled(
        Array.from({ length: 250 }, (_, index) => org.lookUp(`x${index}`)),
      );
      const codes = asked.map((each) => (each.status === 'rejected' ? each.reason.code : 'found'));
      assert.deepEqual([...new Set(codes)], ['directory-unavailable', 'too-many-requests']);
      assert.equal(codes.filter((code) => code === 'too-many-requests').length, 50);
      // And it can be asked again.
      await assert.rejects(org.lookUp('later'), { code: 'directory-unavailable' });
    });

    it('goes on with the next one, and prefers it from then on', async () => {
      let asked = 0;
      const silent = await listen(() => {
        asked += 1;
      });
      const broken = await listen((socket) => socket.end('no LDAP at all'));
      const urls = [silent, broken, 1].map((port) => `ldap://127.0.0.1:${port}`);
      const org = directory({ urls: [...urls, `ldap://127.0.0.1:${server.port}`], timeout: 800 });
      assert.equal((await org.verify('alice', 'correct horse')).result, 'accepted');
      assert.equal((await org.verify('alice', 'wrong')).result, 'refused');
      assert.equal(asked, 1);
      assert.deepEqual(
        org.servers.map(({ up }) => up),
        [false, false, false, true],
      );
    });

    it('lets nobody in, and nobody wait, when none answers or one stops half-way', async () => {
      const silent = await listen(() => {});
      // The bind goes through; then nothing comes any more.
      const half = await listen((socket) => {
        const upstream = connect(server.port, '127.0.0.1');
        sockets.add(upstream.on('error', () => {}));
        let answers = 0;
        socket.pipe(upstream);
        upstream.on('data', (chunk: Buffer) => {
          answers += 1;
          if (answers === 1) socket.write(chunk);
          else if (answers === 2) socket.write(chunk.subarray(0, chunk.length - 3));
        });
      });
      for (const port of [silent, half, 1]) {
        const org = directory({ urls: [`ldap://127.0.0.1:${port}`], timeout: 150 });
        await assert.rejects(org.verify('alice', 'correct horse'), { code: 'directory-unavailable' });
        await assert.rejects(org.find('org:00000000-0000-0000-0000-000000000000'), {
          code: 'directory-unavailable',
        });
      }
    });

    it('binds again after its connection was cut: nothing is asked anonymously', async () => {
      const cut = await listen((socket) => {
        const upstream = connect(server.port, '127.0.0.1');
        socket.pipe(upstream).pipe(socket);
        upstream.on('error', () => {});
        upstream.on('close', () => socket.destroy());
        socket.on('close', () => upstream.destroy());
      });
      const org = directory({ urls: [`ldap://127.0.0.1:${cut}`] });
      assert.equal((await org.lookUp('alice'))?.name, 'alice');
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal((await org.lookUp('alice'))?.name, 'alice');
      assert.equal((await org.find((await org.lookUp('alice'))?.key ?? ''))?.groupsComplete, true);
    });
  });
});

/** Where the first LDAPMessage ends (X.690 section 8.1.3); beyond the bytes when it is not there yet. */
function messageEnd(bytes: Buffer): number {
  const first = bytes[1];
  if (first === undefined) return Number.POSITIVE_INFINITY;
  if (first < 0x80) return 2 + first;
  const octets = first & 0x7f;
  return bytes.length < 2 + octets ? Number.POSITIVE_INFINITY : 2 + octets + bytes.readUIntBE(2, octets);
}

/** What the first message asks for (RFC 4511 section 4.2 and 4.5): the tag after its number. */
function operationOf(message: Buffer): string {
  const length = message[1] ?? 0;
  const start = 2 + (length < 0x80 ? 0 : length & 0x7f);
  const tag = message[start + 2 + (message[start + 1] ?? 0)] ?? 0;
  return { 96: 'bind', 99: 'search', 66: 'unbind' }[tag] ?? tag.toString(16);
}
