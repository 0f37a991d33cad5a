import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { languages, negotiate } from '../../src/catalogue/index.ts';

describe('the language of an answer', () => {
  const cases: [header: string | undefined, expected: string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['FR-ca', 'fr'],
    ['en-GB,fr;q=0.9', 'en'],
    ['fr;q=0.3, en;q=0.8', 'en'],
    ['de-CH, fr;q=0.7, en;q=0.3', 'fr'],
    ['de, *;q=0.5', 'en'],
    ['en;q=0, *', 'fr'],
    ['en;q=0, fr;q=0', 'en'],
    ['fr;q=0, *;q=0.1', 'en'],
    ['fr ; q = 1 , en', 'fr'],
    ['fr;q=2, en;q=0.1', 'en'],
    ['fr;q=-1', 'en'],
    ['fr;q=0.1234, en;q=0.001', 'en'],
    ['frank', 'en'],
    [';;;,,,', 'en'],
  ];
  for (const [header, expected] of cases) {
    it(`is ${expected} for Accept-Language ${header === undefined ? 'absent' : `"${header}"`}`, () => {
      assert.equal(negotiate(header), expected);
    });
  }

  it('is the one chosen by the switch, whatever the browser prefers', () => {
    assert.equal(negotiate('en', 'fr'), 'fr');
    assert.equal(negotiate('fr', 'en'), 'en');
  });

  it('is the browser’s when the switch holds something we never offered', () => {
    for (const chosen of ['', 'de', '__proto__', '<script>']) assert.equal(negotiate('fr', chosen), 'fr');
  });

  it('is one we speak, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (header, chosen) => {
        assert.ok(languages.includes(negotiate(header, chosen)));
      }),
    );
  });
});
