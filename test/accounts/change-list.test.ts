import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enable, exempt, takeOffList, undoTakeOff, usersLeavingWith } from '../../src/accounts/index.ts';
import { failAfter } from '../support/failing-store.ts';
import { openSite, subscription } from './site.ts';

const week = 7 * 86_400_000;

describe('taking somebody off the list', () => {
  it('takes what they enrolled and ends their sessions', async (t) => {
    const { parts, ended, forgotten, audit, enrolled, secretsOf, isRequired } = await openSite(t);
    await parts.list.remove(subscription, 'everyone');
    const key = await enrolled('alice');
    await enable(parts, `user:${key}`, 'cli');
    audit.events.length = 0;
    assert.deepEqual(await takeOffList(parts, `user:${key}`, 'cli'), [key]);
    assert.deepEqual(await secretsOf(key), []);
    assert.equal(await isRequired(key), false);
    assert.ok(ended.length > 0 && ended.every((each) => each === `${key} no-longer-enabled cli`));
    assert.deepEqual(forgotten, [`devices ${key}`]);
    assert.deepEqual(audit.events, [
      { type: 'list.changed', subject: `user:${key}`, from: 'enabled', to: 'absent', actor: 'cli' },
      { type: 'user.changed', user: key, name: 'alice', actor: 'cli', reason: 'no-longer-enabled' },
    ]);
    await assert.rejects(takeOffList(parts, `user:${key}`, 'cli'), { code: 'not-found' });
  });

  it('takes nothing from those whom another entry enables, who are administrators, or cannot be judged', async (t) => {
    const { parts, groups, administrators, elsewhere, enrolled, secretsOf, ended } = await openSite(t);
    await groups.create('staff');
    const [own, member, owner, plain] = await Promise.all(['own', 'member', 'owner', 'plain'].map(enrolled));
    assert.ok(own && member && owner && plain);
    await enable(parts, `user:${own}`, 'cli');
    await enable(parts, 'group:local:staff', 'cli');
    await parts.users.join(member, 'staff');
    administrators.add(owner);
    const apps = (await parts.factors.read(subscription, plain)).factors;
    for (const key of ['corp:down', 'corp:partly', 'corp:gone']) {
      await parts.factors.save(subscription, key, apps, 'absent');
    }
    elsewhere.set('corp:down', 'down');
    elsewhere.set('corp:partly', {
      key: 'corp:partly',
      directory: 'corp',
      name: 'partly',
      displayName: 'Partly',
      groups: [],
      groupsComplete: false,
      disabled: false,
    });
    assert.deepEqual(await takeOffList(parts, 'everyone', 'cli'), [plain]);
    for (const key of [own, member, owner]) assert.equal((await secretsOf(key)).length, 1);
    for (const key of ['corp:down', 'corp:partly', 'corp:gone']) {
      assert.equal((await parts.factors.read(subscription, key)).factors.apps.length, 1);
    }
    assert.ok(ended.every((each) => each.startsWith(plain)));
  });

  it('decides by the list, not by the switch', async (t) => {
    const { parts, changed, enrolled, secretsOf } = await openSite(t);
    const key = await enrolled('alice');
    changed.settings = { enabled: false };
    await enable(parts, `user:${key}`, 'cli');
    assert.deepEqual(await takeOffList(parts, `user:${key}`, 'cli'), []);
    assert.equal((await secretsOf(key)).length, 1, 'everyone still enables them');
    assert.deepEqual(await takeOffList(parts, 'everyone', 'cli'), [key]);
  });

  it('leaves exempt users what they have', async (t) => {
    const { parts, clock, enrolled, secretsOf } = await openSite(t);
    const key = await enrolled('kiosk');
    await exempt(parts, `user:${key}`, 'cli', { reason: 'kiosk', until: clock.now() + 1_000 });
    assert.deepEqual(await takeOffList(parts, 'everyone', 'cli'), []);
    assert.equal((await secretsOf(key)).length, 1);
  });

  it('of more than ten users asks for their number before it changes anything', async (t) => {
    const { parts, enrolled, isRequired, audit } = await openSite(t);
    const keys = await Promise.all(Array.from({ length: 11 }, (_, index) => enrolled(`user${index}`)));
    await assert.rejects(takeOffList(parts, 'everyone', 'cli'), {
      code: 'confirmation-required',
      params: { count: 11 },
    });
    assert.ok(await isRequired(keys[0] ?? ''));
    assert.deepEqual(audit.events, []);
    assert.deepEqual((await usersLeavingWith(parts, 'everyone')).sort(), keys.sort());
    assert.ok(await isRequired(keys[0] ?? ''), 'looking changes nothing');
    assert.equal((await takeOffList(parts, 'everyone', 'cli', { confirm: 11 })).length, 11);
  });

  it('never leaves an enabled user without their factors, wherever it is interrupted', async (t) => {
    let finished = false;
    for (let writes = 0; !finished; writes += 1) {
      const { parts, over, store, enrolled, secretsOf, isRequired, ended } = await openSite(t);
      const keys = [await enrolled('alice'), await enrolled('bob')];
      const dying = failAfter(store, writes);
      const result = await takeOffList(over(dying.store), 'everyone', 'cli').catch(() => undefined);
      finished = result !== undefined;
      for (const key of keys) {
        const secrets = await secretsOf(key);
        if (await isRequired(key)) assert.deepEqual(secrets, [`secret of ${key}`], `after ${writes} writes`);
        if (secrets.length === 0) {
          assert.ok(ended.includes(`${key} no-longer-enabled cli`), `after ${writes} writes`);
          assert.ok((await parts.archive.read(subscription, key)) !== undefined, `after ${writes} writes`);
        }
      }
      assert.ok(writes < 20);
    }
  });
});

