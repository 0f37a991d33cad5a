import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import jsqr from 'jsqr';
import { otpauthUri, qrSvg } from '../../src/second-factors/index.ts';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the otpauth URI', () => {
  it('names issuer and account where each authenticator app looks for them', () => {
    assert.equal(
      otpauthUri({ issuer: 'Example - Sallyport', account: 'alice', secret, digits: 6 }),
      `otpauth://totp/Example%20-%20Sallyport:alice?secret=${secret}&issuer=Example%20-%20Sallyport` +
        '&algorithm=SHA1&digits=6&period=30',
    );
  });

  it('never lets a name add a parameter, a fragment or another issuer', () => {
    const account = 'CORP\\a:b&secret=AAAA#x?é 名';
    const uri = new URL(otpauthUri({ issuer: 'A&B/C?', account, secret, digits: 8 }));
    assert.equal(uri.searchParams.get('secret'), secret);
    assert.equal(uri.searchParams.get('issuer'), 'A&B/C?');
    assert.equal(uri.searchParams.get('digits'), '8');
    assert.equal(uri.hash, '');
    assert.equal([...uri.searchParams.keys()].length, 5);
    const label = decodeURIComponent(uri.pathname.slice(1));
    assert.equal(label, 'A&B/C?:CORP\\a.b&secret=AAAA#x?é 名');
    assert.ok(!uri.href.includes('+'));
  });
});

/** The modules of an SVG made of squares, as pixels for a QR reader. */
function pixelsOf(svg: string): { data: Uint8ClampedArray; width: number } {
  const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, w, h] of svg.matchAll(/M(\d+),(\d+)h(\d+)v(\d+)/g)) {
    for (let row = Number(y); row < Number(y) + Number(h); row += 1) {
      for (let column = Number(x); column < Number(x) + Number(w); column += 1) {
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
      }
    }
  }
  return { data, width };
}

describe('the QR code', () => {
  it('reads back as the URI, with the longest issuer and name', () => {
    const short = otpauthUri({ issuer: 'Example', account: 'alice', secret, digits: 6 });
    const long = otpauthUri({ issuer: 'é'.repeat(64), account: 'n'.repeat(200), secret, digits: 12 });
    for (const uri of [short, long]) {
      const { data, width } = pixelsOf(qrSvg(uri));
      const decode = typeof jsqr === 'function' ? jsqr : jsqr.default;
      assert.equal(decode(data, width, width)?.data, uri);
    }
  });

  it('is one svg element without script or style, black on white', () => {
    const svg = qrSvg('otpauth://totp/a?secret=A');
    assert.match(svg, /^<svg [^>]*>.*<\/svg>$/s);
    assert.doesNotMatch(svg, /script|style|href|onload/i);
    assert.match(svg, /fill="white"/);
  });
});
