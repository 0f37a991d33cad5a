import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTHeaderParameters,
  jwtVerify,
  SignJWT,
} from 'jose';
import { claimsToBeOurs, issuedBeginning } from '../../src/sessions/index.ts';
import { hour, openTokens, origin, sessionAt } from './token-site.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The parts of a token, changed and put together again without signing anew. */
function remake(token: string, change: { header?: object; payload?: object; signature?: string }): string {
  const [header, payload, signature] = token.split('.');
  return [
    change.header ? encode({ ...decodeProtectedHeader(token), ...change.header }) : header,
    change.payload ? encode({ ...decodeJwt(token), ...change.payload }) : payload,
    change.signature ?? signature,
  ].join('.');
}

describe('a session token', () => {
  it('says who, for which origin and until when, and verifies there', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const session = sessionAt(clock.now());
    const { token } = await tokens.issueSession(session, origin);
    assert.deepEqual(await tokens.verifySession(token, origin), {
      result: 'valid',
      claims: {
        subject: 'local:alice-id',
        subscription: 'default',
        session: 'session-id',
        amr: ['pwd', 'otp'],
        issuedAt: clock.now(),
        expiresAt: clock.now() + 9 * hour,
      },
    });
    assert.deepEqual(Object.keys(decodeJwt(token)), ['iss', 'aud', 'sub', 'sid', 'iat', 'exp', 'amr']);
    assert.ok(token.startsWith(issuedBeginning));
  });

  it('expires when both validities are over, and its cookie is kept for tunnels that outlive it', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token, expiresAt } = await tokens.issueSession(sessionAt(clock.now()), origin);
    assert.equal(expiresAt, clock.now() + 33 * hour);
    clock.jump(clock.now() + 9 * hour - 1);
    assert.equal((await tokens.verifySession(token, origin)).result, 'valid');
    clock.advance(1);
    assert.equal((await tokens.verifySession(token, origin)).result, 'expired');
    assert.equal((await tokens.verifySession(token, 'https://elsewhere.example.com')).result, 'refused');
  });

  it('threat 1: is refused for another audience', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    for (const other of [
      'https://apps.example.com',
      `${origin}/`,
      `${origin}:8443`,
      'http://gateway.example.com',
      '',
    ]) {
      assert.equal((await tokens.verifySession(token, other)).result, 'refused', other);
    }
  });

  it('threat 1: is refused with alg none, whatever its signature', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null]) {
      for (const signature of ['', 'AAAA', 'A'.repeat(86), token.split('.')[2] ?? '']) {
        const forged = remake(token, { header: { alg }, signature });
        assert.equal((await tokens.verifySession(forged, origin)).result, 'refused');
      }
    }
    assert.equal((await tokens.verifySession(token.replace(/[^.]*$/, ''), origin)).result, 'refused');
  });

  it('threat 1: is refused when signed with HS256 over the public key', async (t) => {
    const { clock, keys, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    const key = await keys.signer('session');
    const secrets = [
      Buffer.from(String(key.publicJwk.x), 'base64url'),
      Buffer.from(String(key.publicJwk.x)),
      Buffer.from(JSON.stringify(key.publicJwk)),
      Buffer.from(await exportSPKI(key.publicKey)),
    ];
    for (const alg of ['HS256', 'HS512']) {
      for (const secret of secrets) {
        const signed = remake(token, { header: { alg } }).replace(/\.[^.]*$/, '');
        const signature = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
          .update(signed)
          .digest();
        const forged = `${signed}.${signature.toString('base64url')}`;
        assert.equal((await tokens.verifySession(forged, origin)).result, 'refused');
      }
    }
  });

  it('threat 1: is refused by an unknown kid, and when signed by a key of its own bringing', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    const own = await generateKeyPair('EdDSA', { extractable: true });
    const kid = String(decodeProtectedHeader(token).kid);
    const headers: Omit<JWTHeaderParameters, 'alg'>[] = [
      { kid: 'unknown' },
      { kid },
      { kid: '../../signing-keys' },
      { kid, jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } },
      { kid, jku: 'https://attacker.example.com/jwks.json' },
      { kid, x5u: 'https://attacker.example.com/cert' },
      {},
    ];
    for (const more of headers) {
      const forged = await new SignJWT(decodeJwt(token))
        .setProtectedHeader({ alg: 'EdDSA', typ: 'sallyport-session+jwt', ...more })
        .sign(own.privateKey);
      assert.equal((await tokens.verifySession(forged, origin)).result, 'refused', JSON.stringify(more));
    }
  });

  it('threat 1: is refused once anything in it was changed', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    const changes = [
      { payload: { sub: 'local:bob-id' } },
      { payload: { sid: 'other' } },
      { payload: { exp: 9_999_999_999 } },
      { payload: { amr: ['pwd', 'otp', 'hwk'] } },
      { header: { typ: 'sallyport-pending+jwt' } },
      { header: { typ: 'SALLYPORT-SESSION+JWT' } },
      { header: { typ: 'application/sallyport-session+jwt' } },
      { header: { crit: ['b64'], b64: false } },
      { header: { alg: 'Ed25519' } },
    ];
    for (const change of changes) {
      assert.equal((await tokens.verifySession(remake(token, change), origin)).result, 'refused');
    }
  });

  it('threat 4: has one spelling only: other encodings, padding, spaces and lengths are refused', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The last character of a 64-byte signature carries four bits that mean nothing.
    const twin = alphabet[alphabet.indexOf(last) ^ 1] ?? '';
    const spellings = [
      `${token.slice(0, -1)}${twin}`,
      `${token}=`,
      `${token}==`,
      ` ${token}`,
      `${token}\n`,
      `"${token}"`,
      `${token}.`,
      `.${token}`,
      token.replace('.', '..'),
      token.replaceAll('-', '+').replaceAll('_', '/').concat('='),
      encodeURIComponent(`${token}=`),
      token.toLowerCase(),
      token.slice(0, -1),
      '',
      '.',
      '..',
      'a.b.c',
      `${token}${'A'.repeat(10_000)}`,
      'A'.repeat(1_000_000),
    ];
    for (const spelling of spellings) {
      assert.equal((await tokens.verifySession(spelling, origin)).result, 'refused', spelling.slice(0, 80));
    }
    assert.equal((await tokens.verifySession(token, origin)).result, 'valid');
  });

  it('is refused when rightly signed but without a claim, or with one of another shape', async (t) => {
    const { clock, keys, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    const key = await keys.signer('session');
    const good = decodeJwt(token);
    const sign = (payload: object) =>
      new SignJWT(payload as typeof good)
        .setProtectedHeader({ alg: 'EdDSA', typ: 'sallyport-session+jwt', kid: key.kid })
        .sign(key.privateKey);
    assert.equal((await tokens.verifySession(await sign(good), origin)).result, 'valid');
    for (const claim of ['iss', 'aud', 'sub', 'sid', 'iat', 'exp', 'amr']) {
      const { [claim]: _, ...rest } = good;
      assert.equal((await tokens.verifySession(await sign(rest), origin)).result, 'refused', claim);
    }
    const others = [
      { aud: [origin, 'https://elsewhere.example.com'] },
      { iss: 'another-installation' },
      { sub: 7 },
      { sid: ['session-id'] },
      { amr: 'pwd' },
      { amr: [1] },
    ];
    for (const other of others) {
      assert.equal(
        (await tokens.verifySession(await sign({ ...good, ...other }), origin)).result,
        'refused',
        JSON.stringify(other),
      );
    }
  });
});

