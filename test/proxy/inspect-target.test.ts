import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inspectTarget, lenientPath, type TargetFault } from '../../src/proxy/inspect-target.ts';

const inspect = (target: string, headers: readonly string[] = ['Host', 'gateway.test']) =>
  inspectTarget(target, headers, '/.sallyport');

describe('inspecting a target', () => {
  it('lets ordinary targets pass', () => {
    const targets = [
      '/',
      '/app/index.html?x=1&y=%2F..%2F',
      '/api/queues/%2F/messages',
      '/a;v=1/b',
      '/.well-known/security.txt',
      '/..hidden/...',
      '/caf%C3%A9',
      '/100%25',
      '/a?x=http://other/../..//\\',
      '/app/.sallyport/inside-an-application',
    ];
    for (const target of targets) assert.equal(inspect(target), undefined, target);
  });

  const refused: [string, TargetFault][] = [
    ['http://gateway.test/', 'not-origin-form'],
    ['HTTP://other/', 'not-origin-form'],
    ['*', 'not-origin-form'],
    ['', 'not-origin-form'],
    ['gateway.test:443', 'not-origin-form'],
    ['/a#b', 'fragment'],
    ['/a?b#c', 'fragment'],
    ['/caf\u00e9', 'not-visible-ascii'],
    ['/a b', 'not-visible-ascii'],
    ['/a\u0000', 'not-visible-ascii'],
    ['/a?\u007f', 'not-visible-ascii'],
    ['//other/x', 'empty-segment'],
    ['/a//b', 'empty-segment'],
    ['/.', 'dot-segment'],
    ['/a/../b', 'dot-segment'],
    ['/a/./b', 'dot-segment'],
    ['/a/..', 'dot-segment'],
    ['/a/%2e%2e/b', 'dot-segment'],
    ['/a/.%2E/b', 'dot-segment'],
    ['/a%2f..%2fb', 'dot-segment'],
    ['/a%2F%2e%2e%2Fb', 'dot-segment'],
    ['/a/%252e%252e/b', 'dot-segment'],
    ['/a/%25252e%25252e/b', 'dot-segment'],
    ['/a/%25%32%65%2e/b', 'dot-segment'],
    ['/a/..;/b', 'dot-segment'],
    ['/a/..;x=1/b', 'dot-segment'],
    ['/a/%2e%2e%3b/b', 'dot-segment'],
    ['/a\\b', 'backslash'],
    ['/a/..\\b', 'backslash'],
    ['/a%5cb', 'backslash'],
    ['/a%5C..%5Cb', 'backslash'],
    ['/a%255cb', 'backslash'],
    ['/a%00', 'control-character'],
    ['/a%0d%0aHost:x', 'control-character'],
    ['/a%2500', 'control-character'],
    ['/a%7f', 'control-character'],
    ['/a/%c0%ae%c0%ae/b', 'malformed-encoding'],
    ['/a%c1%9cb', 'malformed-encoding'],
    ['/a%', 'malformed-encoding'],
    ['/a%2', 'malformed-encoding'],
    ['/a%zz', 'malformed-encoding'],
    ['/%u002e%u002e/', 'malformed-encoding'],
    ['/.sallyport', 'own-prefix'],
    ['/.sallyport?x', 'own-prefix'],
    ['/.sallyport/api/v1/session', 'own-prefix'],
    ['/.Sallyport/api', 'own-prefix'],
    ['/.SALLYPORT/api', 'own-prefix'],
    ['/%2esallyport/api', 'own-prefix'],
    ['/.s%61llyport/api', 'own-prefix'],
    ['/%252esallyport/api', 'own-prefix'],
    ['/.sallyport;x/api', 'own-prefix'],
    ['/.sallyport;jsessionid=1', 'own-prefix'],
    ['/.sallyport%3bx/api', 'own-prefix'],
    ['/%2f.sallyport/api', 'own-prefix'],
    ['/;/.sallyport/api', 'own-prefix'],
    ['/.sallyport%2fapi', 'own-prefix'],
  ];
  for (const [target, fault] of refused) {
    it(`refuses ${JSON.stringify(target)}: ${fault}`, () => assert.equal(inspect(target), fault));
  }

  it('refuses several hosts, none, and what is not a host', () => {
    assert.equal(inspect('/', ['Host', 'a', 'Host', 'b']), 'several-hosts');
    assert.equal(inspect('/', ['Host', 'a', 'hOST', 'a']), 'several-hosts');
    assert.equal(inspect('/', ['Accept', '*/*']), 'no-host');
    for (const host of ['', 'a b', 'a/b', 'a@b', 'a,b', 'a:99999999', 'a:', '[::1', 'a\\b', 'a%2eb', 'a?b']) {
      assert.equal(inspect('/', ['Host', host]), 'malformed-host', host);
    }
    for (const host of ['a', 'a.b:8080', '127.0.0.1', '[::1]:80', 'xn--caf-dma.example', 'A.B.']) {
      assert.equal(inspect('/', ['Host', host]), undefined, host);
    }
  });

  it('finds a dot segment or its own prefix however often it was encoded', () => {
    const encode = (text: string, mask: number): string =>
      [...text]
        .map((letter, index) =>
          (mask >> index) & 1 ? `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}` : letter,
        )
        .join('');
    const spelled = fc
      .tuple(
        fc.constantFrom('/../x', '/./x', '/.sallyport/x', '/.SALLYPORT'),
        fc.array(fc.nat(0xffff), { maxLength: 4 }),
      )
      .map(([path, masks]) => {
        let text = path.slice(1);
        for (const mask of masks) text = encode(text, mask);
        return `/${text}`;
      });
    fc.assert(
      fc.property(spelled, (target) => inspect(target) !== undefined),
      { numRuns: 500 },
    );
  });

  it('passes nothing that a server could resolve to another path', () => {
    const parts = fc.constantFrom(
      'a',
      'B',
      '.',
      '..',
      '%2e',
      '%2E',
      '%2f',
      '%5c',
      '\\',
      '/',
      ';',
      '%25',
      '%00',
      '%',
    );
    const target = fc.array(parts, { maxLength: 8 }).map((list) => `/${list.join('')}`);
    fc.assert(
      fc.property(target, (path) => {
        if (inspect(path) !== undefined) return true;
        // As browsers and most frameworks resolve it, and as a server that decodes to the end would.
        const resolved = new URL(`http://x${path}`).pathname;
        const segments = lenientPath(path).split('/');
        const dotted = segments.some((segment) => segment === '.' || segment === '..');
        return resolved === path && !dotted && !lenientPath(path).includes('\\');
      }),
      { numRuns: 2_000 },
    );
  });
});
