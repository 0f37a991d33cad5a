import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DirectoryUser } from '../../src/accounts/index.ts';
import { Directories, type FirstFactor } from '../../src/first-factors/index.ts';

const bob: DirectoryUser = {
  key: 'corp:bob-id',
  directory: 'corp',
  name: 'bob',
  displayName: 'Bob',
  groups: [],
  groupsComplete: false,
  disabled: false,
};

/** A directory that finds Bob, as it is now. */
function corp(state: { verdict: 'accepted' | 'refused' }): FirstFactor {
  return {
    directory: 'corp',
    lookUp: async () => bob,
    find: async () => bob,
    verify: async () =>
      state.verdict === 'accepted'
        ? { result: 'accepted', user: bob, mustChangePassword: false }
        : { result: 'refused', user: bob },
  };
}

describe('where users of directories belong', () => {
  it('is filled in wherever a user is found or verified, with the other names of their directory', async () => {
    const asked: (readonly string[])[] = [];
    const directories = new Directories(
      [{ factor: corp({ verdict: 'accepted' }), aliases: ['corp.example'] }],
      (user, aliases) => {
        asked.push(aliases);
        return { ...user, subscription: 'acme' };
      },
    );
    assert.equal((await directories.find(bob.key))?.subscription, 'acme');
    assert.equal((await directories.lookUp('bob'))?.subscription, 'acme');
    assert.equal((await directories.verify('bob', 'x')).user?.subscription, 'acme');
    assert.deepEqual(asked, [['corp.example'], ['corp.example'], ['corp.example']]);
  });

  it('is `default` for everybody while nobody is placed, without a word about it', async () => {
    const directories = new Directories([{ factor: corp({ verdict: 'accepted' }) }]);
    assert.deepEqual(await directories.find(bob.key), bob);
  });

  it('lets in nobody of whom it cannot be said, and tells a wrong password as ever', async () => {
    const state = { verdict: 'accepted' as 'accepted' | 'refused' };
    const directories = new Directories([{ factor: corp(state) }], (user) => ({
      ...user,
      subscription: '?',
    }));
    await assert.rejects(directories.verify('bob', 'right'), { code: 'directory-unavailable' });
    await assert.rejects(directories.find(bob.key), { code: 'directory-unavailable' });
    // A name is looked up before anything else of its user is known.
    assert.equal((await directories.lookUp('bob'))?.key, bob.key);
    state.verdict = 'refused';
    assert.equal((await directories.verify('bob', 'wrong')).result, 'refused');
  });
});
