import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DirectoryUser, KnownUsers } from '../../src/accounts/index.ts';
import { failAfter } from '../support/failing-store.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';

const person = (name: string, more: Partial<DirectoryUser> = {}): DirectoryUser => ({
  key: `corp:${name}`,
  directory: 'corp',
  name,
  displayName: `${name} Smith`,
  groups: ['staff'],
  groupsComplete: true,
  disabled: false,
  ...more,
});

describe('users whom the gateway has met', () => {
  const names = async (known: KnownUsers, query = {}): Promise<string[]> =>
    (await known.list('default', { directory: 'corp', limit: 10, ...query })).items.map(
      ({ user }) => user.name,
    );

  it('are listed by name, and found by the words of their names', async () => {
    const known = new KnownUsers({ store: await openStore(), clock: new ManualClock() });
    for (const name of ['Zoe', 'adam', 'Émile']) await known.note('default', person(name));
    assert.deepEqual(await names(known), ['adam', 'Zoe', 'Émile']);
    assert.deepEqual(await names(known, { term: 'emi' }), ['Émile']);
    assert.deepEqual((await names(known, { term: 'SMI' })).length, 3);
    const first = await known.list('default', { directory: 'corp', limit: 2 });
    assert.deepEqual(await names(known, { after: first.next }), ['Émile']);
    assert.deepEqual((await known.list('other', { directory: 'corp', limit: 2 })).items, []);
  });

  it('are listed once after a change of name, wherever it was interrupted', async () => {
    for (let writes = 0; writes < 4; writes += 1) {
      const store = await openStore();
      const known = new KnownUsers({ store, clock: new ManualClock() });
      await known.note('default', person('before'));
      const renamed = { ...person('after'), key: 'corp:before' };
      const dying = new KnownUsers({ store: failAfter(store, writes).store, clock: new ManualClock() });
      await dying.note('default', renamed).catch(() => undefined);
      const listed = await names(known);
      assert.equal(listed.length, 1, `after ${writes} writes`);
      await known.note('default', renamed);
      assert.deepEqual(await names(known), ['after']);
    }
  });

  it('keep the groups they had when nobody looked for them, and when they signed in', async () => {
    const clock = new ManualClock();
    const known = new KnownUsers({ store: await openStore(clock), clock });
    await known.signedIn('default', person('ann'));
    const signedInAt = clock.now();
    clock.advance(1_000);
    await known.note('default', person('ann', { groups: [], groupsComplete: false }));
    const found = await known.find('default', 'corp:ann');
    assert.deepEqual(found?.user.groups, ['staff']);
    assert.equal(found?.user.groupsComplete, true);
    assert.equal(found?.lastSignInAt, signedInAt);
    assert.equal(found?.seenAt, signedInAt + 1_000);
  });

  it('are not listed when they are local, but their sign-ins are known', async () => {
    const clock = new ManualClock();
    const known = new KnownUsers({ store: await openStore(clock), clock });
    const local = person('lea', { key: 'local:1', directory: 'local' });
    await known.note('default', local);
    await known.signedIn('default', local);
    assert.deepEqual((await known.list('default', { directory: 'local', limit: 5 })).items, []);
    assert.equal(await known.find('default', 'local:1'), undefined);
    assert.deepEqual(await known.lastSignIns('default', ['local:2', 'local:1']), [undefined, clock.now()]);
  });

  it('are forgotten altogether', async () => {
    const known = new KnownUsers({ store: await openStore(), clock: new ManualClock() });
    await known.note('default', person('ann'));
    await known.forget('default', 'corp:ann');
    assert.deepEqual(await names(known), []);
    assert.equal(await known.find('default', 'corp:ann'), undefined);
  });
});
