import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { systemRandom } from '../../src/random.ts';
import { isSealed, KeyRing, type MasterKeySource, RingSealer } from '../../src/storage/index.ts';
import { generateMasterKey } from '../../src/storage/master-key.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const record = { collection: 'factors', key: 'default/local:abc' };
const changed = { name: 'GatewayError', code: 'internal' };

const fromText = (...keys: string[]): MasterKeySource => ({
  kind: 'text',
  text: { reveal: () => keys.join('\n') },
  place: 'the test',
});
const sealerOf = (...keys: string[]): RingSealer =>
  new RingSealer(KeyRing.load(fromText(...keys), new ManualClock()), systemRandom);

describe('a sealed value', () => {
  it('opens to exactly what was sealed', () => {
    const sealer = openSealer();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plaintext) => {
        const sealed = sealer.seal(record, 'totp-secret', plaintext);
        assert.equal(sealer.open(record, sealed), plaintext);
        assert.ok(isSealed(sealed));
        assert.match(sealed, /^sealed:1:[\w-]{8}:totp-secret:[\w-]{16}:[\w-]{22,}$/);
      }),
    );
  });

  it('is another string each time and does not show what is in it', () => {
    const sealer = openSealer();
    const [one, other] = [sealer.seal(record, 'x', 'JBSWY3DP'), sealer.seal(record, 'x', 'JBSWY3DP')];
    assert.notEqual(one, other);
    assert.equal(one.includes('JBSWY3DP'), false);
    assert.equal(one.includes(Buffer.from('JBSWY3DP').toString('base64url')), false);
  });

  it('does not open in another record, collection or under another label', () => {
    const sealer = openSealer();
    const sealed = sealer.seal(record, 'totp-secret', 'secret');
    assert.throws(() => sealer.open({ ...record, key: 'default/local:abd' }, sealed), changed);
    assert.throws(() => sealer.open({ ...record, collection: 'settings' }, sealed), changed);
    assert.throws(() => sealer.open(record, sealed.replace(':totp-secret:', ':phone:')), changed);
  });

  it('does not open once any character of it was changed', () => {
    const sealer = openSealer();
    const sealed = sealer.seal(record, 'a', 'secret!');
    // All but the last character: in unpadded base64 some of its bits mean nothing.
    for (let index = 0; index < sealed.length - 1; index += 1) {
      const other = sealed[index] === 'A' ? 'B' : 'A';
      const broken = sealed.slice(0, index) + other + sealed.slice(index + 1);
      assert.throws(() => sealer.open(record, broken), { name: 'GatewayError' }, broken);
    }
    for (const cut of [
      sealed.slice(0, -2),
      `${sealed}A`,
      `${sealed}:x`,
      '',
      'sealed:1:',
      'sealed:1::::',
      'secret!',
    ]) {
      assert.throws(() => sealer.open(record, cut), { name: 'GatewayError' });
    }
  });

  it('names the key it needs when that is not at hand, and nothing of what is in it', () => {
    const sealed = sealerOf(generateMasterKey(systemRandom)).seal(record, 'a', 'secret');
    const other = sealerOf(generateMasterKey(systemRandom));
    assert.throws(
      () => other.open(record, sealed),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'store-unavailable');
        assert.match(String(error.cause), /lacks the master key [\w-]{8}/);
        return true;
      },
    );
  });

  it('wants a label that fits between colons', () => {
    for (const label of ['', 'a:b', 'A', 'é'])
      assert.throws(() => openSealer().seal(record, label, 'x'), TypeError);
  });
});

