import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cookieNames, readCredentials } from '../../src/access/index.ts';

const name = '__Host-sallyport-session';
const read = (...headers: (readonly [string, string])[]) => readCredentials(headers.flat(), name);
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const ours = `${encode({ alg: 'EdDSA', typ: 'sallyport-session+jwt', kid: 'k' })}.e30.c2ln`;
const theirs = `${encode({ alg: 'RS256', typ: 'JWT' })}.e30.c2ln`;

describe('credentials of a request', () => {
  it('are the one session cookie, wherever it stands among others', () => {
    for (const cookie of [
      `${name}=abc`,
      `a=1; ${name}=abc`,
      `${name}=abc; b=2`,
      `a=1;${name}=abc;b=2`,
      `a=1;  ${name}=abc  ; b`,
      `flag; ${name}=abc`,
      `;;${name}=abc;`,
      `x-${name}=no; ${name}=abc; ${name}x=no`,
      `a="quoted ${name}"; ${name}=abc`,
    ]) {
      const { verdict, token, via } = read(['Cookie', cookie]);
      assert.deepEqual([verdict, token, via], ['token', 'abc', 'cookie'], cookie);
    }
  });

  it('are none without our cookie, or with an empty one', () => {
    for (const cookie of [
      '',
      'a=1',
      `${name}=`,
      `${name}`,
      `a=${name}=abc`,
      'sallyport-session=abc',
      `x${name}=abc`,
    ]) {
      assert.equal(read(['Cookie', cookie]).verdict, 'none', cookie);
    }
    assert.equal(read().verdict, 'none');
  });

  it('come with the host and the origin that the request named', () => {
    const { host, origin } = read(['HOST', 'a.example.com'], ['origin', 'https://a.example.com']);
    assert.deepEqual([host, origin], ['a.example.com', 'https://a.example.com']);
  });

  it('threat 4: duplicate cookies of our name are ambiguous, equal ones too', () => {
    for (const cookie of [
      `${name}=abc; ${name}=abc`,
      `${name}=abc; ${name}=def`,
      `${name}=; ${name}=abc`,
      `${name}=abc; a=1; ${name}=`,
    ]) {
      assert.equal(read(['Cookie', cookie]).verdict, 'ambiguous', cookie);
    }
  });

  it('threat 4: our cookie in another spelling is ambiguous, alone or next to the right one', () => {
    for (const spelling of [
      name.toLowerCase(),
      name.toUpperCase(),
      '__host-Sallyport-Session',
      '__HOST-sallyport-session',
      `${name} `,
      `${name}\t`,
    ]) {
      assert.equal(read(['Cookie', `${spelling}=abc`]).verdict, 'ambiguous', spelling);
      assert.equal(read(['Cookie', `${name}=abc; ${spelling}=abc`]).verdict, 'ambiguous', spelling);
    }
  });

  it('threat 4: several Cookie headers are ambiguous, in any letter case, whatever they carry', () => {
    for (const other of ['Cookie', 'cookie', 'COOKIE', 'cOOKIE']) {
      assert.equal(read(['Cookie', `${name}=abc`], [other, 'a=1']).verdict, 'ambiguous');
      assert.equal(read(['Cookie', 'a=1'], [other, `${name}=abc`]).verdict, 'ambiguous');
      assert.equal(read(['Cookie', 'a=1'], [other, '']).verdict, 'ambiguous');
    }
  });

  it('threat 4: a second Authorization, Host or Origin header is ambiguous', () => {
    for (const header of ['Authorization', 'Host', 'Origin']) {
      assert.equal(
        read([header, 'a'], [header.toLowerCase(), 'a'], ['Cookie', `${name}=abc`]).verdict,
        'ambiguous',
      );
    }
  });

  it('threat 4: an overlong session cookie is malformed, unread', () => {
    assert.equal(read(['Cookie', `${name}=${'a'.repeat(3001)}`]).verdict, 'malformed');
    assert.equal(read(['Authorization', `Bearer ${ours}${'a'.repeat(3001)}`]).verdict, 'malformed');
  });

  it('are our own bearer token, in whatever case its scheme is written', () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
      const { verdict, token, via } = read(['Authorization', `${scheme} ${ours}`]);
      assert.deepEqual([verdict, token, via], ['token', ours, 'bearer']);
    }
  });

  it("leave alone another system's bearer token and other schemes: then the cookie decides", () => {
    for (const authorization of [
      `Bearer ${theirs}`,
      'Bearer opaque',
      'Basic YTpi',
      'Negotiate abc',
      'Bearer',
      'Bearer ',
      '',
    ]) {
      assert.equal(read(['Authorization', authorization]).verdict, 'none', authorization);
      const both = read(['Authorization', authorization], ['Cookie', `${name}=abc`]);
      assert.deepEqual([both.verdict, both.token], ['token', 'abc'], authorization);
    }
  });

  it('threat 4: two credentials of ours are ambiguous', () => {
    assert.equal(read(['Authorization', `Bearer ${ours}`], ['Cookie', `${name}=abc`]).verdict, 'ambiguous');
    const forged = `${encode({ typ: 'sallyport-session+jwt', alg: 'none' })}.e30.`;
    assert.equal(read(['Authorization', `Bearer ${forged}`], ['Cookie', `${name}=abc`]).verdict, 'ambiguous');
  });

  it('threat 4: our token where it does not belong is ambiguous, so that it is never forwarded', () => {
    for (const authorization of [
      `Basic ${ours}`,
      `Bearer ${ours}, Bearer ${theirs}`,
      `Bearer a Bearer ${ours}`,
      ours,
      `Token "${ours}"`,
    ]) {
      assert.equal(read(['Authorization', authorization]).verdict, 'ambiguous', authorization);
    }
  });

  it('are read in one pass: a header of the greatest size with nothing to find costs no more than its length', () => {
    // Looked at quadratically these would be 10^8 comparisons each; the suite's own time limit is the judge.
    const worst = ['_;', '_=;', ';', '_', '__Host-sallyport-sessio=;', ' ', '_ '];
    for (const piece of worst) {
      const cookie = piece.repeat(Math.floor(1_000_000 / piece.length));
      assert.equal(read(['Cookie', cookie]).verdict, 'none');
    }
  });

  it('are never read in two ways: whatever is found is what a strict parser finds, once', () => {
    const piece = fc.oneof(
      fc.constantFrom(name, name.toLowerCase(), '=', ';', ' ', '\t', 'abc', '"', ',', `${name}=abc`, '; '),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const cookie = pieces.join('');
        const pairs = cookie.split(';').map((pair) => {
          const equals = pair.indexOf('=');
          return equals === -1
            ? { name: pair.trim(), value: undefined }
            : { name: pair.slice(0, equals), value: pair.slice(equals + 1).trim() };
        });
        const exact = pairs.filter(
          (pair) => pair.value !== undefined && pair.name.replace(/^[ \t]+/, '') === name,
        );
        const { verdict, token } = read(['Cookie', cookie]);
        if (verdict === 'token') {
          assert.equal(exact.length, 1);
          assert.equal(token, exact[0]?.value);
        } else if (exact.length === 1 && verdict === 'none') assert.equal(exact[0]?.value, '');
        if (exact.length > 1) assert.equal(verdict, 'ambiguous');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the names of our cookies', () => {
  it('carry __Host- with HTTPS and not without', () => {
    assert.deepEqual(cookieNames(true), {
      session: '__Host-sallyport-session',
      pending: '__Host-sallyport-pending',
      device: '__Host-sallyport-device',
      handOff: '__Host-sallyport-handoff',
    });
    assert.equal(cookieNames(false).session, 'sallyport-session');
  });
});
