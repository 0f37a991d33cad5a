import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isInternational, tidyPhoneNumber } from '../../src/web/portal/parts/tidy-phone-number.ts';

describe('a phone number as people type it', () => {
  for (const [typed, tidied] of [
    ['+14155552671', '+14155552671'],
    [' +1 (415) 555-2671 ', '+14155552671'],
    ['0033 6 12.34.56-71', '+33612345671'],
    ['+44 (0)20 7946 0018', '+442079460018'],
    ['\u202a+33\u00a06 12 34 56 71\u202c', '+33612345671'],
    ['+33/6/12345671', '+33612345671'],
  ] as const) {
    it(`is made ready for the server: ${JSON.stringify(typed)}`, () => {
      assert.equal(tidyPhoneNumber(typed), tidied);
      assert.ok(isInternational(tidied));
    });
  }

  it('is asked for again without a country code, or when it can be none', () => {
    for (const typed of [
      '',
      '06 12 34 56 71',
      'call me',
      '+0 12 34 56 78',
      '+33 6',
      `+33 ${'6'.repeat(20)}`,
    ]) {
      assert.equal(isInternational(tidyPhoneNumber(typed)), false, typed);
    }
  });
});
