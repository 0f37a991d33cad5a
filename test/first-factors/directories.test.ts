import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DirectoryUser } from '../../src/accounts/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { Directories, type FirstFactor } from '../../src/first-factors/index.ts';

const person = (directory: string, name: string): DirectoryUser => ({
  key: `${directory}:${name}-id`,
  directory,
  name,
  displayName: name,
  groups: [],
  groupsComplete: true,
  disabled: false,
});

/** A directory of plain names, whose passwords are its own name. */
function plain(directory: string, names: readonly string[], asked: string[] = []): FirstFactor {
  const lookUp = async (name: string) => {
    asked.push(`${directory}?${name}`);
    return names.includes(name) ? person(directory, name) : undefined;
  };
  return {
    directory,
    lookUp,
    find: async (key) => names.map((name) => person(directory, name)).find((each) => each.key === key),
    async verify(name, password) {
      const user = names.includes(name) ? person(directory, name) : undefined;
      asked.push(`${directory}!${name}`);
      if (user === undefined || password !== directory) return { result: 'refused' };
      return { result: 'accepted', user, mustChangePassword: false };
    },
  };
}

const local = plain('local', ['alice', 'root', 'dan@example.org']);
const corp = plain('corp', ['alice', 'bob']);
const both = new Directories([{ factor: local }, { factor: corp, aliases: ['CORP-NT', 'corp.example'] }]);

