import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { LocalGroups, LocalUsers } from '../../src/accounts/index.ts';
import { systemRandom } from '../../src/random.ts';
import type { Json } from '../../src/storage/index.ts';
import { failAfter } from '../support/failing-store.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { delivered, openStore } from '../support/open-store.ts';

async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const sealer = openSealer(clock);
  const over = (through: typeof store | ReturnType<typeof failAfter>['store']) => {
    const shared = { store: through, clock, random: systemRandom };
    const groups = new LocalGroups(shared);
    return { groups, users: new LocalUsers({ ...shared, sealer, groups }) };
  };
  return { clock, store, over, ...over(store) };
}

describe('local users', () => {
  it('are found by key, and by name however it is spelled', async (t) => {
    const { users, clock } = await site(t);
    const alice = await users.create({
      name: ' Alice ',
      displayName: 'Alice Liddell',
      email: 'a@example.com',
    });
    assert.match(alice.key, /^local:[\w-]{22}$/);
    assert.deepEqual(alice, {
      key: alice.key,
      directory: 'local',
      name: 'Alice',
      displayName: 'Alice Liddell',
      email: 'a@example.com',
      groups: [],
      groupsComplete: true,
      disabled: false,
      createdAt: clock.now(),
    });
    assert.deepEqual(await users.find(alice.key), alice);
    assert.deepEqual(await users.lookUp('ａＬＩＣＥ'), alice);
    assert.equal(await users.lookUp('alicia'), undefined);
    assert.equal(await users.find('local:alice'), undefined);
  });

  it('have names of their own: of many who want one at the same moment, one gets it', async (t) => {
    const { users } = await site(t);
    const outcomes = await Promise.allSettled(
      ['bob', 'BOB', 'Bob', 'bOb'].map((name) => users.create({ name })),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const each of outcomes) {
      if (each.status === 'rejected') assert.equal(each.reason.code, 'name-taken');
    }
    assert.equal((await users.list({ limit: 10 })).items.length, 1);
  });

  it('cannot be called what is no name, or have details that are none', async (t) => {
    const { users } = await site(t);
    for (const name of ['', 'a/b', 'a\\b', 'x'.repeat(65)]) {
      await assert.rejects(users.create({ name }), { code: 'invalid-request' });
    }
    await assert.rejects(users.create({ name: 'a', displayName: 'a\nb' }), { code: 'invalid-request' });
    assert.equal((await users.list({ limit: 10 })).items.length, 0);
  });

  it('keep their key and everything else under a new name, and free the old one', async (t) => {
    const { users } = await site(t);
    const alice = await users.create({ name: 'alice' });
    const bob = await users.create({ name: 'bob' });
    const renamed = await users.rename(alice.key, 'Alice Hargreaves');
    assert.equal(renamed.key, alice.key);
    assert.equal((await users.lookUp('alice hargreaves'))?.key, alice.key);
    assert.equal(await users.lookUp('alice'), undefined);
    await assert.rejects(users.rename(alice.key, 'BOB'), { code: 'name-taken', params: { name: 'BOB' } });
    await assert.rejects(users.rename('local:nobody', 'eve'), { code: 'unknown-user' });
    assert.equal((await users.rename(bob.key, 'BOB')).name, 'BOB');
    assert.equal((await users.lookUp('bob'))?.key, bob.key);
    const other = await users.create({ name: 'alice' });
    assert.notEqual(other.key, alice.key);
  });

  it('leave nothing to whoever gets their name later', async (t) => {
    const { users, groups } = await site(t);
    await groups.create('staff');
    const alice = await users.create({ name: 'alice' });
    await users.join(alice.key, 'staff');
    assert.equal(await users.delete(alice.key), true);
    assert.equal(await users.delete(alice.key), false);
    assert.equal(await users.find(alice.key), undefined);
    const again = await users.create({ name: 'alice' });
    assert.notEqual(again.key, alice.key);
    assert.deepEqual(again.groups, []);
    assert.equal(again.disabled, false);
  });

  it('are listed by name in pages, and by the beginnings of their words', async (t) => {
    const { users } = await site(t);
    for (const name of ['dora', 'Anna', 'ben', 'anton', 'carl']) {
      await users.create({ name, displayName: `${name} Müller` });
    }
    const first = await users.list({ limit: 2 });
    assert.deepEqual(
      first.items.map(({ name }) => name),
      ['Anna', 'anton'],
    );
    const second = await users.list({ limit: 3, ...(first.next === undefined ? {} : { after: first.next }) });
    assert.deepEqual(
      second.items.map(({ name }) => name),
      ['ben', 'carl', 'dora'],
    );
    assert.deepEqual(
      (await users.list({ prefix: 'AN', limit: 9 })).items.map(({ name }) => name),
      ['Anna', 'anton'],
    );
    assert.equal((await users.list({ term: 'mull', limit: 9 })).items.length, 5);
    assert.deepEqual(
      (await users.list({ term: 'Ben', limit: 9 })).items.map(({ name }) => name),
      ['ben'],
    );
    assert.equal((await users.list({ term: 'zoe', limit: 9 })).items.length, 0);
  });

  it('change their details one by one', async (t) => {
    const { users } = await site(t);
    const { key } = await users.create({ name: 'alice', displayName: 'A', email: 'a@example.com' });
    assert.equal((await users.describe(key, { displayName: 'Alice' })).email, 'a@example.com');
    const without = await users.describe(key, { email: '' });
    assert.equal(without.email, undefined);
    assert.equal(without.displayName, 'Alice');
    assert.equal((await users.list({ term: 'alice', limit: 9 })).items.length, 1);
    await assert.rejects(users.describe('local:nobody', {}), { code: 'unknown-user' });
  });

  it('tell every process when something about them changes', async (t) => {
    const { users, store, groups } = await site(t);
    const heard: Json[] = [];
    store.subscribe('accounts', { message: (message) => heard.push(message) });
    await groups.create('staff');
    const { key } = await users.create({ name: 'alice' });
    await users.join(key, 'staff');
    await users.setDisabled(key, true);
    await users.rename(key, 'alicia');
    await users.delete(key);
    await delivered();
    assert.deepEqual(heard, [{ group: 'local:staff' }, ...Array.from({ length: 5 }, () => ({ user: key }))]);
  });
});

