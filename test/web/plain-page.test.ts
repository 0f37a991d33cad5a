import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { languages } from '../../src/catalogue/index.ts';
import { type ProblemCode, problems } from '../../src/errors.ts';
import { type PlainPageInput, plainPageKind, renderPlainPage } from '../../src/portal/plain-page.ts';
import { type PlainPageKind, plainPages } from '../../src/portal/plain-pages.ts';
import { catalogue } from './shell-input.ts';

const kinds = Object.keys(plainPages) as PlainPageKind[];
const input = (changes: Partial<PlainPageInput> & { kind: PlainPageKind }): PlainPageInput => ({
  language: 'en',
  text: (key, params) => catalogue.text('en', key, params),
  branding: { name: 'Northwind Remote' },
  ...changes,
});
const textOf = (html: string): string =>
  html
    .replace(/^.*<body>/s, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'");
const linksOf = (html: string): string[] =>
  [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href);

describe('plain pages', () => {
  for (const kind of kinds) {
    it(`say everything about "${kind}" in each language, with facts and without`, () => {
      const facts = { application: 'Payroll', user: 'alice', retryAfter: 60, returnTo: '/payroll/' };
      for (const language of languages) {
        for (const params of [{}, facts]) {
          const { html } = renderPlainPage(
            input({ kind, language, text: (key, values) => catalogue.text(language, key, values), params }),
          );
          assert.match(html, new RegExp(`<html lang="${language}">`));
          assert.match(html, /<main class="card"><h1>[^<]{5,}<\/h1><p>[^<]{10,}<\/p>/);
          assert.doesNotMatch(textOf(html), /\{\{|pages\.|undefined/);
        }
      }
    });
  }

  it('run no script and allow exactly their own style', () => {
    const { html, csp } = renderPlainPage(input({ kind: 'failed' }));
    const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? '';
    assert.doesNotMatch(html, /<script| on\w+=| style=/);
    assert.ok(csp.includes(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`));
    assert.match(csp, /^default-src 'none';/);
    assert.doesNotMatch(csp, /script-src|unsafe/);
  });

  it('tell a user by name what is not theirs, and whom to ask', () => {
    const params = { application: 'Payroll', user: 'alice' };
    const { html, status } = renderPlainPage(input({ kind: 'not-assigned', params, helpdesk: 'ext. 4100' }));
    assert.equal(status, 403);
    assert.match(textOf(html), /You're signed in as alice, but Payroll isn't assigned to you\./);
    assert.match(textOf(html), /Ask the helpdesk for it: ext\. 4100/);
    assert.doesNotMatch(html, /<footer/);
  });

  it('load themselves again while an application or the store is away, and at no other time', () => {
    const refreshing = kinds.filter((kind) => 'Refresh' in renderPlainPage(input({ kind })).headers);
    assert.deepEqual(refreshing, ['unreachable', 'store-unavailable']);
    const { html, status, headers } = renderPlainPage(
      input({ kind: 'unreachable', status: 504, params: { application: 'Accounting' } }),
    );
    assert.equal(status, 504);
    assert.equal(headers.Refresh, '5');
    assert.match(
      textOf(html),
      /Accounting isn't answering right now +Nothing is lost; we try again every few/,
    );
  });

  it('say when a locked user can try again, in whole minutes', () => {
    const { html, status, headers } = renderPlainPage(
      input({ kind: 'locked', params: { retryAfter: 61.2 } }),
    );
    assert.equal(status, 429);
    assert.equal(headers['Retry-After'], '62');
    assert.match(textOf(html), /You can try again in 2 minutes\./);
  });

  it('lead back to what was wanted', () => {
    const params = { returnTo: '/payroll/?month=5&year=2026' };
    const { html } = renderPlainPage(input({ kind: 'expired', params }));
    assert.deepEqual(linksOf(html), ['/.sallyport/sign-in?returnTo=%2Fpayroll%2F%3Fmonth%3D5%26year%3D2026']);
  });

  it('link to the portal from an application’s own host', () => {
    const { html } = renderPlainPage(input({ kind: 'not-assigned', portal: 'https://gateway.example' }));
    assert.deepEqual(linksOf(html), [
      'https://gateway.example/.sallyport/',
      'https://gateway.example/.sallyport/sign-out',
    ]);
  });

  for (const wish of [
    'javascript:alert(1)',
    '//evil.example/',
    '/\\evil.example',
    'data:text/html,x',
    '/a b',
  ]) {
    it(`never link to ${wish}`, () => {
      for (const kind of kinds) {
        const { html } = renderPlainPage(input({ kind, params: { returnTo: wish } }));
        for (const href of linksOf(html)) assert.match(href, /^$|^\/\.sallyport\//);
      }
    });
  }

  it('show any name as text and nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string(), fc.string(), (kind, application, user) => {
        const { html } = renderPlainPage(
          input({
            kind,
            params: { application, user, detail: application },
            helpdesk: user,
            branding: { name: user },
          }),
        );
        const plain = renderPlainPage(
          input({ kind, params: { application: 'a', user: 'b', detail: 'a' }, helpdesk: user && 'b' }),
        ).html;
        const tags = (page: string): string[] => page.match(/<\/?\w+/g) ?? [];
        assert.deepEqual(tags(html), tags(plain));
      }),
    );
  });

  it('have a page for each problem, of the problem’s own kind of status', () => {
    for (const code of Object.keys(problems) as ProblemCode[]) {
      const kind = plainPageKind(code);
      assert.ok(kinds.includes(kind));
    }
    assert.equal(plainPageKind('not-assigned'), 'not-assigned');
    assert.equal(plainPageKind('no-healthy-server'), 'unreachable');
    assert.equal(plainPageKind('store-unavailable'), 'store-unavailable');
    assert.equal(plainPageKind('bad-target'), 'bad-request');
    assert.equal(plainPageKind('wrong-code'), 'failed');
  });
});
