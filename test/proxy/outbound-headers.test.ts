import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type OutboundFacts, outboundHeaders as outboundLines } from '../../src/proxy/outbound-headers.ts';
import { OwnCookies } from '../../src/proxy/own-cookies.ts';
import { percentEncode } from '../../src/proxy/percent.ts';

const cookies = new OwnCookies(['__Host-sallyport-session', 'sallyport-session']);

const facts: OutboundFacts = {
  origin: { scheme: 'https', host: 'gateway.test:8443' },
  address: '192.0.2.7',
  othersIn: (cookie) => cookies.without(cookie),
  isOwnToken: (token) => token.startsWith('ours.'),
  identity: { user: 'anna', groups: 'staff,it', assertion: 'signed' },
};

/** The lines as names and values in turn. */
function outboundHeaders(rawHeaders: readonly string[], given: OutboundFacts): string[] {
  const lines = outboundLines(rawHeaders, given).split('\r\n');
  assert.equal(lines.pop(), '');
  return lines.flatMap((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
}

function valuesOf(list: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < list.length; index += 2) {
    if (list[index]?.toLowerCase() === name.toLowerCase()) values.push(list[index + 1] ?? '');
  }
  return values;
}

const ours = [
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Host',
  'X-Sallyport-User',
  'X-Sallyport-Groups',
  'X-Sallyport-Assertion',
];

describe('the headers an application server gets', () => {
  it('say who asks, from where and for what', () => {
    const list = outboundHeaders(['Host', 'gateway.test:8443', 'Accept', '*/*'], facts);
    assert.deepEqual(list, [
      'Host',
      'gateway.test:8443',
      'Accept',
      '*/*',
      'X-Forwarded-For',
      '192.0.2.7',
      'X-Forwarded-Proto',
      'https',
      'X-Forwarded-Host',
      'gateway.test:8443',
      'X-Sallyport-User',
      'anna',
      'X-Sallyport-Groups',
      'staff,it',
      'X-Sallyport-Assertion',
      'signed',
    ]);
  });

  it('say nothing of the user where the application is not told', () => {
    const list = outboundHeaders(['X-Sallyport-User', 'root'], { ...facts, identity: undefined });
    assert.deepEqual(valuesOf(list, 'x-sallyport-user'), []);
  });

  it('leave out what is for this connection only, and what Connection names', () => {
    const raw = ['Connection', 'close, X-Private,  Keep-Alive', 'Keep-Alive', 'timeout=5', 'X-Private', '1'];
    raw.push(
      'TE',
      'trailers',
      'Transfer-Encoding',
      'chunked',
      'Trailer',
      'X-T',
      'Upgrade',
      'h2c',
      'X-Kept',
      '2',
    );
    raw.push('Proxy-Authorization', 'Basic x', 'Proxy-Connection', 'x', 'Expect', '100-continue');
    const list = outboundHeaders(raw, facts);
    const names = list.filter((_, index) => index % 2 === 0);
    assert.deepEqual(names, ['Host', 'X-Kept', ...ours]);
  });

  it('cannot lose what the gateway says by a Connection header', () => {
    const raw = ['Connection', 'X-Sallyport-User, Host, X-Forwarded-For, Cookie', 'Cookie', 'a=1'];
    const list = outboundHeaders(raw, facts);
    assert.deepEqual(valuesOf(list, 'x-sallyport-user'), ['anna']);
    assert.deepEqual(valuesOf(list, 'host'), ['gateway.test:8443']);
    assert.deepEqual(valuesOf(list, 'x-forwarded-for'), ['192.0.2.7']);
    assert.deepEqual(valuesOf(list, 'cookie'), []);
  });

  it('keep a bearer token that is not ours, and every other kind of authorization', () => {
    const kept = ['Bearer theirs.x.y', 'Basic b3Vycy4=', 'Negotiate ours.', 'bearer  other'];
    for (const value of kept) {
      assert.deepEqual(valuesOf(outboundHeaders(['Authorization', value], facts), 'authorization'), [value]);
    }
    for (const value of ['Bearer ours.x', 'bearer ours.x', 'BEARER   ours.x ']) {
      assert.deepEqual(valuesOf(outboundHeaders(['authorization', value], facts), 'authorization'), []);
    }
  });

  const claims = [
    'X-Forwarded-For',
    'x-forwarded-proto',
    'X_Forwarded_Host',
    'X-Forwarded',
    'X-FORWARDED-USER',
    'X-Forwarded-Anything',
    'Forwarded',
    'forwarded',
    'X-Real-IP',
    'x_real_ip',
    'X-Original-URL',
    'X_ORIGINAL_URL',
    'X-Rewrite-URL',
    'X-Sallyport-User',
    'x_sallyport_user',
    'X-Sallyport_Groups',
    'X.Sallyport.Assertion',
    'x-sallyport-anything',
  ];
  for (const name of claims) {
    it(`drop ${name} from outside`, () => {
      const list = outboundHeaders([name, 'evil'], facts);
      assert.ok(!list.includes('evil'));
    });
  }

  it('hold for every list of headers: ours exactly once and last, claims never, the rest untouched', () => {
    const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,12}$/);
    const name = fc.oneof(token, fc.constantFrom('Accept', 'Origin', ...claims));
    const value = fc.string({ maxLength: 12 });
    const pairs = fc.array(fc.tuple(name, value), { maxLength: 12 });
    const special =
      /^(connection|keep-alive|te|trailer|upgrade|expect|host|cookie|authorization|proxy-.*|transfer-encoding)$/i;
    fc.assert(
      fc.property(pairs, (list) => {
        const plain = list.filter(([header]) => !special.test(header));
        const raw = plain.flat();
        const before = [...raw];
        const out = outboundHeaders(raw, facts);
        assert.deepEqual(raw, before);
        for (const header of ours) assert.equal(valuesOf(out, header).length, 1);
        const isClaim = (header: string): boolean =>
          /^(x-forwarded|forwarded$|x-real-ip$|x-original-|x-rewrite-|x-sallyport-)/.test(
            header.toLowerCase().replace(/[^a-z0-9]/g, '-'),
          );
        const rest = plain.filter(([header]) => !isClaim(header));
        const passed = out.slice(2, 2 + rest.length * 2);
        // Names mean the same in any case; values are not touched.
        for (const [index, [header, content]] of rest.entries()) {
          assert.equal(passed[index * 2]?.toLowerCase(), header.toLowerCase());
          assert.equal(passed[index * 2 + 1], content);
        }
        assert.equal(out.length, 2 + rest.length * 2 + ours.length * 2);
      }),
      { numRuns: 500 },
    );
  });
});

describe('percent-encoding of what stands in our headers', () => {
  it('leaves one reading of each name', () => {
    assert.equal(percentEncode('anna'), 'anna');
    assert.equal(percentEncode('Staff, all'), 'Staff%2C%20all');
    assert.equal(percentEncode('100%'), '100%25');
    assert.equal(percentEncode('Zoë'), 'Zo%C3%AB');
    assert.equal(percentEncode('a\r\nX-Evil: 1'), 'a%0D%0AX-Evil:%201');
    assert.equal(percentEncode(''), '');
  });

  it('can be undone, is visible ASCII, and has no comma', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = percentEncode(text);
        assert.match(encoded, /^[\x21-\x2b\x2d-\x7e]*$/);
        assert.equal(decodeURIComponent(encoded), text);
      }),
    );
  });
});
