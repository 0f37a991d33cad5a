import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { describe, it } from 'node:test';
import { owaspCost, PasswordHasher } from '../../src/first-factors/index.ts';
import { systemRandom } from '../../src/random.ts';

const cost = { memory: 64, passes: 1, lanes: 1 };
const hasher = (options: Partial<ConstructorParameters<typeof PasswordHasher>[0]> = {}) =>
  new PasswordHasher({ random: systemRandom, cost, ...options });

describe('a hashed password', () => {
  it('is argon2id at the cost that OWASP asks for, in the PHC format', async () => {
    const text = await new PasswordHasher({ random: systemRandom }).hash('three blind mice');
    assert.deepEqual(owaspCost, { memory: 19_456, passes: 2, lanes: 1 });
    const match = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/.exec(text);
    const expected = argon2Sync('argon2id', {
      message: 'three blind mice',
      nonce: Buffer.from(match?.[1] ?? '', 'base64'),
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
    assert.equal(match?.[2], expected.toString('base64').replace(/=$/, ''));
  });

  it('matches itself and nothing else, and differs each time', async () => {
    const it = hasher();
    const text = await it.hash('three blind mice');
    assert.deepEqual(await it.verify(text, 'three blind mice'), { matches: true, outdated: false });
    for (const wrong of ['three blind micE', 'three blind mice ', '', 'three blind mice\0']) {
      assert.equal((await it.verify(text, wrong)).matches, false, wrong);
    }
    assert.notEqual(await it.hash('three blind mice'), text);
  });

  it('is the same however its characters were composed', async () => {
    const it = hasher();
    const text = await it.hash('cafe\u0301 au lait');
    assert.equal((await it.verify(text, 'caf\u00e9 au lait')).matches, true);
  });

  it('of another cost still matches, and asks to be hashed again', async () => {
    const old = await hasher({ cost: { memory: 32, passes: 2, lanes: 1 } }).hash('three blind mice');
    assert.deepEqual(await hasher().verify(old, 'three blind mice'), { matches: true, outdated: true });
    assert.deepEqual(await hasher().verify(old, 'wrong'), { matches: false, outdated: false });
  });

  for (const text of [
    undefined,
    '',
    'three blind mice',
    '$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=9999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=0,t=0,p=0$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA',
  ]) {
    it(`that is stored as ${JSON.stringify(text)?.slice(0, 40)} matches nothing, after the same work`, async () => {
      assert.deepEqual(await hasher().verify(text, ''), { matches: false, outdated: false });
    });
  }
});

describe('many sign-ins at once', () => {
  it('run two at a time, wait in a queue, and are refused when it is full', async () => {
    const it = hasher({ parallel: 2, waiting: 3 });
    const text = await it.hash('three blind mice');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => it.verify(text, 'three blind mice')),
    );
    const matched = outcomes.filter((each) => each.status === 'fulfilled' && each.value.matches);
    assert.equal(matched.length, 5);
    for (const each of outcomes) {
      if (each.status === 'rejected') assert.equal(each.reason.code, 'too-many-requests');
    }
    assert.equal((await it.verify(text, 'three blind mice')).matches, true, 'places are given back');
  });

  it('give their places back when hashing fails', async () => {
    const it = hasher({ parallel: 1, waiting: 0, cost: { memory: 1, passes: 1, lanes: 1 } });
    for (let round = 0; round < 3; round += 1) {
      await assert.rejects(it.hash('x'), (error: { code?: string }) => error.code !== 'too-many-requests');
    }
  });
});
