import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Roles, reaches, roleNames, strongestRole } from '../../src/access/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';

async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const gone = new Set<string>();
  const roles = new Roles({ store, clock, isUsable: async (user) => !gone.has(user) });
  return { clock, store, roles, gone };
}

const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

describe('the rank of a role', () => {
  it('allows everything that the ones below it do', () => {
    for (const [index, role] of roleNames.entries()) {
      for (const [other, needed] of roleNames.entries()) assert.equal(reaches(role, needed), index >= other);
    }
    assert.equal(reaches(undefined, 'auditor'), false);
  });

  it('of the whole site holds in every subscription, of one subscription nowhere else', () => {
    const grants = [{ role: 'auditor' }, { role: 'administrator', subscription: 'acme' }] as const;
    assert.equal(strongestRole(grants, 'acme'), 'administrator');
    assert.equal(strongestRole(grants, 'other'), 'auditor');
    assert.equal(strongestRole(grants, undefined), 'auditor');
    assert.equal(strongestRole([{ role: 'owner', subscription: 'acme' }], undefined), undefined);
    assert.equal(
      strongestRole([{ role: 'owner' }, { role: 'auditor', subscription: 'acme' }], 'acme'),
      'owner',
    );
  });
});

describe('who administers', () => {
  it('is read from what earlier versions stored', async (t) => {
    const { store, roles } = await site(t);
    await store.put('roles', 'default/local:old', { roles: ['owner'], since: 7 });
    assert.deepEqual(await roles.rolesOf('local:old'), [{ role: 'owner', since: 7 }]);
    assert.equal(await roles.isOnlyOwner('local:old'), true);
    await roles.grant('local:old', { role: 'auditor', subscription: 'acme', by: 'cli' });
    assert.equal((await roles.rolesOf('local:old')).length, 2, 'and is kept when there is more to say');
  });

  it('has one role in each place, and an administrator of whatever place is one', async (t) => {
    const { clock, roles } = await site(t);
    assert.equal(await roles.isAdministrator('local:a'), false);
    assert.equal(
      await roles.grant('local:a', { role: 'helpdesk', subscription: 'acme', by: 'x' }),
      undefined,
    );
    assert.equal(await roles.isAdministrator('local:a'), true);
    const before = await roles.grant('local:a', { role: 'auditor', subscription: 'acme', by: 'local:o' });
    assert.equal(before, 'helpdesk');
    assert.deepEqual(await roles.rolesOf('local:a'), [
      { role: 'auditor', subscription: 'acme', since: clock.now(), by: 'local:o' },
    ]);
    assert.equal(await roles.withdraw('local:a', 'acme'), 'auditor');
    assert.equal(await roles.isAdministrator('local:a'), false);
    assert.equal(await roles.find('local:a'), undefined);
  });

  it('is told to every replica at once', async (t) => {
    const { store, roles } = await site(t);
    const told: unknown[] = [];
    store.subscribe('accounts', { message: (message) => told.push(message) });
    await roles.grant('local:a', { role: 'helpdesk', by: 'x' });
    await roles.withdraw('local:a', undefined);
    await delivered();
    assert.deepEqual(told, [{ user: 'local:a' }, { user: 'local:a' }]);
  });

  it('is not overwritten by somebody who saw an older state', async (t) => {
    const { roles } = await site(t);
    await roles.grant('local:a', { role: 'helpdesk', by: 'x' });
    const seen = (await roles.find('local:a'))?.version ?? '';
    await roles.grant('local:a', { role: 'administrator', by: 'x' }, seen);
    await assert.rejects(
      roles.grant('local:a', { role: 'auditor', by: 'x' }, seen),
      refused('changed-meanwhile'),
    );
    await assert.rejects(roles.withdraw('local:a', undefined, seen), refused('changed-meanwhile'));
    await assert.rejects(
      roles.grant('local:a', { role: 'auditor', by: 'x' }, 'absent'),
      refused('changed-meanwhile'),
    );
    assert.equal(await roles.roleIn('local:a', undefined), 'administrator');
  });

  it('is listed by page, with everything they may', async (t) => {
    const { roles } = await site(t);
    for (const user of ['local:a', 'local:b', 'local:c']) await roles.makeOwner(user);
    const first = await roles.list({ limit: 2 });
    assert.deepEqual(
      first.items.map(({ user }) => user),
      ['local:a', 'local:b'],
    );
    const second = await roles.list({ limit: 2, after: first.next ?? '' });
    assert.deepEqual(
      second.items.map(({ user }) => user),
      ['local:c'],
    );
    assert.equal(second.next, undefined);
  });

  it('loses what they had in a subscription that was deleted, and nothing else', async (t) => {
    const { roles } = await site(t);
    await roles.grant('local:a', { role: 'owner', subscription: 'acme', by: 'x' });
    await roles.grant('local:b', { role: 'auditor', by: 'x' });
    await roles.grant('local:b', { role: 'owner', subscription: 'acme', by: 'x' });
    await roles.forgetSubscription('acme');
    assert.equal(await roles.isAdministrator('local:a'), false);
    assert.equal(await roles.roleIn('local:b', 'acme'), 'auditor');
  });
});

describe('the last owner', () => {
  it('can neither lose the role nor be given a lesser one', async (t) => {
    const { roles } = await site(t);
    await roles.makeOwner('local:a');
    await roles.grant('local:b', { role: 'owner', subscription: 'acme', by: 'x' });
    await assert.rejects(roles.withdraw('local:a', undefined), refused('last-owner'));
    await assert.rejects(roles.grant('local:a', { role: 'administrator', by: 'x' }), refused('last-owner'));
    await roles.grant('local:a', { role: 'owner', by: 'x' });
    await roles.makeOwner('local:c');
    assert.equal(await roles.withdraw('local:a', undefined), 'owner');
    await assert.rejects(roles.withdraw('local:c', undefined), refused('last-owner'));
  });

  it('is one beside whom there are only owners who cannot sign in', async (t) => {
    const { roles, gone } = await site(t);
    await roles.makeOwner('local:a');
    await roles.makeOwner('corp:b');
    gone.add('corp:b');
    await assert.rejects(roles.withdraw('local:a', undefined), refused('last-owner'));
    await roles.withdraw('corp:b', undefined);
    assert.deepEqual(await Array.fromAsync(roles.owners()), ['local:a']);
  });

  it('is left when two owners take each other away at the same moment', async (t) => {
    const { roles } = await site(t);
    for (let round = 0; round < 20; round += 1) {
      await roles.makeOwner('local:a');
      await roles.makeOwner('local:b');
      const results = await Promise.allSettled([
        roles.withdraw('local:a', undefined),
        roles.withdraw('local:b', undefined),
      ]);
      assert.equal((await Array.fromAsync(roles.owners())).length, 1);
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    }
  });

  it('is asked for anew once whoever was at it has died', async (t) => {
    const { clock, store, roles } = await site(t);
    await roles.makeOwner('local:a');
    await roles.makeOwner('local:b');
    await store.put(
      'role-changes',
      'default/owners',
      { user: 'local:a' },
      { expiresAt: clock.now() + 30_000 },
    );
    await assert.rejects(roles.withdraw('local:b', undefined), refused('conflict'));
    clock.advance(30_001);
    await roles.withdraw('local:b', undefined);
  });
});
