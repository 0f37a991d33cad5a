import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { checkLogo, longestLogo } from '../../src/branding/index.ts';
import { GatewayError } from '../../src/errors.ts';

/** The smallest PNG that says it has this size; what follows its header nobody reads here. */
function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(33);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]).copy(header);
  header.write('IHDR', 12, 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, deflateSync(Buffer.alloc(10))]);
}

const svg = (inside: string, attributes = ''): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"${attributes}>${inside}</svg>`);

describe('a logo', () => {
  it('is a PNG or a plain SVG, named by its content', () => {
    assert.equal(checkLogo(png(200, 60)).type, 'image/png');
    const plain = svg('<defs><linearGradient id="g"/></defs><path d="M0 0h8v8z" fill="url(#g)"/>');
    const logo = checkLogo(plain);
    assert.equal(logo.type, 'image/svg+xml');
    assert.deepEqual(Buffer.from(logo.data, 'base64'), plain);
    assert.notEqual(logo.hash, checkLogo(svg('')).hash);
    const styled = Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n${svg('<style>path{fill:red}</style>')}`,
    );
    assert.equal(checkLogo(styled).type, 'image/svg+xml');
  });

  const hostile: readonly (readonly [string, Buffer])[] = [
    ['nothing', Buffer.alloc(0)],
    ['too large', Buffer.concat([png(10, 10), Buffer.alloc(longestLogo)])],
    ['a picture of a million pixels each way', png(1_000_000, 1_000_000)],
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['a page', Buffer.from('<html><svg></svg></html>')],
    ['a script', svg('<script>alert(1)</script>')],
    [
      'a script of another namespace',
      svg('<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>'),
    ],
    ['an event', svg('<path d="M0 0" onclick="alert(1)"/>')],
    ['an event at the root', svg('', '\nonload="alert(1)"')],
    ['a page within', svg('<foreignObject><body/></foreignObject>')],
    ['a link', svg('<a href="javascript:alert(1)"><path/></a>')],
    ['a picture from elsewhere', svg('<image href="https://evil.example/x.png"/>')],
    ['a reference elsewhere', svg('<path fill="url(https://evil.example/#g)"/>')],
    ['a style from elsewhere', svg('<style>@import "https://evil.example/x.css";</style>')],
    ['an entity', Buffer.from(`<!DOCTYPE svg [<!ENTITY x "y">]>${svg('&x;')}`)],
    ['a stylesheet', Buffer.from(`<?xml-stylesheet href="https://evil.example/x"?>${svg('')}`)],
    ['a script in numbers', svg('&#60;script&#62;')],
    ['another encoding', Buffer.from(svg('').toString('utf8'), 'utf16le')],
    ['a reference by use', svg('<use href="data:image/svg+xml,x"/>')],
    ['an animation of a link', svg('<animate attributeName="href" values="javascript:alert(1)"/>')],
  ];
  for (const [what, bytes] of hostile) {
    it(`is refused: ${what}`, () => {
      assert.throws(
        () => checkLogo(bytes),
        (error: unknown) => error instanceof GatewayError && error.code === 'invalid-setting',
      );
    });
  }
});