describe('a key ring', () => {
  it('seals with the newest key and opens with all', () => {
    const [old, newer] = [generateMasterKey(systemRandom), generateMasterKey(systemRandom)];
    const sealed = sealerOf(old).seal(record, 'a', 'secret');
    const both = sealerOf(newer, old);
    assert.equal(both.open(record, sealed), 'secret');
    assert.equal(sealerOf(newer).open(record, both.seal(record, 'a', 'secret')), 'secret');
  });

  it('takes 32 bytes in base64, base64url or hexadecimal, and comments', () => {
    const bytes = systemRandom.bytes(32);
    const sealed = sealerOf(bytes.toString('base64url')).seal(record, 'a', 'secret');
    for (const spelling of [
      bytes.toString('base64'),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      `# a comment, with a comma\n\n  ${bytes.toString('base64')}  \r\n`,
    ]) {
      assert.equal(sealerOf(spelling).open(record, sealed), 'secret');
    }
  });

  it('refuses what is not a key without repeating it', () => {
    for (const text of [
      'hunter2',
      'x'.repeat(44),
      Buffer.alloc(31).toString('base64'),
      Buffer.alloc(33).toString('base64'),
    ]) {
      assert.throws(
        () => KeyRing.load(fromText(text), new ManualClock()),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'master-key-wrong');
          assert.equal(inspect(error).includes(text), false);
          return true;
        },
      );
    }
    for (const text of ['', '\n', '# only a comment']) {
      assert.throws(() => KeyRing.load(fromText(text), new ManualClock()), { code: 'master-key-missing' });
    }
  });

  it('can’t be printed by accident, nor what it is part of', () => {
    const key = generateMasterKey(systemRandom);
    const ring = KeyRing.load(fromText(key), new ManualClock());
    const sealer = new RingSealer(ring, systemRandom);
    const bytes = Buffer.from(key, 'base64url');
    const printed = [
      inspect({ ring, sealer }, { depth: 9, showHidden: true }),
      JSON.stringify({ ring, sealer }),
      `${ring}${sealer}`,
      inspect(ring.newest, { depth: 9 }),
      JSON.stringify(ring.newest),
    ].join('\n');
    for (const spelling of [
      key,
      bytes.toString('hex'),
      bytes.toString('base64'),
      bytes.toString('hex').slice(0, 8),
    ]) {
      assert.equal(printed.includes(spelling), false);
    }
  });

  it('takes over a changed file, at once for an unknown key and within a quarter of a second for sealing', (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const path = join(folder.path, 'master.key');
    const clock = new ManualClock();
    const [old, newer] = [generateMasterKey(systemRandom), generateMasterKey(systemRandom)];
    writeFileSync(path, old);
    const sealer = new RingSealer(KeyRing.load({ kind: 'file', path }, clock), systemRandom);
    const before = sealer.seal(record, 'a', 'before');

    writeFileSync(path, `${newer}\n${old}\n`);
    const elsewhere = sealerOf(newer).seal(record, 'a', 'elsewhere');
    assert.equal(sealer.open(record, elsewhere), 'elsewhere');
    clock.advance(250);
    assert.equal(sealerOf(newer).open(record, sealer.seal(record, 'a', 'now')), 'now');

    writeFileSync(path, `${newer}\n`);
    clock.advance(250);
    sealer.seal(record, 'a', 'x');
    assert.equal(sealer.open(record, before), 'before', 'a running process still opens what it read before');
  });

  it('goes on with the keys it has while the file is away or spoilt', (t) => {
    const folder = scratchFolder();
    t.after(() => folder.remove());
    const path = join(folder.path, 'master.key');
    const clock = new ManualClock();
    writeFileSync(path, generateMasterKey(systemRandom));
    const sealer = new RingSealer(KeyRing.load({ kind: 'file', path }, clock), systemRandom);
    const sealed = sealer.seal(record, 'a', 'secret');
    for (const text of ['', 'spoilt']) {
      writeFileSync(path, text);
      clock.advance(1000);
      assert.equal(sealer.open(record, sealer.seal(record, 'a', 'more')), 'more');
    }
    folder.remove();
    clock.advance(1000);
    assert.equal(sealer.open(record, sealed), 'secret');
    assert.equal(sealer.open(record, sealer.seal(record, 'a', 'more')), 'more');
  });
});
