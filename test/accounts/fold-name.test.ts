import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { termsOf } from '../../src/accounts/fold-name.ts';
import { foldName, foldTerm, isName } from '../../src/accounts/index.ts';

describe('two names', () => {
  for (const [one, other] of [
    ['Alice', 'aLICE'],
    ['Alice', 'Ａｌｉｃｅ'],
    ['Straße', 'STRASSE'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['caf\u00e9', 'cafe\u0301'],
    ['ﬁona', 'fiona'],
    ['anna  maria', 'Anna Maria'],
  ] as const) {
    it(`"${one}" and "${other}" are one name`, () => assert.equal(foldName(one), foldName(other)));
  }

  for (const [one, other] of [
    ['jose', 'josé'],
    ['alice', 'аlice'],
    ['anna', 'ana'],
    ['a.b', 'ab'],
  ] as const) {
    it(`"${one}" and "${other}" are two`, () => assert.notEqual(foldName(one), foldName(other)));
  }

  it('that fold alike stay alike: folding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        assert.equal(foldName(foldName(name)), foldName(name));
        assert.equal(foldTerm(foldTerm(name)), foldTerm(name));
      }),
      { numRuns: 200 },
    );
  });

  it('do not depend on case or on how letters were composed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        assert.equal(foldName(name.normalize('NFD')), foldName(name.normalize('NFC')));
        assert.equal(foldName(name.toUpperCase()), foldName(name));
      }),
    );
  });
});

describe('a name', () => {
  for (const name of [
    'a',
    'alice',
    'Ålice von Ünter',
    "o'brien",
    'dan@example.org',
    '東京',
    'x'.repeat(64),
    'a-b_c.d',
  ]) {
    it(`can be "${name.slice(0, 20)}"`, () => assert.ok(isName(name)));
  }
  for (const [why, name] of [
    ['empty', ''],
    ['blank', ' '],
    ['padded', ' alice'],
    ['too long', 'x'.repeat(65)],
    ['with a backslash', 'corp\\alice'],
    ['with a slash', 'a/b'],
    ['with what becomes a slash', '℀'],
    ['with a wide colon', 'a：b'],
    ['with a colon', 'local:x'],
    ['with a comma', 'a,b'],
    ['with a line break', 'a\nb'],
    ['with a zero-width space', 'ali\u200bce'],
    ['with a soft hyphen', 'ali\u00adce'],
    ['with a bidirectional override', 'ali\u202ece'],
    ['with a filler that looks like nothing', 'ali\u3164ce'],
    ['with half a character', 'a\ud800'],
    ['with a NUL', 'a\0'],
  ] as const) {
    it(`cannot be ${why}`, () => assert.ok(!isName(name)));
  }

  it('that is one folds to something that is one, apart from its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (name) => {
        fc.pre(isName(name));
        assert.notEqual(foldName(name), '');
        assert.doesNotMatch(foldName(name), /[\\/:,]|^\s|\s$/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('search words', () => {
  it('are whole texts and their words, without case and accents', () => {
    assert.deepEqual(termsOf('José Müller', 'jose.m@example.com', undefined, ''), [
      'jose muller',
      'jose',
      'muller',
      'jose.m@example.com',
      'm',
      'example',
      'com',
    ]);
  });
});
