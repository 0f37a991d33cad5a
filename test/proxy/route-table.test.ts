import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ambiguous, hostOf, RouteTable } from '../../src/proxy/route-table.ts';

type Target = { name: string; path: string; host?: string };
const table = (...targets: Target[]) => new RouteTable<Target>(targets);
const nameOf = (found: Target | undefined | typeof ambiguous) =>
  typeof found === 'symbol' ? 'ambiguous' : found?.name;

describe('the route table', () => {
  const routes = table(
    { name: 'root', path: '/' },
    { name: 'admin', path: '/admin' },
    { name: 'deep', path: '/admin/deep' },
    { name: 'wiki', path: '/', host: 'wiki.test' },
    { name: 'wiki-api', path: '/api', host: 'wiki.test' },
    { name: 'only', path: '/only', host: 'only.test' },
  );

  const found: [string, string, string | undefined][] = [
    ['portal.test', '/', 'root'],
    ['portal.test', '/x/y', 'root'],
    ['portal.test', '/admin', 'admin'],
    ['portal.test', '/admin/', 'admin'],
    ['portal.test', '/admin?x', 'admin'],
    ['portal.test', '/admin/deep', 'deep'],
    ['portal.test', '/admin/deeper', 'admin'],
    ['portal.test', '/administrator', 'root'],
    ['wiki.test', '/admin', 'wiki'],
    ['wiki.test:8443', '/api/x', 'wiki-api'],
    ['WIKI.test', '/api', 'wiki-api'],
    ['wiki.test.', '/api', 'wiki-api'],
    ['only.test', '/', undefined],
    ['only.test', '/only', 'only'],
    ['[::1]:8080', '/', 'root'],
  ];
  for (const [host, path, name] of found) {
    it(`leads ${host}${path} to ${name ?? 'nobody'}`, () =>
      assert.equal(nameOf(routes.find(host, path)), name));
  }

  it('refuses a spelling that a lenient server would read as a path of another application', () => {
    for (const path of [
      '/%61dmin',
      '/ADMIN',
      '/Admin/deep',
      '/admin/%64eep',
      '/x%2f..',
      '/;x/admin',
      '/admin;x',
    ]) {
      const expected = path === '/x%2f..' ? 'root' : 'ambiguous';
      assert.equal(nameOf(routes.find('portal.test', path)), expected, path);
    }
  });

  it('keeps one application with a host to itself free of such comparisons', () => {
    const alone = table({ name: 'root', path: '/' });
    assert.equal(nameOf(alone.find('any', '/ADMIN/%61')), 'root');
  });

  it('has the longest prefix win, whatever the order', () => {
    const segment = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), path, (prefixes, target) => {
        const made = table(...prefixes.map((prefix) => ({ name: prefix, path: prefix })));
        const expected = prefixes
          .filter((prefix) => prefix === '/' || target === prefix || target.startsWith(`${prefix}/`))
          .sort((one, other) => other.length - one.length)[0];
        assert.equal(nameOf(made.find('x', target)), expected);
      }),
    );
  });

  it('knows a host without its port, its case and its last dot', () => {
    assert.equal(hostOf('Wiki.Test:443'), 'wiki.test');
    assert.equal(hostOf('[2001:DB8::1]:8080'), '[2001:db8::1]');
    assert.equal(hostOf('[2001:db8::1]'), '[2001:db8::1]');
    assert.equal(hostOf('a.'), 'a');
  });
});
