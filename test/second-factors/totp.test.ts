import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeBase32, encodeBase32 } from '../../src/second-factors/base32.ts';
import {
  hotp,
  matchingSteps,
  secondsToNextStep,
  timeStep,
  totp,
  totpKey,
} from '../../src/second-factors/totp.ts';
import { missing } from '../support/real-part.ts';

type Vectors = {
  secretAscii: string;
  secretBase32: string;
  hotp6: string[];
  totp8: { unixSeconds: number; code: string }[];
  digits4to12AtUnixSeconds1234567890: Record<string, string>;
};
const vectors: Vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'vectors', 'otp.json'), 'utf8'),
);
const key = totpKey(Buffer.from(vectors.secretAscii));

describe('Base32', () => {
  it('writes and reads the secret of the vectors', () => {
    assert.equal(encodeBase32(Buffer.from(vectors.secretAscii)), vectors.secretBase32);
    assert.deepEqual(decodeBase32(vectors.secretBase32), Buffer.from(vectors.secretAscii));
  });
  it('reads back whatever it writes, also in lower case and with spaces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = encodeBase32(bytes);
        assert.match(text, /^[A-Z2-7]*$/);
        assert.deepEqual([...decodeBase32(text)], [...bytes]);
        assert.deepEqual([...decodeBase32(text.toLowerCase().replaceAll(/(.{4})/g, '$1 '))], [...bytes]);
      }),
    );
  });
  it('refuses what is not Base32', () => {
    assert.throws(() => decodeBase32('ABC1'), RangeError);
  });
});

describe('HOTP and TOTP', () => {
  it('give the codes of RFC 4226 appendix D', () => {
    vectors.hotp6.forEach((code, counter) => {
      assert.equal(hotp(key, counter, 6), code);
    });
  });
  it('give the codes of RFC 6238 appendix B', () => {
    for (const { unixSeconds, code } of vectors.totp8) assert.equal(totp(key, unixSeconds * 1000, 8), code);
  });
  it('give 4 to 12 digits, padded with zeros where 31 bits are not enough', () => {
    for (const [digits, code] of Object.entries(vectors.digits4to12AtUnixSeconds1234567890)) {
      assert.equal(totp(key, 1_234_567_890_000, Number(digits)), code);
    }
  });
  it('agree with oathtool for every number of digits it can do', { skip: missing('oathtool') }, () => {
    let compared = 0;
    for (let digits = 4; digits <= 12; digits += 1) {
      for (const seconds of [59, 1_234_567_890, 1_795_000_000, 20_000_000_000]) {
        const arguments_ = ['--totp', `--digits=${digits}`, `--now=@${seconds}`, '-b', vectors.secretBase32];
        const run = spawnSync('oathtool', arguments_, { encoding: 'utf8' });
        if (run.status !== 0) {
          assert.ok(digits < 6 || digits > 8, `oathtool should do ${digits} digits: ${run.stderr}`);
          continue;
        }
        assert.equal(totp(key, seconds * 1000, digits), run.stdout.trim());
        compared += 1;
      }
    }
    assert.ok(compared >= 12, `only ${compared} codes compared`);
    const random = execFileSync('oathtool', [
      '--hotp',
      '-c',
      '7',
      '-d',
      '6',
      Buffer.alloc(20, 7).toString('hex'),
    ]);
    assert.equal(hotp(totpKey(Buffer.alloc(20, 7)), 7, 6), random.toString().trim());
  });
});

describe('matching a code over a window', () => {
  const center = timeStep(Date.UTC(2026, 0, 15, 9));

  it('finds a code at either end of the discrepancy and none beyond', () => {
    for (const discrepancy of [0, 1, 3, 480]) {
      for (const offset of [-discrepancy, 0, discrepancy]) {
        const code = hotp(key, center + offset, 12);
        assert.deepEqual(matchingSteps(key, code, { center, discrepancy, digits: 12 }), [center + offset]);
      }
      for (const offset of [-discrepancy - 1, discrepancy + 1]) {
        const code = hotp(key, center + offset, 12);
        assert.deepEqual(matchingSteps(key, code, { center, discrepancy, digits: 12 }), []);
      }
    }
  });
  it('returns every matching step, the nearest first', () => {
    fc.assert(
      fc.property(fc.integer({ min: -480, max: 480 }), (offset) => {
        const code = hotp(key, center + offset, 4);
        const found = matchingSteps(key, code, { center, discrepancy: 480, digits: 4 });
        const expected: number[] = [];
        for (let step = center - 480; step <= center + 480; step += 1) {
          if (hotp(key, step, 4) === code) expected.push(step);
        }
        assert.deepEqual(
          found.toSorted((a, b) => a - b),
          expected,
        );
        const distances = found.map((step) => Math.abs(step - center));
        assert.deepEqual(
          distances,
          distances.toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 20 },
    );
  });
  it('finds nothing for another number of digits, for letters, signs and other scripts', () => {
    const code = hotp(key, center, 6);
    for (const typed of [code.slice(1), `0${code}`, `+${code.slice(1)}`, '1e5', '٣٣٣٣٣٣', '', 'abcdef']) {
      assert.deepEqual(matchingSteps(key, typed, { center, discrepancy: 480, digits: 6 }), []);
    }
  });
  it('does not fall off the beginning of time', () => {
    assert.deepEqual(matchingSteps(key, hotp(key, 0, 6), { center: 1, discrepancy: 480, digits: 6 }), [0]);
  });
  it('knows when the next code comes', () => {
    assert.equal(secondsToNextStep(0), 30);
    assert.equal(secondsToNextStep(1), 30);
    assert.equal(secondsToNextStep(29_000), 1);
    assert.equal(secondsToNextStep(29_999), 1);
    assert.equal(secondsToNextStep(60_000), 30);
  });
});
