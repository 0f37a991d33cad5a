import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { safeReturnTo } from '../../src/access/index.ts';

const portal = 'https://gateway.example.com';
const apps = new Set(['https://desk.example.com', 'https://app.example.com:8443']);
const safe = (wish: string) => safeReturnTo(wish, portal, apps);

describe('where to go after sign-in', () => {
  const allowed: [string, string][] = [
    ['/', '/'],
    ['/vnc.html?path=a%2Fb&x=1#view', '/vnc.html?path=a%2Fb&x=1#view'],
    [
      '/.sallyport/hand-off?host=desk.example.com&nonce=x',
      '/.sallyport/hand-off?host=desk.example.com&nonce=x',
    ],
    ['/.sallyport/account', '/.sallyport/account'],
    ['/?next=https://evil.example/', '/?next=https://evil.example/'],
    ['https://gateway.example.com/desk', '/desk'],
    ['https://GATEWAY.example.com:443/desk', '/desk'],
    ['https://desk.example.com/a?b', 'https://desk.example.com/a?b'],
    ['https://app.example.com:8443/', 'https://app.example.com:8443/'],
    ['/a/../b', '/b'],
  ];
  for (const [wish, result] of allowed) {
    it(`may be ${wish}`, () => assert.equal(safe(wish), result));
  }

  const refused = [
    '',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/a\\b',
    '/a?x=\\\\evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/%2E%2e//evil.example/',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/ ',
    '\u0000/',
    '/é',
    'evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'https://evil.example',
    'http://gateway.example.com/',
    'https://gateway.example.com.evil.example/',
    'https://gateway.example.com@evil.example/',
    'https://user:secret@gateway.example.com/',
    'https://gateway.example.com:8443/',
    'https://app.example.com/',
    'http://desk.example.com/',
    'https://gateway.example.com//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'JaVaScRiPt://gateway.example.com/%0aalert(1)',
    'blob:https://gateway.example.com/x',
    '?x',
    '#x',
    '/.sallyport/sign-in',
    '/.sallyport/sign-in?returnTo=/',
    '/.sallyport/sign-out',
    '/.sallyport/owner#ticket',
    `/${'a'.repeat(5000)}`,
  ];
  for (const wish of refused) {
    it(`must not be ${JSON.stringify(wish.slice(0, 60))}`, () => assert.equal(safe(wish), undefined));
  }

  it('never leads to another origin, however a browser reads it', () => {
    const piece = fc.constantFrom(
      '/',
      '//',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '@',
      ':',
      '?',
      '#',
      '\t',
      '\n',
      ' ',
      'http:',
      'https:',
      'javascript:',
      'evil.example',
      'gateway.example.com',
      'desk.example.com',
      ';',
      '&',
      'a',
      '\u2215',
      '。',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string()), { maxLength: 12 }),
        (pieces) => {
          const result = safe(pieces.join(''));
          if (result === undefined) return;
          // As a Location header on the portal, and once more as a link on the page it leads to.
          for (const base of [`${portal}/.sallyport/sign-in`, `${portal}/deep/er/`]) {
            const target = new URL(result, base);
            assert.ok(target.origin === portal || apps.has(target.origin), `${pieces.join('')} → ${result}`);
            assert.equal(target.username, '');
          }
          assert.match(result, /^(\/(?![/\\])|https:\/\/)[\x21-\x7e]*$/);
          assert.equal(safe(result), result, 'checking twice changes nothing');
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('lets every plain path of the portal through', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const wish = `/x${path.startsWith('/') ? '' : '/'}${path}?${query}`;
        assert.notEqual(safe(wish), undefined, wish);
      }),
    );
  });
});
