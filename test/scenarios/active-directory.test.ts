import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Attribute, Change, Client } from 'ldapts';
import { systemClock } from '../../src/clock.ts';
import { Directories } from '../../src/first-factors/directories.ts';
import { LdapDirectory } from '../../src/first-factors/ldap-directory.ts';
import type { LdapOptions } from '../../src/first-factors/ldap-options.ts';
import { missing } from '../support/real-part.ts';
import { domainBase, type SambaDomain, startSambaDomain } from '../support/samba-domain.ts';

describe('a directory of Active Directory', { skip: missing('samba') }, () => {
  let domain: SambaDomain;
  let corp: LdapDirectory;
  let directories: Directories;
  const opened: LdapDirectory[] = [];

  const directory = (changes: Partial<LdapOptions> = {}): LdapDirectory => {
    const made = new LdapDirectory(
      {
        directory: 'corp',
        kind: 'active-directory',
        urls: [`ldaps://localhost:${domain.tlsPort}`],
        startTls: false,
        tls: { verify: true, ca: readFileSync(domain.caFile, 'utf8') },
        timeout: 5_000,
        account: domain.admin,
        baseDn: domainBase,
        attributes: {},
        aliases: ['CORP', 'corp.example'],
        ...changes,
      },
      systemClock,
    );
    opened.push(made);
    return made;
  };

  before(async () => {
    domain = await startSambaDomain();
    corp = directory();
    directories = new Directories([{ factor: corp, aliases: corp.aliases }]);
    const alice = await domain.addUser('alice', 'Alice-Pass-1', {
      displayName: 'Alice Ampère',
      mail: 'alice@corp.example',
      mobile: '+14155552671',
      userPrincipalName: 'alice.ampere@corp.example',
    });
    const inner = await domain.addGroup('Inner, "circle"'.replaceAll(/[,"]/g, ''), [alice]);
    await domain.addGroup('Staff', [inner]);
  });
  after(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await domain?.stop();
  });

  it('knows one person by every way to write their name', async () => {
    const names = [
      'alice',
      'ALICE',
      'CORP\\alice',
      'corp.example\\alice',
      'alice@corp.example',
      'alice@CORP',
      'alice.ampere@corp.example',
      ' alice ',
    ];
    const keys = new Set<string>();
    for (const name of names) {
      const verdict = await directories.verify(name, 'Alice-Pass-1');
      assert.equal(verdict.result, 'accepted', name);
      keys.add(verdict.user?.key ?? '');
    }
    assert.equal(keys.size, 1);
    assert.match([...keys][0] ?? '', /^corp:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });

  it('knows nested and primary groups, address and age', async () => {
    const user = await corp.find((await corp.lookUp('alice'))?.key ?? '');
    assert.deepEqual([...(user?.groups ?? [])].sort(), ['Domain Users', 'Inner circle', 'Staff', 'Users']);
    assert.equal(user?.groupsComplete, true);
    assert.equal(user?.email, 'alice@corp.example');
    assert.ok(Math.abs(Date.now() - (user?.createdAt ?? 0)) < 120_000);
    assert.equal((await corp.find(user?.key ?? ''))?.name, 'alice');
  });

  it('takes no number that its owner can write, as every user of a domain can', async () => {
    const alice = await corp.lookUp('alice');
    assert.ok(alice);
    const herself = new Client({
      url: 'ldaps://127.0.0.1:636',
      tlsOptions: { ca: readFileSync(domain.caFile, 'utf8'), servername: 'localhost' },
    });
    const dn = `CN=alice,CN=Users,${domainBase}`;
    await herself.bind(dn, 'Alice-Pass-1');
    const modification = new Attribute({ type: 'mobile', values: ['+33612345678'] });
    await herself.modify(dn, new Change({ operation: 'replace', modification }));
    await herself.unbind();
    assert.equal((await corp.find(alice.key))?.phone, undefined);
    assert.equal((await corp.lookUp('CORP\\alice'))?.phone, undefined);
    const admin = await domain.asAdmin();
    const { searchEntries } = await admin.search(dn, { scope: 'base', attributes: ['mobile'] });
    assert.equal(searchEntries[0]?.mobile, '+33612345678', 'or this test would mean nothing');
    await admin.unbind();
  });

  it('counts a group that it can’t read as unknown', async () => {
    const blinkered = directory({ groupBaseDn: `CN=Builtin,${domainBase}` });
    const user = await blinkered.find((await blinkered.lookUp('alice'))?.key ?? '');
    assert.equal(user?.groupsComplete, false);
  });

  it('refuses wrong and empty passwords, and names that are filters', async () => {
    const tries: readonly [string, string][] = [
      ['alice', 'wrong'],
      ['alice', ''],
      ['alice', 'alice-pass-1'],
      ['nobody', 'Alice-Pass-1'],
      ['*', 'Alice-Pass-1'],
      ['alice)(objectClass=*', 'Alice-Pass-1'],
      ['OTHER\\alice', 'Alice-Pass-1'],
    ];
    for (const [name, password] of tries) {
      assert.equal((await directories.verify(name, password)).result, 'refused', name);
    }
  });

  it('takes Unicode names and passwords', async () => {
    await domain.addUser('zoë.李', 'Pässwörd-李-1');
    assert.equal((await directories.verify('zoë.李', 'Pässwörd-李-1')).result, 'accepted');
    assert.equal((await directories.verify('CORP\\zoë.李', 'Password-李-1')).result, 'refused');
  });

  it('keeps somebody through a rename and a move, and gives a reused name nothing', async () => {
    const dn = await domain.addUser('carol', 'Carol-Pass-1');
    const before = await corp.lookUp('carol');
    await domain.set(dn, 'sAMAccountName', 'caroline');
    const client = await domain.asAdmin();
    await client.modifyDN(dn, `CN=Caroline,CN=Computers,${domainBase}`);
    await client.unbind();
    await domain.addUser('carol', 'Other-Pass-1');
    assert.equal((await corp.lookUp('caroline'))?.key, before?.key);
    assert.equal((await corp.find(before?.key ?? ''))?.name, 'caroline');
    assert.notEqual((await directory().lookUp('carol'))?.key, before?.key);
  });

  it('says why an account is barred to the right password, and nothing before', async () => {
    const never = Buffer.alloc(21);
    const cases = [
      { name: 'off', attribute: 'userAccountControl', value: '514', because: undefined },
      { name: 'past', attribute: 'accountExpires', value: '130000000000000000', because: 'expired' },
      { name: 'night', attribute: 'logonHours', value: never, because: 'logon-hours' },
    ];
    for (const { name, attribute, value, because } of cases) {
      const dn = await domain.addUser(name, 'Right-Pass-1');
      await domain.set(dn, attribute, value);
      const verdict = await corp.verify(name, 'Right-Pass-1');
      assert.equal(verdict.result, 'disabled', name);
      assert.equal('because' in verdict ? verdict.because : undefined, because, name);
      assert.equal((await corp.verify(name, 'Wrong-Pass-1')).result, 'refused', name);
    }
    assert.equal((await corp.lookUp('off'))?.disabled, true);
    assert.equal((await corp.lookUp('past'))?.disabled, true);
    assert.equal((await corp.lookUp('night'))?.disabled, false);
  });

  it('changes a password as its owner, also one that must be changed', async () => {
    const user = await corp.lookUp('alice');
    const key = user?.key ?? '';
    await assert.rejects(async () => corp.changePassword?.(key, 'Wrong-Pass-1', 'Better-Pass-2'), {
      code: 'wrong-password',
    });
    await assert.rejects(async () => corp.changePassword?.(key, 'Alice-Pass-1', 'short'), {
      code: 'password-too-weak',
    });

    const dn = await domain.addUser('henry', 'Henry-Pass-1');
    await domain.set(dn, 'pwdLastSet', '0');
    const verdict = await corp.verify('henry', 'Henry-Pass-1');
    assert.deepEqual(
      [verdict.result, 'mustChangePassword' in verdict && verdict.mustChangePassword],
      ['accepted', true],
    );
    assert.equal((await corp.verify('henry', 'Wrong-Pass-1')).result, 'refused');
    await assert.rejects(
      async () => corp.changePassword?.(verdict.user?.key ?? '', 'Wrong-Pass-1', 'Henry-Pass-2'),
      {
        code: 'wrong-password',
      },
    );
    await corp.changePassword?.(verdict.user?.key ?? '', 'Henry-Pass-1', 'Henry-Pass-2');
    const changed = await corp.verify('henry', 'Henry-Pass-2');
    assert.deepEqual(
      [changed.result, 'mustChangePassword' in changed && changed.mustChangePassword],
      ['accepted', false],
    );
  });

  it('finds people and groups while somebody types', async () => {
    assert.deepEqual(
      (await corp.searchUsers('ali', 10)).map(({ name }) => name),
      ['alice'],
    );
    assert.deepEqual(
      (await corp.searchUsers('Alice Amp', 10)).map(({ name }) => name),
      ['alice'],
    );
    assert.deepEqual(await corp.searchUsers('*', 10), []);
    assert.deepEqual(await corp.searchGroups('Sta', 10), ['Staff']);
  });

  it('reads the domain’s lockout policy, and says nothing of a lock', async () => {
    assert.equal(await corp.lockout(), undefined);
    await domain.set(domainBase, 'lockoutThreshold', '3');
    assert.deepEqual(await directory().lockout(), { threshold: 3, window: 31 * 60_000 });
    await domain.addUser('ivan', 'Ivan-Pass-1');
    for (let tries = 0; tries < 4; tries += 1) await corp.verify('ivan', 'Wrong-Pass-1');
    assert.equal((await corp.verify('ivan', 'Ivan-Pass-1')).result, 'refused');
    await domain.set(domainBase, 'lockoutThreshold', '0');
  });

  it('only takes who matches the site’s own filter', async () => {
    const staff = directory({
      userFilter: `(memberOf:1.2.840.113556.1.4.1941:=CN=Staff,CN=Users,${domainBase})`,
    });
    assert.equal((await staff.lookUp('alice'))?.name, 'alice');
    assert.equal(await staff.lookUp('henry'), undefined);
  });

  it('is checked: what works, and what people may type that nobody configured', async () => {
    const bare = directory({ aliases: ['corp.example'] });
    const findings = await bare.check();
    assert.deepEqual(
      findings.map(({ about, ok }) => [about, ok]),
      [
        ['server', true],
        ['groups', true],
        ['people', true],
        ['alias', false],
        ['lockout', true],
        ['password-change', true],
      ],
    );
    assert.equal(findings.find(({ about }) => about === 'alias')?.subject, 'CORP');
    const wrong = directory({ account: { dn: domain.admin.dn, password: 'Wrong-Pass-1' } });
    const [server, ...others] = await wrong.check();
    assert.deepEqual([server?.ok, others], [false, []]);
    assert.match(server?.reason ?? '', /refuses the account of the gateway/);
    assert.doesNotMatch(JSON.stringify(await wrong.check()), /Wrong-Pass-1/);
  });
});
