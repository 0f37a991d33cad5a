import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { LocalGroups, LocalUsers } from '../../src/accounts/index.ts';
import { LocalDirectory, LocalPasswords, PasswordHasher } from '../../src/first-factors/index.ts';
import { systemRandom } from '../../src/random.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const good = 'three blind mice';
const other = 'four and twenty blackbirds';
const cheap = { memory: 64, passes: 1, lanes: 1 };

async function site(t: TestContext, cost = cheap) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const shared = { store, clock, random: systemRandom };
  const groups = new LocalGroups(shared);
  const users = new LocalUsers({ ...shared, sealer: openSealer(clock), groups });
  const passwords = new LocalPasswords(store);
  const audit = recordingAudit();
  const hasher = new PasswordHasher({ random: systemRandom, cost });
  const directory = new LocalDirectory({ users, passwords, hasher, clock, audit });
  const alice = await directory.create(
    { name: 'Alice', displayName: 'Alice Liddell', password: good },
    'cli',
  );
  return { store, clock, users, passwords, audit, directory, alice, groups };
}

describe('the local directory', () => {
  it('accepts the right password under any spelling of the name', async (t) => {
    const { directory, alice, audit } = await site(t);
    for (const name of ['Alice', 'alice', ' ALICE ', 'Ａｌｉｃｅ']) {
      const verdict = await directory.verify(name, good);
      assert.equal(verdict.result, 'accepted', name);
      assert.deepEqual(verdict.user, alice);
    }
    assert.deepEqual(audit.events, [{ type: 'user.added', user: alice.key, name: 'Alice', actor: 'cli' }]);
  });

  it('refuses a wrong password and an unknown name alike', async (t) => {
    const { directory, alice } = await site(t);
    assert.deepEqual(await directory.verify('alice', 'wrong'), { result: 'refused', user: alice });
    assert.deepEqual(await directory.verify('bob', good), { result: 'refused' });
    for (const name of [
      '',
      ' ',
      '\0',
      '../alice',
      'a'.repeat(100_000),
      '\ud800',
      '__proto__',
      'default/local/alice',
    ]) {
      assert.deepEqual(await directory.verify(name, good), { result: 'refused' }, name.slice(0, 20));
    }
    for (const password of ['', 'x'.repeat(2_000), '\ud800', `${good}\0`]) {
      assert.equal((await directory.verify('alice', password)).result, 'refused');
    }
  });

  it('does the same work for a name that nobody has', async (t) => {
    const { users, passwords, clock, audit, store } = await site(t);
    const verified: unknown[] = [];
    const hasher = new PasswordHasher({ random: systemRandom, cost: cheap });
    const verify = hasher.verify.bind(hasher);
    hasher.verify = (stored, password) => {
      verified.push(password);
      return verify(stored, password);
    };
    let reads = 0;
    const get = store.get.bind(store);
    store.get = (collection, key) => {
      reads += 1;
      return get(collection, key);
    };
    const directory = new LocalDirectory({ users, passwords, hasher, clock, audit });
    await directory.verify('alice', 'wrong password');
    const known = reads;
    await directory.verify('nobody', 'wrong password');
    assert.equal(reads - known, known);
    assert.deepEqual(verified, ['wrong password', 'wrong password']);
  });

  it('says that an account is disabled only to who knows its password', async (t) => {
    const { directory, users, alice } = await site(t);
    await users.setDisabled(alice.key, true);
    assert.equal((await directory.verify('alice', 'wrong')).result, 'refused');
    assert.equal((await directory.verify('alice', good)).result, 'disabled');
  });

  it('lets nobody in who has no password yet, or one that cannot be read', async (t) => {
    const { directory, users, store } = await site(t);
    const bob = await users.create({ name: 'bob' });
    for (const stored of [undefined, { hash: '', mustChange: false, changedAt: 0 }, { hash: null }]) {
      if (stored !== undefined) await store.put('local-passwords', `default/${bob.key}`, stored);
      for (const password of ['', 'null', 'undefined', good]) {
        assert.equal((await directory.verify('bob', password)).result, 'refused');
      }
    }
  });

  it('says when a password that an administrator set has to be changed', async (t) => {
    const { directory, alice } = await site(t);
    await directory.setPassword(alice.key, other, { mustChange: true });
    assert.equal((await directory.verify('alice', good)).result, 'refused');
    const verdict = await directory.verify('alice', other);
    assert.ok(verdict.result === 'accepted' && verdict.mustChangePassword);
    await assert.rejects(directory.replacePassword(alice.key, other), { code: 'password-unchanged' });
    await assert.rejects(directory.replacePassword(alice.key, 'alice12345'), { code: 'password-too-weak' });
    await directory.replacePassword(alice.key, good);
    const after = await directory.verify('alice', good);
    assert.ok(after.result === 'accepted' && !after.mustChangePassword);
  });

  it('changes a password for who knows the current one', async (t) => {
    const { directory, alice } = await site(t);
    await assert.rejects(directory.changePassword(alice.key, 'wrong', other), { code: 'wrong-password' });
    await assert.rejects(directory.changePassword(alice.key, good, good), { code: 'password-unchanged' });
    await assert.rejects(directory.changePassword(alice.key, good, 'short'), { code: 'password-too-weak' });
    await assert.rejects(directory.changePassword('local:nobody', good, other), { code: 'wrong-password' });
    await directory.changePassword(alice.key, good, other);
    assert.equal((await directory.verify('alice', good)).result, 'refused');
    assert.equal((await directory.verify('alice', other)).result, 'accepted');
  });

  it('gives way to one of two changes at the same moment', async (t) => {
    const { directory, alice } = await site(t);
    const outcomes = await Promise.allSettled([
      directory.changePassword(alice.key, good, other),
      directory.changePassword(alice.key, good, 'one more good sentence'),
    ]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('hashes a password again at sign-in when the cost has changed', async (t) => {
    const { store, directory, users, passwords, clock, audit, alice } = await site(t);
    const hasher = new PasswordHasher({ random: systemRandom, cost: { memory: 128, passes: 1, lanes: 1 } });
    const dearer = new LocalDirectory({ users, passwords, hasher, clock, audit });
    assert.equal((await dearer.verify('alice', 'wrong')).result, 'refused');
    const hash = async () => (await passwords.read(alice.key))?.value.hash ?? '';
    assert.match(await hash(), /m=64,/);
    assert.equal((await dearer.verify('alice', good)).result, 'accepted');
    assert.match(await hash(), /m=128,/);
    assert.equal((await dearer.verify('alice', good)).result, 'accepted');
    assert.equal((await directory.verify('alice', good)).result, 'accepted');
    assert.ok(!JSON.stringify(await store.get('local-passwords', `default/${alice.key}`)).includes(good));
  });

  it('makes no user of a weak password or a taken name, and gives the name back', async (t) => {
    const { directory } = await site(t);
    await assert.rejects(directory.create({ name: 'bob', password: 'short' }), { code: 'password-too-weak' });
    await assert.rejects(directory.create({ name: 'ALICE', password: good }), {
      code: 'name-taken',
      params: { name: 'ALICE' },
    });
    await directory.create({ name: 'bob', password: good });
    assert.equal((await directory.verify('bob', good)).result, 'accepted');
  });

  it('gives a reused name nothing of who had it before', async (t) => {
    const { directory, users, alice } = await site(t);
    await users.delete(alice.key);
    assert.equal((await directory.verify('alice', good)).result, 'refused');
    const again = await directory.create({ name: 'alice', password: other });
    assert.notEqual(again.key, alice.key);
    assert.equal((await directory.verify('alice', good)).result, 'refused');
    assert.equal((await directory.verify('alice', other)).result, 'accepted');
    await directory.forget(again.key);
    assert.equal((await directory.verify('alice', other)).result, 'refused');
  });
});
