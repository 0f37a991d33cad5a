import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseProxyHeader } from '../../src/server/proxy-header.ts';

const line = (text: string) => parseProxyHeader(Buffer.from(text, 'latin1'));
const signature = '0d0a0d0a000d0a515549540a';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const two = (text: string) => parseProxyHeader(hex(`${signature}${text}`));
/** 198.51.100.7:50000 to 192.0.2.1:443. */
const four = 'c6336407 c0000201 c350 01bb';
const six = '20010db8000000000000000000000007 20010db8000000000000000000000001 c350 01bb';

describe('a PROXY header of version 1', () => {
  const accepted: [string, string | undefined][] = [
    ['PROXY TCP4 198.51.100.7 192.0.2.1 50000 443', '198.51.100.7'],
    ['PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535', '255.255.255.255'],
    ['PROXY TCP4 1.2.3.4 5.6.7.8 0 1', '1.2.3.4'],
    ['PROXY TCP6 2001:DB8::7 2001:db8::1 50000 443', '2001:db8::7'],
    ['PROXY TCP6 ::ffff:198.51.100.7 ::1 50000 443', '198.51.100.7'],
    ['PROXY UNKNOWN', undefined],
    ['PROXY UNKNOWN 1.2.3.4 whatever else', undefined],
    [`PROXY UNKNOWN ${'f'.repeat(91)}`, undefined],
  ];
  for (const [text, address] of accepted) {
    it(`says whose connection it is: ${text.slice(0, 60)}`, () => {
      const header = line(`${text}\r\nGET / HTTP/1.1\r\n`);
      assert.deepEqual(header, { kind: 'header', length: text.length + 2, told: { address } });
    });
  }

  const refused = [
    'PROXY',
    'PROXY ',
    'PROXY TCP4 198.51.100.7 192.0.2.1 50000',
    'PROXY TCP4 198.51.100.7 192.0.2.1 50000 443 1',
    'PROXY TCP4 198.51.100.7 192.0.2.1 50000 443 ',
    'PROXY TCP4  198.51.100.7 192.0.2.1 50000 443',
    'PROXY TCP4 198.51.100.7 192.0.2.1 50000 65536',
    'PROXY TCP4 198.51.100.7 192.0.2.1 050 443',
    'PROXY TCP4 198.51.100.7 192.0.2.1 -1 443',
    'PROXY TCP4 198.51.100.7 192.0.2.1 +1 443',
    'PROXY TCP4 198.51.100.256 192.0.2.1 1 443',
    'PROXY TCP4 198.51.100 192.0.2.1 1 443',
    'PROXY TCP4 0198.51.100.7 192.0.2.1 1 443',
    'PROXY TCP4 2001:db8::7 2001:db8::1 1 443',
    'PROXY TCP6 198.51.100.7 192.0.2.1 1 443',
    'PROXY TCP6 fe80::1%eth0 2001:db8::1 1 443',
    'PROXY TCP6 [2001:db8::7] 2001:db8::1 1 443',
    'PROXY TCP5 198.51.100.7 192.0.2.1 1 443',
    'PROXY UDP4 198.51.100.7 192.0.2.1 1 443',
    'PROXY tcp4 198.51.100.7 192.0.2.1 1 443',
    'PROXY UNKNOWNS',
    'PROXY TCP4\t198.51.100.7 192.0.2.1 1 443',
    'proxy TCP4 198.51.100.7 192.0.2.1 1 443',
    'PROXY TCP4 198.51.100.7\0 192.0.2.1 1 443',
    'PROXY TCP4 198.51.100.7 192.0.2.1 1 443\nGET / HTTP/1.1',
    `PROXY UNKNOWN ${'f'.repeat(92)}`,
  ];
  for (const text of refused) {
    it(`is refused when it is not written as specified: ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.equal(line(`${text}\r\n`).kind, 'invalid');
    });
  }

  it('is waited for until its line ends, up to 107 bytes', () => {
    const whole = 'PROXY TCP4 198.51.100.7 192.0.2.1 50000 443\r\n';
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(line(whole.slice(0, length)).kind, 'more', String(length));
    }
    assert.equal(line(`PROXY ${'x'.repeat(100)}`).kind, 'more');
    assert.equal(line(`PROXY ${'x'.repeat(101)}`).kind, 'invalid');
  });
});

describe('a PROXY header of version 2', () => {
  const accepted: [string, string, string | undefined][] = [
    ['IPv4', `21 11 000c ${four}`, '198.51.100.7'],
    ['IPv6', `21 21 0024 ${six}`, '2001:db8::7'],
    [
      'IPv4 within IPv6',
      `21 21 0024 00000000000000000000ffffc6336407 00000000000000000000ffffc0000201 c350 01bb`,
      '198.51.100.7',
    ],
    ['a connection of its own', '20 00 0000', undefined],
    ['a connection of its own, with whatever it likes', '20 99 0003 010203', undefined],
    ['a family that is not told', '21 00 0000', undefined],
    ['a family that is not told, with a TLV', '21 00 0004 ea 0001 ff', undefined],
    ['a path on its own machine', `21 31 00d8 ${'00'.repeat(216)}`, undefined],
    ['TLVs', `21 11 0017 ${four} 04 0003 000000 ea 0002 6162`, '198.51.100.7'],
  ];
  for (const [title, text, address] of accepted) {
    it(`says whose connection it is: ${title}`, () => {
      const bytes = hex(`${signature}${text}`);
      const header = parseProxyHeader(Buffer.concat([bytes, Buffer.from('GET / HTTP/1.1')]));
      assert.deepEqual(header, { kind: 'header', length: bytes.length, told: { address } });
      for (let length = 0; length < bytes.length; length += 1) {
        assert.equal(parseProxyHeader(bytes.subarray(0, length)).kind, 'more', String(length));
      }
    });
  }

  const refused: [string, string][] = [
    ['another version', `11 11 000c ${four}`],
    ['another command', `22 11 000c ${four}`],
    ['datagrams', `21 12 000c ${four}`],
    ['another family', `21 41 000c ${four}`],
    ['too short for its family', `21 11 000b ${four}`],
    ['too short for IPv6', `21 21 000c ${four}`],
    ['longer than 4096 bytes', `21 11 ffff ${four}`],
    ['a TLV that is cut off', `21 11 000e ${four} ea 00`],
    ['a TLV longer than the header', `21 11 000f ${four} ea 0001`],
    ['a wrong checksum', `21 11 0013 ${four} 03 0004 00000000`],
    ['a checksum of another size', `21 11 0011 ${four} 03 0002 0000`],
  ];
  for (const [title, text] of refused) {
    it(`is refused: ${title}`, () => assert.equal(two(text).kind, 'invalid'));
  }

  it('is held to its checksum (CRC-32C over the header, its own bytes as zeros)', () => {
    // As haproxy and crcmod compute it.
    const header = hex(`${signature} 21 11 0013 ${four} 03 0004 1bf5ee43`);
    assert.equal(parseProxyHeader(header).kind, 'header');
    for (let at = 16; at < header.length; at += 1) {
      // Another kind of TLV is no checksum.
      if (at === 28) continue;
      const spoiled = Buffer.from(header);
      spoiled[at] = (spoiled[at] ?? 0) ^ 1;
      assert.equal(parseProxyHeader(spoiled).kind, 'invalid', `byte ${at}`);
    }
    const twice = Buffer.concat([header, hex('03 0004 00000000')]);
    twice.writeUInt16BE(0x1a, 14);
    assert.equal(parseProxyHeader(twice).kind, 'invalid');
  });

  it('has no end that an attacker could put off: 4096 bytes settle everything', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4096, maxLength: 4096 }),
        fc.constantFrom('', 'PROXY ', signature),
        (tail, start) => {
          const head = start === signature ? hex(signature) : Buffer.from(start);
          assert.notEqual(parseProxyHeader(Buffer.concat([head, tail])).kind, 'more');
        },
      ),
    );
  });
});

it('what begins neither way is refused at its first bytes', () => {
  for (const text of [
    'G',
    'GET / HTTP/1.1\r\n',
    '\x16\x03\x01',
    '\r\nPROXY',
    '\0',
    'PRI * HTTP/2.0\r\n',
    'PROX ',
  ]) {
    assert.deepEqual(line(text), { kind: 'invalid', reason: 'no header' }, text);
  }
});