describe('the header of a token, rightly signed', () => {
  it('has the typ of its purpose, and no member but alg, typ and kid', async (t) => {
    const { clock, keys, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    const { kid, privateKey } = await keys.signer('session');
    const sign = (header: object) =>
      new SignJWT(decodeJwt(token))
        .setProtectedHeader({ alg: 'EdDSA', typ: 'sallyport-session+jwt', kid, ...header })
        .sign(privateKey);
    assert.equal((await tokens.verifySession(await sign({}), origin)).result, 'valid');
    for (const header of [
      { typ: 'sallyport-pending+jwt' },
      { typ: 'JWT' },
      { typ: 'application/sallyport-session+jwt' },
      { cty: 'JWT' },
      { jku: 'https://attacker.example.com/jwks.json' },
      { x5c: [] },
    ]) {
      assert.equal((await tokens.verifySession(await sign(header), origin)).result, 'refused');
    }
  });
});

describe('tokens of other purposes', () => {
  it('threat 16b: never stand in for one another, in any direction', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const session = sessionAt(clock.now());
    const issued = {
      session: await tokens.issueSession(session, 'sallyport:pending'),
      pending: await tokens.issuePending({ id: 'p', user: session.user.key, expiresAt: clock.now() + hour }),
      assertion: await tokens.issueAssertion(session, origin),
      assertionForPending: await tokens.issueAssertion(session, 'sallyport:pending'),
    };
    for (const { token } of [issued.pending, issued.assertion, issued.assertionForPending]) {
      assert.equal((await tokens.verifySession(token, origin)).result, 'refused');
      assert.equal((await tokens.verifySession(token, 'sallyport:pending')).result, 'refused');
    }
    for (const { token } of [issued.session, issued.assertion, issued.assertionForPending]) {
      assert.equal((await tokens.verifyPending(token)).result, 'refused');
    }
    assert.equal((await tokens.verifyPending(issued.pending.token)).result, 'valid');
  });

  it('threat 16b: are signed by keys of their own, so that a changed typ does not help', async (t) => {
    const { clock, keys, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    for (const purpose of ['pending', 'assertion'] as const) {
      const key = await keys.signer(purpose);
      const forged = await new SignJWT(decodeJwt(token))
        .setProtectedHeader({ alg: 'EdDSA', typ: 'sallyport-session+jwt', kid: key.kid })
        .sign(key.privateKey);
      assert.equal((await tokens.verifySession(forged, origin)).result, 'refused');
    }
  });

  it('assertions last 60 seconds, are for one application, and verify with the published keys', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token, expiresAt } = await tokens.issueAssertion(sessionAt(clock.now()), 'desktops');
    assert.equal(expiresAt, clock.now() + 60_000);
    const jwk = tokens.assertionKeys().keys.find(({ kid }) => kid === decodeProtectedHeader(token).kid);
    assert.ok(jwk);
    assert.ok(!('d' in jwk));
    const { payload } = await jwtVerify(token, await importJWK(jwk), {
      audience: 'desktops',
      issuer: 'installation',
      typ: 'sallyport-assertion+jwt',
      algorithms: ['EdDSA'],
      currentDate: new Date(clock.now()),
    });
    assert.equal(payload.sub, 'local:alice-id');
    assert.equal(tokens.assertionKeys().keys.length, 1);
  });

  it('pending tokens end when they say', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token } = await tokens.issuePending({
      id: 'sign-in',
      user: 'local:alice-id',
      expiresAt: clock.now() + 600_000,
    });
    const verdict = await tokens.verifyPending(token);
    assert.ok(verdict.result === 'valid');
    assert.equal(verdict.claims.session, 'sign-in');
    clock.advance(600_000);
    assert.equal((await tokens.verifyPending(token)).result, 'expired');
  });
});

describe('what claims to be ours', () => {
  it('is recognised by its typ, whatever its algorithm and key, and others are left alone', async (t) => {
    const { clock, tokens } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    assert.ok(claimsToBeOurs(token));
    assert.ok(claimsToBeOurs(remake(token, { header: { alg: 'none' } })));
    assert.ok(claimsToBeOurs(`${encode({ typ: 'Sallyport-Session+JWT', alg: 'HS256' })}.e30.x`));
    assert.ok(claimsToBeOurs(`prefix${token}`));
    for (const other of [
      `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iss: 'sallyport-like' })}.c2ln`,
      'opaque',
      'ghp_0123456789',
      '',
      '.',
      'AAAA',
    ]) {
      assert.ok(!claimsToBeOurs(other), other);
    }
  });
});