describe('several directories', () => {
  for (const [typed, key] of [
    ['alice', 'local:alice-id'],
    ['bob', 'corp:bob-id'],
    [' bob ', 'corp:bob-id'],
    ['corp\\alice', 'corp:alice-id'],
    ['CORP\\alice', 'corp:alice-id'],
    ['corp-nt\\alice', 'corp:alice-id'],
    ['local\\alice', 'local:alice-id'],
    ['alice@corp', 'corp:alice-id'],
    ['alice@Corp.Example', 'corp:alice-id'],
    ['dan@example.org', 'local:dan@example.org-id'],
    ['local\\dan@example.org', 'local:dan@example.org-id'],
    ['local\\bob', undefined],
    ['bob@local', undefined],
    ['other\\alice', undefined],
    ['\\alice', undefined],
    ['alice@other', undefined],
    ['@corp', undefined],
    ['', undefined],
  ] as const) {
    it(`take "${typed}" for ${key ?? 'nobody'}`, async () => {
      assert.equal((await both.lookUp(typed))?.key, key);
      const password = key?.split(':')[0] ?? 'local';
      const verdict = await both.verify(typed, password);
      assert.equal(verdict.result, key === undefined ? 'refused' : 'accepted');
    });
  }

  for (const [typed, expected] of [
    ['alice', 'ambiguous'],
    ['bob', 'corp:bob-id'],
    ['corp\\alice', 'corp:alice-id'],
    ['alice@corp.example', 'corp:alice-id'],
    ['dan@example.org', 'local:dan@example.org-id'],
    ['nobody', 'unknown'],
    ['other\\alice', 'unknown'],
    ['alice@other', 'unknown'],
  ] as const) {
    it(`identify "${typed}" as ${expected}`, async () => {
      const found = await both.identify(typed);
      assert.equal(found.result === 'known' ? found.user.key : found.result, expected);
    });
  }

  it('identify nobody by a bare name while one of them cannot be asked, and whoever names another', async () => {
    const down: FirstFactor = {
      ...corp,
      lookUp: () => Promise.reject(new GatewayError('directory-unavailable')),
    };
    const half = new Directories([{ factor: local }, { factor: down }]);
    await assert.rejects(half.identify('root'), { code: 'directory-unavailable' });
    assert.equal((await half.identify('local\\root')).result, 'known');
  });

  it('never check a password in a directory that was not meant', async () => {
    const asked: string[] = [];
    const directories = new Directories([
      { factor: plain('local', ['alice'], asked) },
      { factor: plain('corp', ['alice'], asked) },
    ]);
    assert.equal((await directories.verify('corp\\alice', 'local')).result, 'refused');
    assert.equal((await directories.verify('alice', 'corp')).result, 'refused');
    assert.deepEqual(
      asked.filter((each) => each.includes('!')),
      ['corp!alice', 'local!alice'],
    );
  });

  it('do the same work for every bare name, whoever has it', async () => {
    const work = async (typed: string): Promise<string[]> => {
      const done: string[] = [];
      const hashing = plain('local', ['root'], done);
      const directories = new Directories([
        { factor: { ...hashing, pretend: async () => void done.push('local!') } },
        { factor: plain('corp', ['bob'], done) },
      ]);
      await directories.verify(typed, 'wrong');
      return done.filter((each) => each.includes('!')).sort();
    };
    assert.deepEqual(await work('bob'), ['corp!bob', 'local!']);
    assert.deepEqual(await work('nobody'), ['corp!nobody', 'local!']);
    assert.deepEqual(await work('root'), ['local!root']);
    assert.deepEqual(await work('corp\\bob'), ['corp!bob']);
    assert.deepEqual(await work('corp\\nobody'), ['corp!nobody']);
  });

  it('count a name that nobody has like one of the last of them, however it is typed', () => {
    const counted = (typed: string): string => both.bareName(typed);
    // As `bob` and `corp\\bob` are one, and `local\\bob` another.
    assert.equal(counted('nobody'), counted('CORP\\nobody'));
    assert.equal(counted('nobody'), counted(' nobody@corp.example '));
    assert.notEqual(counted('nobody'), counted('local\\nobody'));
    assert.equal(counted('local\\nobody'), counted('nobody@local'));
  });

  it('lock every bare name by the strictest of them, so that a lock tells nothing of a name', async () => {
    const locking = (factor: FirstFactor, threshold: number, window: number): FirstFactor => ({
      ...factor,
      lockout: async () => ({ threshold, window }),
    });
    const other = plain('other', ['carol']);
    const directories = new Directories([
      { factor: local },
      { factor: locking(corp, 5, 1000) },
      { factor: locking(other, 9, 2000) },
    ]);
    for (const typed of ['root', 'bob', 'carol', 'nobody']) {
      assert.deepEqual(await directories.lockoutOf(typed), { threshold: 5, window: 2000 }, typed);
    }
    assert.equal(await directories.lockoutOf('local\\root'), undefined);
    assert.equal(await directories.lockoutOf('local\\nobody'), undefined);
    assert.deepEqual(await directories.lockoutOf('nobody@corp'), { threshold: 5, window: 1000 });
    const down = () => Promise.reject(new GatewayError('directory-unavailable'));
    const half = new Directories([{ factor: local }, { factor: { ...corp, lockout: down } }]);
    assert.equal(await half.lockoutOf('root'), undefined);
    await assert.rejects(half.lockoutOf('bob'), { code: 'directory-unavailable' });
  });

  it('do not pass over one that cannot be asked, but leave the others alone', async () => {
    const lost: FirstFactor = {
      ...corp,
      lookUp: () => Promise.reject(new GatewayError('store-unavailable')),
    };
    const directories = new Directories([{ factor: lost }, { factor: local }]);
    await assert.rejects(directories.lookUp('root'));
    assert.equal((await directories.lookUp('local\\root'))?.key, 'local:root-id');
    assert.equal((await directories.find('local:root-id'))?.name, 'root');
  });

  it('find a user by key in their own directory only', async () => {
    assert.equal((await both.find('corp:bob-id'))?.name, 'bob');
    for (const key of ['local:bob-id', 'gone:bob-id', 'bob-id', '']) {
      assert.equal(await both.find(key), undefined, key);
    }
  });

  it('change passwords only where that is possible', async () => {
    assert.equal(both.canChangePassword('corp:bob-id'), false);
    await assert.rejects(both.changePassword('corp:bob-id', 'a', 'b'), { code: 'method-not-available' });
    await assert.rejects(both.replacePassword('gone:x', 'b'), { code: 'method-not-available' });
    const changed: string[] = [];
    const changing = new Directories([
      {
        factor: {
          ...local,
          changePassword: async (...all) => void changed.push(all.join()),
          replacePassword: async (...all) => void changed.push(all.join()),
        },
      },
    ]);
    assert.equal(changing.canChangePassword('local:root-id'), true);
    await changing.changePassword('local:root-id', 'a', 'b');
    await changing.replacePassword('local:root-id', 'c');
    assert.deepEqual(changed, ['local:root-id,a,b', 'local:root-id,c']);
  });
});