describe('undoing it', () => {
  it('gives back the entry and what was enrolled, sealed to its owner again', async (t) => {
    const { parts, store, sealer, audit, enrolled, secretsOf, isRequired } = await openSite(t);
    const [alice, bob] = [await enrolled('alice'), await enrolled('bob')];
    const before = (await parts.factors.read(subscription, alice)).factors;
    await takeOffList(parts, 'everyone', 'cli');
    const kept = JSON.stringify((await store.get('undo', `default/factors/${alice}`))?.value);
    assert.ok(!kept.includes('secret of') && !kept.includes('"drift"') && kept.includes('"sealed:1:'), kept);
    // The newly enrolled keep what they have now.
    await parts.factors.save(subscription, bob, { apps: [], recovery: [{ hash: 'new' }] }, 'absent');
    assert.deepEqual(await undoTakeOff(parts, 'everyone', 'cli'), [alice]);
    assert.deepEqual(await secretsOf(alice), [`secret of ${alice}`]);
    assert.ok(await isRequired(alice));
    const after = (await parts.factors.read(subscription, alice)).factors;
    const bare = (factors: typeof before) => factors.apps.map(({ sealedSecret, ...app }) => app);
    assert.deepEqual(bare(after), bare(before));
    assert.deepEqual(after.recovery, before.recovery);
    assert.deepEqual((await parts.factors.read(subscription, bob)).factors.recovery, [{ hash: 'new' }]);
    assert.deepEqual(audit.events.at(-1), { type: 'list.undone', subject: 'everyone', actor: 'cli' });
    await assert.rejects(undoTakeOff(parts, 'everyone', 'cli'), { code: 'not-found' });
    assert.ok(sealer.open(parts.factors.record(subscription, alice), after.apps[0]?.sealedSecret ?? ''));
  });

  it('gives back numbers and addresses, sealed to their owner again', async (t) => {
    const { parts, store, sealer, enrolled } = await openSite(t);
    const alice = await enrolled('alice');
    const record = parts.factors.record(subscription, alice);
    const { factors, version } = await parts.factors.read(subscription, alice);
    const phone = { id: 'p', sealedTo: sealer.seal(record, 'phone-number', '+14155552671'), enrolledAt: 1 };
    const email = { id: 'e', sealedTo: sealer.seal(record, 'email-address', 'a@example.com'), enrolledAt: 2 };
    await parts.factors.save(subscription, alice, { ...factors, phone, email }, version);
    const set = { method: 'sms', phone: '+33612345678', email: 'b@example.com' } as const;
    await enable(parts, `user:${alice}`, 'cli', set);
    await takeOffList(parts, `user:${alice}`, 'cli');
    await takeOffList(parts, 'everyone', 'cli');
    assert.equal((await parts.factors.read(subscription, alice)).version, 'absent');
    const kept = JSON.stringify((await store.list('undo', { limit: 10 })).items);
    assert.doesNotMatch(kept, /4155552671|612345678|example\.com/);
    await undoTakeOff(parts, 'everyone', 'cli');
    await undoTakeOff(parts, `user:${alice}`, 'cli');
    const after = (await parts.factors.read(subscription, alice)).factors;
    assert.deepEqual(
      [after.phone, after.email].map((each) => sealer.open(record, each?.sealedTo ?? '')),
      ['+14155552671', 'a@example.com'],
    );
    assert.deepEqual([after.phone?.id, after.email?.enrolledAt], ['p', 2]);
    const user = (await parts.findUser(alice)) ?? assert.fail();
    assert.deepEqual(await parts.list.destinations(subscription, user), {
      sms: '+33612345678',
      email: 'b@example.com',
    });
  });

  it('keeps the method, the reason and the end of what was taken', async (t) => {
    const { parts, clock } = await openSite(t);
    const until = clock.now() + week;
    await enable(parts, 'group:local:staff', 'cli', { method: 'email' });
    await exempt(parts, 'user:local:kiosk', 'cli', { reason: 'kiosk', until });
    for (const subject of ['group:local:staff', 'user:local:kiosk']) {
      const before = await parts.list.get(subscription, subject);
      await takeOffList(parts, subject, 'cli');
      assert.equal(await parts.list.get(subscription, subject), undefined);
      await undoTakeOff(parts, subject, 'cli');
      assert.deepEqual(await parts.list.get(subscription, subject), before);
    }
  });

  it('is possible for seven days', async (t) => {
    const { parts, clock, enrolled, secretsOf } = await openSite(t);
    const key = await enrolled('alice');
    await takeOffList(parts, 'everyone', 'cli');
    clock.jump(clock.now() + week - 1);
    assert.deepEqual(await undoTakeOff(parts, 'everyone', 'cli'), [key]);
    await takeOffList(parts, 'everyone', 'cli');
    clock.jump(clock.now() + week);
    await assert.rejects(undoTakeOff(parts, 'everyone', 'cli'), { code: 'not-found' });
    assert.deepEqual(await secretsOf(key), []);
  });

  it('of one removal gives nothing back of another', async (t) => {
    const { parts, groups, enrolled, secretsOf } = await openSite(t);
    await parts.list.remove(subscription, 'everyone');
    await groups.create('staff');
    const [alice, bob] = [await enrolled('alice'), await enrolled('bob')];
    await parts.users.join(alice, 'staff');
    await enable(parts, 'group:local:staff', 'cli');
    await enable(parts, `user:${bob}`, 'cli');
    await takeOffList(parts, 'group:local:Staff', 'cli');
    await takeOffList(parts, `user:${bob}`, 'cli');
    assert.deepEqual(await undoTakeOff(parts, 'group:local:staff', 'cli'), [alice]);
    assert.deepEqual(await secretsOf(bob), []);
  });

  it('never leaves an enabled user without the factors that are kept, wherever it is interrupted', async (t) => {
    let finished = false;
    for (let writes = 0; !finished; writes += 1) {
      const { parts, over, store, enrolled, secretsOf, isRequired } = await openSite(t);
      const keys = [await enrolled('alice'), await enrolled('bob')];
      await takeOffList(parts, 'everyone', 'cli');
      const result = await undoTakeOff(over(failAfter(store, writes).store), 'everyone', 'cli').catch(
        () => undefined,
      );
      finished = result !== undefined;
      for (const key of keys) {
        if (await isRequired(key)) assert.equal((await secretsOf(key)).length, 1, `after ${writes} writes`);
      }
      if (!finished) await undoTakeOff(parts, 'everyone', 'cli').catch(() => undefined);
      for (const key of keys) assert.equal((await secretsOf(key)).length, 1, `again after ${writes} writes`);
      assert.ok(writes < 20);
    }
  });
});
