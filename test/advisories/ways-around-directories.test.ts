import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type OpenLdapServer, openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';
import { type RealSenders, startRealSenders } from '../support/real-senders.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password } from '../support/site.ts';
import { apiCall, ask, type RawAnswer, startTarget, type Target } from './target.ts';

const secret = 'anna her password';
const hour = 3_600_000;

describe('a way around a directory', { skip: missing('slapd') }, () => {
  let directory: OpenLdapServer;
  let target: Target;
  let senders: RealSenders;
  const scratch = scratchFolder();
  const site = () => target.site;

  before(async () => {
    directory = await startOpenLdap();
    senders = await startRealSenders();
    writeFileSync(join(scratch.path, 'password'), `${directory.admin.password}\n`);
    target = await startTarget({
      config: {
        ...senders.config,
        // So that each try can come from an address of its own, whose count is no help to tell.
        trustedProxies: ['127.0.0.1/32'],
        directories: [
          { name: 'local', type: 'local' },
          {
            name: 'org',
            type: 'ldap',
            kind: 'openldap',
            servers: [`ldap://127.0.0.1:${directory.port}`],
            allowPlain: true,
            baseDn: openLdapBase,
            bindDn: directory.admin.dn,
            passwordFile: join(scratch.path, 'password'),
            lockoutThreshold: 5,
            aliases: ['CORP'],
          },
        ],
      },
    });
    await senders.configure(site());
    await directory.addPerson('anna12', secret, { mobile: '+14155550199', mail: 'anna12@example.org' });
    await site().addUser('lola12');
  });
  after(async () => {
    await target?.stop();
    await directory?.stop();
    await senders?.close();
    scratch.remove();
  });

  let address = 0;
  async function tried(username: string, typed = 'wrong password'): Promise<RawAnswer> {
    address += 1;
    const from = `X-Forwarded-For: 10.7.${(address >> 8) & 255}.${address & 255}`;
    const call = apiCall(site(), 'POST', 'sign-in', { username, password: typed }, [from]);
    const answer = await ask(site(), call);
    assert.ok(answer);
    return answer;
  }
  const seen = (answer: RawAnswer): string =>
    `${answer.head.replace(/^date: .*$/gim, 'Date')}\r\n\r\n${answer.text}`;
  const pass = (milliseconds: number): void => site().clock.jump(site().clock.now() + milliseconds);

  it('threat 22: a lock tells nobody which names a directory has, which the gateway has, and which nobody', async () => {
    const outcomes: string[][] = [];
    for (const name of ['anna12', 'lola12', 'nobody']) {
      const answers: string[] = [];
      for (let nth = 0; nth < 4; nth += 1) answers.push(seen(await tried(name)));
      outcomes.push(answers);
    }
    assert.deepEqual(outcomes[0], outcomes[2]);
    assert.deepEqual(outcomes[1], outcomes[2]);
    assert.match(outcomes[2]?.[3] ?? '', /^HTTP\/1\.1 429 .*locked/s);
    pass(hour);
  });

  it('threat 22: counts that several ways to write a name share, or do not, tell nobody who is in a domain', async () => {
    const outcomes: string[][] = [];
    for (const name of ['anna12', 'absent']) {
      const answers: string[] = [];
      for (let nth = 0; nth < 9; nth += 1) answers.push(seen(await tried(`local\\${name}`)));
      for (const way of [`org\\${name}`, `${name}@corp`, name, `local\\${name}`, `local\\${name}`]) {
        answers.push(seen(await tried(way)));
      }
      outcomes.push(answers);
    }
    assert.deepEqual(outcomes[0], outcomes[1]);
    pass(hour);
  });

  it('threat 1: an empty password is no anonymous bind, and no spelling of one passes', async () => {
    for (const typed of ['', ' ', '\u0000', `\u0000${secret}`, `${secret}\u0000`, '\u200b']) {
      const answer = await tried('org\\anna12', typed);
      assert.ok([400, 401, 429].includes(answer.status), JSON.stringify(typed));
      assert.equal(answer.all('set-cookie').length, 0);
      pass(hour);
    }
  });

  it('threat 10: another way to write a name has no tries of its own, and shows the directory no more passwords', async () => {
    const spellings = [
      'anna12',
      'ANNA12',
      ' anna12 ',
      'org\\anna12',
      'CORP\\Anna12',
      'anna12@org',
      'Anna12@corp',
    ];
    const statuses: number[] = [];
    for (const name of spellings) statuses.push((await tried(name)).status);
    assert.deepEqual(statuses, [401, 401, 429, 429, 429, 429, 429]);
    // The right one does not get through either: it would tell.
    assert.equal((await tried('org\\anna12', secret)).status, 429);
    pass(hour);
    assert.equal((await tried('anna12', secret)).json.status, 'enrol');
  });

  it('threat 10: tries at the same time show the directory no more passwords', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => tried('CORP\\anna12')));
    assert.equal(answers.filter(({ status }) => status === 401).length, 2);
    assert.equal(answers.filter(({ status }) => status === 429).length, 10);
    pass(hour);
  });

  it('threat 3: a number in the directory, which its owner may have written, is not where codes go', async () => {
    const user = await site().gateway.rooms.directories.lookUp('anna12');
    assert.ok(user);
    assert.equal(user.phone, undefined);
    const { list } = site().gateway.rooms.administration;
    assert.equal((await list.destinations('default', user)).sms, undefined);
  });

  it('threat 10: whoever is known by their directory alone is told there that somebody has their password', async () => {
    await directory.addPerson('carl12', secret, { mail: 'carl12@example.org' });
    const carl = site().client();
    assert.equal((await carl.signIn('carl12', secret)).json?.status, 'done');
    const thief = site().client();
    assert.equal(
      (await thief.call('POST', 'sign-in', { username: 'carl12', password: secret })).json.status,
      'verify',
    );
    for (let nth = 0; nth < 5; nth += 1) {
      pass(90_000);
      await thief.call('POST', 'sign-in/verify', { method: 'app', code: '000000' });
    }
    await site().gateway.rooms.notices.settled();
    const told = senders.mail.taken.filter(({ to }) => String(to).includes('carl12@example.org'));
    assert.match(told.map(({ subject }) => subject).join(), /new way to verify.*may know your password/s);
    // An address that anybody could have written is told, and proves nothing.
    const user = await site().gateway.rooms.directories.lookUp('carl12');
    assert.ok(user);
    const { list } = site().gateway.rooms.administration;
    assert.deepEqual(await list.destinations('default', user), {});
  });

  it('threat 16d: a name is never syntax of a filter or of a distinguished name', async () => {
    for (const name of [
      '*',
      'anna*',
      'anna12)(uid=*',
      '(|(uid=*))',
      `uid=anna12,ou=people,${openLdapBase}`,
    ]) {
      const answer = await tried(`org\\${name}`, secret);
      assert.equal(answer.status, 401, name);
    }
    assert.equal((await tried('org\\anna12', secret)).json.status, 'enrol');
  });

  it('threat 22: the same name in two directories is two people, and neither password opens the other', async () => {
    await directory.addPerson('lola12', secret);
    // The look-up of before stands for a second.
    site().clock.advance(2_000);
    assert.equal((await tried('lola12', secret)).status, 401);
    assert.equal((await tried('org\\lola12', password)).status, 401);
    assert.equal((await tried('org\\lola12', secret)).json.status, 'enrol');
    assert.equal((await tried('local\\lola12', password)).json.status, 'enrol');
  });
});
