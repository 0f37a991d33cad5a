import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { smsSegments } from '../../src/delivery/index.ts';

describe('SMS segments', () => {
  const table: readonly (readonly [string, string, string, number, number])[] = [
    ['nothing', '', 'GSM-7', 0, 1],
    ['160 plain characters', 'a'.repeat(160), 'GSM-7', 160, 1],
    ['161 need two of 153', 'a'.repeat(161), 'GSM-7', 161, 2],
    ['306 fill two', 'a'.repeat(306), 'GSM-7', 306, 2],
    ['307 need a third', 'a'.repeat(307), 'GSM-7', 307, 3],
    ['a euro sign costs two septets', '€'.repeat(80), 'GSM-7', 160, 1],
    ['an escape is not torn apart', `${'a'.repeat(152)}€${'a'.repeat(10)}`, 'GSM-7', 164, 2],
    ['nor where it moves a whole character', `${'a'.repeat(152)}€${'a'.repeat(151)}a`, 'GSM-7', 306, 3],
    ['French of the alphabet', 'Votre code à usage unique : é è ù', 'GSM-7', 33, 1],
    ['one other character makes all of it UCS-2', `${'a'.repeat(70)}ê`, 'UCS-2', 71, 2],
    ['70 fit one of UCS-2', 'ê'.repeat(70), 'UCS-2', 70, 1],
    ['an emoji is two units', '🚪'.repeat(35), 'UCS-2', 70, 1],
    ['and stays whole', `${'ê'.repeat(66)}🚪${'ê'.repeat(66)}`, 'UCS-2', 134, 3],
  ];
  for (const [what, text, encoding, units, segments] of table) {
    it(what, () => {
      const told = smsSegments(text);
      assert.deepEqual([told.encoding, told.units, told.segments], [encoding, units, segments]);
    });
  }

  it('name the characters that make a text dearer', () => {
    assert.deepEqual(smsSegments('Le code est prêt, êtes-vous là ? œ').costly, ['ê', 'œ']);
  });
});
