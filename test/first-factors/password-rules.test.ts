import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { requireStrongPassword } from '../../src/first-factors/password-rules.ts';

const own = ['alice', 'Alice', 'Liddell', 'Alice Liddell', 'alice@example.com', 'sallyport'];

describe('a password', () => {
  for (const password of [
    'three blind mice',
    'korrekt Pferd Batterie',
    'Tr0ub4dor&3x',
    'alice runs through the mirror',
    'пароль из четырёх слов',
    '東京の夜はとても明るいです',
    'x'.repeat(500).replace(/x/g, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))),
  ]) {
    it(`"${password.slice(0, 24)}" is accepted`, () => requireStrongPassword(password, own));
  }

  for (const [why, password] of [
    ['has fewer than ten characters', 'short pwd'],
    ['has ten UTF-16 units but five characters', '🚪🚪🚪🚪🚪'],
    ['is one of the commonest', '1q2w3e4r5t'],
    ['is one of the commonest in capitals', 'QWERTYUIOP'],
    ['is a common word with an ending', 'Password2026!'],
    ['is a common word in disguise', 'P@ssw0rd-2026'],
    ['is the season and the year', 'Sommer2026!!'],
    ['repeats one character', 'aaaaaaaaaaaaaa'],
    ['repeats a piece', 'abcxyabcxyabcxy'],
    ['is a row of digits', '01234567890'],
    ['is a row of letters', 'abcdefghijkl'],
    ['is made of rows', 'qwertyuiop0123456789'],
    ["is the user's name with an ending", 'alice12345'],
    ["is the user's whole name", 'Alice Liddell'],
    ["is the user's address", 'alice@example.com'],
    ['is the name of the gateway', 'Sallyport1!'],
  ] as const) {
    it(`that ${why} is refused`, () => {
      assert.throws(() => requireStrongPassword(password, own), {
        code: 'password-too-weak',
        params: { minimum: 10 },
      });
    });
  }

  it('is at most 1,024 bytes and whole characters', () => {
    const long = (bytes: number) =>
      'a long sentence that nobody has said before. '.repeat(40).slice(0, bytes);
    requireStrongPassword(long(1_024), own);
    assert.throws(() => requireStrongPassword(long(1_025), own), { code: 'invalid-request' });
    assert.throws(() => requireStrongPassword('a good password \ud800', own), { code: 'invalid-request' });
  });

  it('is judged quickly, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_100 }), fc.string(), (password, name) => {
        try {
          requireStrongPassword(password, [name]);
        } catch (error) {
          assert.match(String(Reflect.get(Object(error), 'code')), /^(password-too-weak|invalid-request)$/);
        }
      }),
    );
  });
});
