import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { parseUntil } from '../../src/cli/parse-until.ts';
import { systemClock } from '../../src/clock.ts';
import { SiteClient } from '../support/site-client.ts';
import { siteWith } from './enabled-site.ts';

const password = 'correct horse battery staple';

describe('the list of who is asked for two factors', () => {
  it('begins with everyone, and shows users, groups and exemptions by their names', async (t) => {
    const { site, rooms } = await siteWith(t, 'Alice', 'kiosk');
    await rooms.groups.create('Staff');
    const fresh = await site.run(['enabled', 'list']);
    assert.match(fresh.out, /^WHO .*\neveryone +enabled +\d{4}-/);
    assert.match(
      (await site.run(['enabled', 'add', 'user', 'ALICE', '--method', 'app'])).out,
      /Now on the list: Alice\./,
    );
    assert.match((await site.runHere(['enabled', 'add', 'group', 'staff'])).out, /the group Staff/);
    const spare = ['--reason', 'stands in the hall', '--until', '2099-12-31'];
    const exempted = await site.runHere(['enabled', 'exempt', 'user', 'kiosk', ...spare]);
    assert.match(exempted.out, /^Exempt until 2100-01-01 00:00 .*: kiosk\.$/m);
    assert.equal(exempted.err, '');
    const { out } = await site.runHere(['enabled', 'list']);
    assert.match(out, /^user +Alice +enabled .* app$/m);
    assert.match(out, /^group +Staff +enabled /m);
    assert.match(out, /^user +kiosk +exempt .* 2100-01-01 00:00 .* stands in the hall$/m);
    const json: { kind: string; name: string }[] = JSON.parse(
      (await site.runHere(['enabled', 'list', '--json'])).out,
    );
    assert.deepEqual(json.map(({ kind, name }) => `${kind} ${name}`.trim()).sort(), [
      'everyone',
      'group Staff',
      'user Alice',
      'user kiosk',
    ]);
    const { items } = await rooms.store.read<{ type: string; actor?: string }>('audit', { limit: 100 });
    assert.equal(
      items.filter(({ value }) => value.type === 'list.changed' && value.actor === 'cli').length,
      3,
    );
  });

  it('says what is written wrongly, and changes nothing', async (t) => {
    const { site, entry, keyOf } = await siteWith(t, 'alice');
    const why = ['--reason', 'a kiosk'];
    const cases: [string[], number, RegExp][] = [
      [['add', 'alice'], 64, /everyone, user NAME, or group NAME/],
      [['add', 'user'], 64, /everyone, user NAME, or group NAME/],
      [['add', 'everyone', 'else'], 64, /everyone, user NAME, or group NAME/],
      [['add', 'user', 'nobody'], 1, /no user named nobody/],
      [['add', 'user', 'local:nobody'], 1, /no user named local:nobody/],
      [['add', 'group', 'nothing'], 1, /no group named nothing.*user join NAME GROUP --create/],
      [['add', 'group', 'corp:staff'], 1, /no group named corp:staff/],
      [['add', 'user', 'alice', '--method', 'pigeon'], 64, /no method pigeon.*app, sms and email/],
      [['add', 'everyone', '--phone', '+14155552671'], 64, /for one user/],
      [['add', 'user', 'alice', '--phone', '555-2671'], 1, /isn't a phone number.*country code/],
      [['add', 'user', 'alice', '--email', 'alice'], 1, /isn't an email address/],
      [['exempt', 'user', 'alice', ...why, '--until', '2026-02-30'], 64, /2026-02-30 isn't a date to come/],
      [['exempt', 'user', 'alice', ...why, '--until', '2001-01-01'], 64, /2001-01-01 isn't a date to come/],
      [['exempt', 'user', 'alice', '--until', '2099-01-01', '--reason', ' '], 64, /Give a reason/],
      [['exempt', 'everyone', ...why, '--until', '2099-01-01'], 64, /enabled remove everyone/],
      [['remove', 'user', 'alice'], 1, /Not on the list: alice/],
      [['undo', 'user', 'alice'], 1, /no removal.*alice/],
    ];
    for (const [args, code, words] of cases) {
      const refused = await site.runHere(['enabled', ...args]);
      assert.deepEqual([refused.code, refused.out], [code, ''], args.join(' '));
      assert.match(refused.err, words);
    }
    assert.equal(await entry(`user:${await keyOf('alice')}`), undefined);
  });

  it('keeps where codes go sealed, shows it masked, and keeps it with each other change', async (t) => {
    const { site, rooms, entry, keyOf } = await siteWith(t, 'alice');
    const subject = `user:${await keyOf('alice')}`;
    const add = (...args: string[]) => site.runHere(['enabled', 'add', 'user', 'alice', ...args]);
    const added = await add('--method', 'sms', '--phone', '+1 415-555-2671', '--email', 'a@example.com');
    assert.match(added.out, /Now on the list: alice\./);
    assert.match(added.err, /no sender for sms/);
    assert.doesNotMatch(JSON.stringify(await entry(subject)), /4155552671|a@example/);
    const { list } = rooms.administration;
    const open = async () => list.open('default', (await entry(subject)) ?? assert.fail());
    assert.deepEqual(await open(), { sms: '+14155552671', email: 'a@example.com' });
    const listed = await site.runHere(['enabled', 'list']);
    assert.match(listed.out, /^user +alice +enabled .* sms, ••• 71, a•••@example\.com$/m);
    const json = (await site.runHere(['enabled', 'list', '--json'])).out;
    assert.match(json, /"phone": "••• 71"/);
    assert.doesNotMatch(json, /sealed|4155552671/);
    const shown = (await site.runHere(['user', 'show', 'alice'])).out;
    assert.match(shown, /SMS to ••• 71, not enrolled yet, set by an administrator/);

    await site.runHere([
      ...['enabled', 'exempt', 'user', 'alice', '--reason', 'away', '--until', '2099-01-01'],
    ]);
    await add();
    assert.deepEqual(await open(), { sms: '+14155552671', email: 'a@example.com' });
    assert.equal((await entry(subject))?.method, 'sms');
    await site.runHere(['enabled', 'remove', 'user', 'alice']);
    await site.runHere(['enabled', 'undo', 'user', 'alice']);
    assert.deepEqual(await open(), { sms: '+14155552671', email: 'a@example.com' });

    await add('--phone', '', '--method', 'default');
    assert.deepEqual(await open(), { email: 'a@example.com' });
    assert.equal((await entry(subject))?.method, undefined);
    await site.runHere(['settings', 'set', 'methods', 'app']);
    assert.match((await add('--method', 'email')).err, /“methods” doesn't name email/);
  });

  it('says who loses what when a subject leaves, and gives it back', async (t) => {
    const { site, enrol, appsOf, entry } = await siteWith(t, 'alice', 'bob');
    await enrol('alice');
    await enrol('bob');
    await site.runHere(['enabled', 'add', 'user', 'bob']);
    const removed = await site.run(['enabled', 'remove', 'everyone']);
    assert.deepEqual([removed.code, removed.out], [0, 'No longer on the list: everyone.\n'], removed.err);
    assert.match(removed.err, /^1 user loses .* session: alice\.$/m);
    assert.match(removed.err, /“sallyport enabled undo everyone”/);
    assert.deepEqual(
      [await appsOf('alice'), await appsOf('bob'), await entry('everyone')],
      [0, 1, undefined],
    );
    const undone = await site.run(['enabled', 'undo', 'everyone']);
    assert.match(undone.out, /On the list again: everyone\. 1 user has back/);
    assert.equal(await appsOf('alice'), 1);
    assert.ok(await entry('everyone'));
    assert.equal((await site.runHere(['enabled', 'undo', 'everyone'])).code, 1);
  });

  it('asks for the number of more than ten users before it changes anything', async (t) => {
    const names = Array.from({ length: 11 }, (_, index) => `user${index}`);
    const { site, enrol, appsOf, entry } = await siteWith(t, ...names);
    for (const name of names) await enrol(name);
    for (const more of [[], ['--yes'], ['--confirm', '10']]) {
      const refused = await site.runHere(['enabled', 'remove', 'everyone', ...more]);
      assert.deepEqual([refused.code, refused.out], [1, '']);
      assert.match(refused.err, /^11 users lose .*…\.$/m);
      assert.ok(await entry('everyone'));
      assert.equal(await appsOf('user3'), 1);
    }
    const removed = await site.runHere(['enabled', 'remove', 'everyone', '--confirm', '11']);
    assert.equal(removed.code, 0, removed.err);
    assert.equal(await appsOf('user3'), 0);
  });

  it('warns where a change has no effect', async (t) => {
    const { site, rooms, keyOf } = await siteWith(t, 'alice', 'olga');
    await rooms.groups.create('staff');
    await rooms.roles.makeOwner(await keyOf('olga'));
    const enabled = (...args: string[]) => site.runHere(['enabled', ...args]);
    const spare = ['--reason', 'why not', '--until', '2099-01-01'];
    await enabled('add', 'user', 'alice');
    assert.match(
      (await enabled('remove', 'user', 'alice')).err,
      /changes nothing.*alice needs.*everyone is on/,
    );
    await enabled('add', 'group', 'staff');
    assert.match(
      (await enabled('remove', 'group', 'staff')).err,
      /changes nothing.*everyone.*the group staff/,
    );
    assert.match(
      (await enabled('exempt', 'user', 'olga', ...spare)).err,
      /changes nothing.*administrators always/,
    );
    await site.runHere(['user', 'join', 'alice', 'staff']);
    await enabled('exempt', 'group', 'staff', ...spare);
    assert.match((await enabled('add', 'user', 'alice')).err, /changes nothing.*password alone.*exemption/);
    await site.runHere(['settings', 'set', 'enabled', 'off']);
    assert.match((await enabled('add', 'everyone')).err, /switched off/);
    assert.match((await enabled('list')).err, /switched off/);
  });

  it('lets go of an entry whose user or group is no more', async (t) => {
    const { site, rooms, entry } = await siteWith(t);
    const { list } = rooms.administration;
    await list.put('default', { subject: 'user:corp:gone', mode: 'enabled', since: 1 });
    await list.put('default', { subject: 'group:corp:gone', mode: 'enabled', since: 1 });
    assert.match((await site.runHere(['enabled', 'list'])).out, /^user +corp:gone .*$/m);
    for (const kind of ['user', 'group']) {
      const removed = await site.runHere(['enabled', 'remove', kind, 'corp:gone']);
      assert.equal(removed.code, 0, removed.err);
      assert.equal(await entry(`${kind}:corp:gone`), undefined);
    }
  });

  it('is heard by a running gateway: whoever came in with a password alone is out', async (t) => {
    const { site, rooms, keyOf } = await siteWith(t, 'olga');
    await rooms.roles.makeOwner(await keyOf('olga'));
    await site.runHere(['user', 'add', 'alice', '--keep-password', '--password-stdin'], password);
    await site.runHere(['enabled', 'remove', 'everyone']);
    const { stdout, stderr } = site.start(['serve']);
    assert.ok(stdout && stderr);
    const revoked = new Promise<void>((resolve) => {
      createInterface({ input: stdout }).on('line', (line) => {
        if (JSON.parse(line).msg === 'session.revoked') resolve();
      });
    });
    const lines = createInterface({ input: stderr });
    for (;;) {
      const [line] = await once(lines, 'line');
      if (String(line).includes('is open at')) break;
    }
    const alice = new SiteClient(Number(new URL(site.url).port), systemClock);
    const signedIn = await alice.call('POST', 'sign-in', { username: 'alice', password });
    assert.equal(signedIn.json?.status, 'done', signedIn.text);
    assert.equal((await alice.call('GET', 'session')).status, 200);
    assert.equal((await site.run(['enabled', 'add', 'user', 'alice'])).code, 0);
    await revoked;
    assert.equal((await alice.call('GET', 'session')).status, 401);
    const again = await alice.call('POST', 'sign-in', { username: 'alice', password });
    assert.equal(again.json?.status, 'enrol', again.text);
  });
});

describe('the date of an exemption', () => {
  it('is a whole day here, or a time here or elsewhere, and nothing else', () => {
    assert.equal(parseUntil('2026-12-31'), new Date(2027, 0, 1).getTime());
    assert.equal(parseUntil('2028-02-29'), new Date(2028, 2, 1).getTime());
    assert.equal(parseUntil(' 2026-12-31T18:00 '), new Date(2026, 11, 31, 18).getTime());
    assert.equal(parseUntil('2026-12-31T18:00Z'), Date.UTC(2026, 11, 31, 18));
    assert.equal(parseUntil('2026-12-31T18:00+01:00'), Date.UTC(2026, 11, 31, 17));
    for (const typed of [
      '',
      'tomorrow',
      '31.12.2026',
      '2026-13-01',
      '2026-02-29',
      '2026-12-31T25:00',
      '2026-12-31T18',
    ])
      assert.equal(parseUntil(typed), undefined, typed);
  });
});
