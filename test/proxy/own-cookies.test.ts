import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OwnCookies } from '../../src/proxy/own-cookies.ts';

const cookies = new OwnCookies(['__Host-sallyport-session', 'sallyport-pending']);

describe('our own cookies', () => {
  const kept: [string, string][] = [
    ['a=1; b=2', 'a=1; b=2'],
    ['sallyport-session=x', ''],
    ['__Host-sallyport-session=x', ''],
    ['__Secure-Sallyport-Session=x', ''],
    ['a=1; sallyport-session=x; b=2', 'a=1; b=2'],
    ['sallyport-session=x; b=2', 'b=2'],
    ['a=1; SALLYPORT-PENDING=x', 'a=1'],
    ['a=1;sallyport-session=x;b=2', 'a=1;b=2'],
    ['a=1;  sallyport-session = x ;b=2', 'a=1;b=2'],
    ['sallyport-session; b=2', 'b=2'],
    ['sallyport-session-2=x; a="q;r"', 'sallyport-session-2=x; a="q;r"'],
    ['a=sallyport-session=x', 'a=sallyport-session=x'],
    ['', ''],
    [';;', ';;'],
  ];
  for (const [given, left] of kept) {
    it(`leaves ${JSON.stringify(left)} of ${JSON.stringify(given)}`, () =>
      assert.equal(cookies.without(given), left));
  }

  it('leaves every byte of a header without ours', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        fc.pre(!/sallyport/i.test(header));
        assert.equal(cookies.without(header), header);
      }),
    );
  });

  it('never leaves one of ours, wherever it stands', () => {
    const name = fc.constantFrom('sallyport-session', '__Host-sallyport-session', '__host-SALLYPORT-pending');
    const padding = fc.constantFrom('', ' ', '\t', '  ');
    const ours = fc
      .tuple(padding, name, padding, fc.constantFrom('=v', '=', ''))
      .map((parts) => parts.join(''));
    const theirs = fc.constantFrom('a=1', ' b="x"', '', ' c', '=d');
    fc.assert(
      fc.property(fc.array(fc.oneof(ours, theirs), { maxLength: 8 }), (parts) => {
        const left = cookies.without(parts.join(';'));
        assert.doesNotMatch(left, /sallyport/i);
        for (const part of parts) {
          if (!/sallyport/i.test(part)) assert.ok(left.includes(part.trim()), `${part} is missing`);
        }
      }),
    );
  });

  it('notices an answer that would set one of them', () => {
    for (const header of [
      'sallyport-session=evil; Path=/',
      '__Host-sallyport-session=evil; Secure; Path=/',
      '__HOST-SALLYPORT-SESSION=evil',
      ' sallyport-pending =evil',
      'sallyport-session',
      '=sallyport-session=evil',
      ' = sallyport-session=evil',
      '==sallyport-session=evil',
    ]) {
      assert.equal(cookies.isSetBy(header), true, header);
    }
    for (const header of [
      'a=sallyport-session',
      'sallyport-session-x=1',
      '',
      '=',
      'a=1; sallyport-session=x',
    ]) {
      assert.equal(cookies.isSetBy(header), false, header);
    }
  });
});
