import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  changeMembership,
  createGroup,
  deleteAccount,
  deleteGroup,
  describeAccount,
  disableAccount,
  enable,
  enableAccount,
  renameAccount,
} from '../../src/accounts/index.ts';
import { failAfter } from '../support/failing-store.ts';
import { openSite, subscription } from './site.ts';

describe('an account', () => {
  it('that is disabled loses its sessions and devices, keeps its factors, and can be enabled again', async (t) => {
    const { parts, ended, forgotten, audit, enrolled, secretsOf } = await openSite(t);
    const key = await enrolled('alice');
    await disableAccount(parts, key, 'local:root');
    assert.equal((await parts.users.find(key))?.disabled, true);
    assert.deepEqual(
      ended,
      Array.from({ length: 2 }, () => `${key} user-disabled local:root`),
    );
    assert.deepEqual(forgotten, [`devices ${key}`]);
    assert.equal((await secretsOf(key)).length, 1);
    await enableAccount(parts, key, 'local:root');
    assert.equal((await parts.users.find(key))?.disabled, false);
    assert.deepEqual(
      audit.events.map(({ type }) => type),
      ['user.disabled', 'user.enabled'],
    );
    await assert.rejects(disableAccount(parts, 'local:nobody', 'cli'), { code: 'unknown-user' });
  });

  it('that is deleted leaves nothing to who gets its name', async (t) => {
    const { parts, store, forgotten, enrolled, secretsOf, isRequired, audit } = await openSite(t);
    const key = await enrolled('alice');
    await enable(parts, `user:${key}`, 'cli', { method: 'email' });
    await deleteAccount(parts, key, 'cli');
    assert.equal(await parts.users.find(key), undefined);
    assert.deepEqual(forgotten, [`devices ${key}`, `account ${key}`]);
    for (const collection of ['users', 'factors', 'user-names']) {
      assert.deepEqual((await store.list(collection, { limit: 9 })).items, [], collection);
    }
    assert.equal(await parts.list.get(subscription, `user:${key}`), undefined);
    const again = await enrolled('alice');
    assert.notEqual(again, key);
    assert.ok(await isRequired(again));
    assert.deepEqual(await secretsOf(again), [`secret of ${again}`]);
    assert.deepEqual(audit.events.at(-1), { type: 'user.removed', user: key, name: 'alice', actor: 'cli' });
  });

  it('that is being deleted is shut from the first write on', async (t) => {
    let finished = false;
    for (let writes = 0; !finished; writes += 1) {
      const { parts, over, store, enrolled, secretsOf } = await openSite(t);
      const key = await enrolled('alice');
      const dying = over(failAfter(store, writes).store);
      finished = await deleteAccount(dying, key, 'cli').then(
        () => true,
        () => false,
      );
      const user = await parts.users.find(key);
      const shut = user === undefined || user.disabled || (await secretsOf(key)).length === 1;
      assert.ok(shut, `after ${writes} writes`);
      if (!finished && user !== undefined) await deleteAccount(parts, key, 'cli');
      assert.equal(await parts.users.find(key), undefined);
      assert.ok(writes < 20);
    }
  });

  it('of the only owner can be neither disabled nor deleted', async (t) => {
    const { parts, administrators, enrolled } = await openSite(t);
    const key = await enrolled('root');
    administrators.add(key);
    await assert.rejects(disableAccount(parts, key, 'cli'), { code: 'last-owner' });
    await assert.rejects(deleteAccount(parts, key, 'cli'), { code: 'last-owner' });
    assert.equal((await parts.users.find(key))?.disabled, false);
    administrators.add('local:other');
    await disableAccount(parts, key, 'cli');
  });

  it('is changed by name in the audit log', async (t) => {
    const { parts, groups, audit, enrolled } = await openSite(t);
    const key = await enrolled('alice');
    await groups.create('staff');
    await renameAccount(parts, key, 'alicia', 'cli');
    await describeAccount(parts, key, { email: 'a@example.com' }, 'cli');
    await changeMembership(parts, key, 'staff', true, 'cli');
    assert.deepEqual((await changeMembership(parts, key, 'staff', false, 'cli')).groups, []);
    assert.deepEqual(
      audit.events.map((event) => event.type === 'user.changed' && `${event.name}: ${event.reason}`),
      ['alicia: renamed', 'alicia: details', 'alicia: joined staff', 'alicia: left staff'],
    );
  });
});

describe('a local group', () => {
  it('that is on the list is not deleted from under it', async (t) => {
    const { parts, groups, audit } = await openSite(t);
    const all = { ...parts, groups };
    await createGroup(all, ' Staff ', 'cli');
    await enable(parts, 'group:local:staff', 'cli');
    await assert.rejects(deleteGroup(all, 'staff', 'cli'), { code: 'group-listed' });
    await parts.list.remove(subscription, 'group:local:Staff');
    await deleteGroup(all, 'STAFF', 'cli');
    await assert.rejects(deleteGroup(all, 'staff', 'cli'), { code: 'not-found' });
    assert.deepEqual(
      audit.events.map(({ type }) => type),
      ['group.added', 'list.changed', 'group.removed'],
    );
  });
});
