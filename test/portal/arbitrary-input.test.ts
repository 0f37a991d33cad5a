import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { problems } from '../../src/errors.ts';
import { type Answer, type PortalFixture, sendRaw, startPortal, tokens } from './portal-fixture.ts';

const bodies: Readonly<Record<string, readonly string[]>> = {
  'sign-in': ['username', 'password', 'returnTo', 'shared', 'deliver'],
  'sign-in/code': ['method'],
  'sign-in/verify': ['method', 'code'],
  'sign-in/password': ['password'],
  'sign-in/terms': ['version'],
  'enrol/app': ['ticket'],
  'enrol/sms': ['phone'],
  'enrol/email': [],
  'enrol/verify': ['method', 'code', 'label'],
  owner: ['ticket', 'username', 'displayName', 'password'],
  'account/app': ['method', 'code'],
  'account/app/verify': ['code', 'label'],
  'account/factors/x/remove': ['method', 'code'],
  'account/recovery': ['method', 'code'],
  'account/password': ['current', 'next'],
  'account/sign-out-everywhere': [],
};
const names = Object.keys(bodies);

describe('arbitrary input', () => {
  let fixture: PortalFixture;
  before(async () => {
    fixture = await startPortal();
  });
  after(() => fixture.close());

  /** Every answer is one of the API's own: a known problem, or a success with JSON or nothing. */
  function expectOurs(answer: Answer): void {
    if (answer.status >= 400) {
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      const code = String(answer.json.code);
      assert.ok(code in problems, code);
      assert.notEqual(code, 'internal');
      assert.equal(answer.json.status, answer.status);
    } else if (answer.status !== 204) {
      assert.ok([200, 202].includes(answer.status), String(answer.status));
      assert.equal(answer.headers['content-type'], 'application/json');
    }
    assert.deepEqual(fixture.failures, []);
  }

  it('as JSON of any shape gets a problem or the answer of the call', async () => {
    const shaped = fc.constantFrom(...names).chain((name) =>
      fc.record({
        name: fc.constant(name),
        body: fc.oneof(
          fc.dictionary(fc.constantFrom('__proto__', 'constructor', ...(bodies[name] ?? [])), fc.jsonValue()),
          fc.record(
            Object.fromEntries(
              (bodies[name] ?? []).map((field) => [
                field,
                fc.oneof(
                  fc.string({ unit: 'binary' }),
                  fc.constantFrom('app', 'cookie', true, '111111', '/x'),
                ),
              ]),
            ),
            { requiredKeys: [] },
          ),
          fc.jsonValue({ maxDepth: 12 }),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(shaped, async ({ name, body }) => {
        const cookie = `sallyport-session=${tokens.session}; sallyport-pending=${tokens.pending}`;
        expectOurs(await fixture.call('POST', `/.sallyport/api/v1/${name}`, { body, headers: { cookie } }));
      }),
      { numRuns: 300 },
    );
  });

  it('as bytes that are no JSON gets a problem', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.string({ unit: 'binary' }), async (name, body) => {
        const headers = {
          'content-type': 'application/json',
          origin: fixture.origin,
          cookie: `sallyport-session=${tokens.session}; sallyport-pending=${tokens.pending}`,
        };
        const answer = await fixture.call('POST', `/.sallyport/api/v1/${name}`, { body, headers });
        expectOurs(answer);
        if (answer.status < 300) assert.doesNotThrow(() => JSON.parse(body));
      }),
      { numRuns: 150 },
    );
  });

  it('as headers and cookies never gets past the guards nor crashes anything', async () => {
    const value = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    const pair = fc.tuple(
      fc.constantFrom('sallyport-session', 'Sallyport-session', '__Host-sallyport-session', 'x', ''),
      value,
    );
    const headers = fc.record(
      {
        cookie: fc
          .array(pair, { maxLength: 6 })
          .map((pairs) => pairs.map((each) => each.join('=')).join('; ')),
        authorization: fc.oneof(
          value,
          value.map((token) => `Bearer ${token}`),
        ),
        origin: value,
        accept: fc.oneof(value, fc.constant('text/html')),
        'accept-language': value,
        'content-type': fc.oneof(value, fc.constant('application/json')),
        'user-agent': value,
        'sec-fetch-mode': fc.oneof(value, fc.constant('navigate')),
        'x-forwarded-host': value,
        'x-original-url': value,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'DELETE'),
        fc.constantFrom('session', 'account'),
        headers,
        async (method, path, sent) => {
          const answer = await fixture.call(method, `/.sallyport/api/v1/${path}`, { headers: sent });
          expectOurs(answer);
          assert.ok(answer.status >= 400, 'nobody was let in');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('as a target below the prefix gets one complete answer', async () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '//',
      '..',
      '.',
      '%',
      '%2f',
      '%00',
      '%ff',
      '?',
      '&',
      '=',
      ';',
      'api/v1/',
      'sign-in',
      '\\',
      '[',
      '*',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const text = await sendRaw(
          fixture.host,
          `GET /.sallyport/${pieces.join('')} HTTP/1.1\r\nHost: ${fixture.host}\r\nConnection: close\r\n\r\n`,
        );
        assert.match(text, /^HTTP\/1\.1 (?:200|302|400|404|405) /);
        assert.deepEqual(fixture.failures, []);
      }),
      { numRuns: 200 },
    );
  });
});