describe('an interruption', () => {
  it('of a creation leaves the whole user, or a name that is free again after a minute', async (t) => {
    const { store, over, users, clock } = await site(t);
    for (let writes = 0; writes < 6; writes += 1) {
      const name = `user${writes}`;
      const { users: dying } = over(failAfter(store, writes).store);
      const created = await dying
        .create({ name }, async (key) => void (await store.put('local-passwords', key, {})))
        .catch(() => undefined);
      if (created !== undefined) {
        assert.ok(writes >= 3);
        assert.equal((await users.lookUp(name))?.key, created.key);
        continue;
      }
      clock.advance(60_000);
      assert.equal(await users.lookUp(name), undefined);
      const again = await users.create({ name });
      assert.equal((await users.lookUp(name))?.key, again.key);
    }
  });

  it('of a renaming leaves one of the two names, and the other is free again after a minute', async (t) => {
    const { store, over, users, clock } = await site(t);
    for (let writes = 0; writes < 4; writes += 1) {
      const { key } = await users.create({ name: `old${writes}` });
      const { users: dying } = over(failAfter(store, writes).store);
      await dying.rename(key, `new${writes}`).catch(() => undefined);
      const now = (await users.find(key))?.name ?? '';
      assert.equal(now, writes < 2 ? `old${writes}` : `new${writes}`);
      assert.equal((await users.lookUp(now))?.key, key);
      clock.advance(60_000);
      const free = now.startsWith('old') ? `new${writes}` : `old${writes}`;
      assert.equal(await users.lookUp(free), undefined);
      assert.notEqual((await users.create({ name: free })).key, key);
    }
  });
});

describe('local groups', () => {
  it('have members by name, until they are deleted', async (t) => {
    const { users, groups } = await site(t);
    await groups.create('Staff');
    await groups.create('Staffing');
    await assert.rejects(groups.create('STAFF'), { code: 'name-taken' });
    await assert.rejects(groups.create('a/b'), { code: 'invalid-request' });
    const alice = await users.create({ name: 'alice' });
    const bob = await users.create({ name: 'bob' });
    assert.deepEqual((await users.join(alice.key, 'staff')).groups, ['Staff']);
    await users.join(alice.key, 'STAFF');
    await users.join(alice.key, 'staffing');
    await users.join(bob.key, 'staffing');
    await assert.rejects(users.join(alice.key, 'nobody'), { code: 'not-found' });
    assert.deepEqual((await users.find(alice.key))?.groups, ['Staff', 'Staffing']);
    assert.deepEqual(
      (await users.members('staff', { limit: 9 })).items.map(({ name }) => name),
      ['alice'],
    );
    assert.equal((await users.members('staffing', { limit: 9 })).items.length, 2);
    assert.deepEqual((await users.leave(alice.key, 'STAFFING')).groups, ['Staff']);
    assert.deepEqual(
      (await groups.list({ prefix: 'st', limit: 9 })).items.map(({ name }) => name),
      ['Staff', 'Staffing'],
    );
  });

  it('of a reused name have no members', async (t) => {
    const { users, groups } = await site(t);
    await groups.create('staff');
    const alice = await users.create({ name: 'alice' });
    await users.join(alice.key, 'staff');
    assert.equal(await groups.delete('STAFF'), true);
    assert.deepEqual((await users.find(alice.key))?.groups, []);
    await groups.create('staff');
    assert.deepEqual((await users.find(alice.key))?.groups, []);
    assert.deepEqual((await users.members('staff', { limit: 9 })).items, []);
    assert.deepEqual((await users.join(alice.key, 'staff')).groups, ['staff']);
  });
});
