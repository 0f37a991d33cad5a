import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { renderShell } from '../../src/portal/page-shell.ts';
import { findBoot } from '../../src/web/portal/find-boot.ts';
import { catalogue, shellInput } from './shell-input.ts';

const directives = (csp: string): Map<string, string> =>
  new Map(
    csp.split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values.join(' ')];
    }),
  );

describe('the shell around the browser app', () => {
  it('allows our own files and nothing else', () => {
    const { csp } = renderShell(shellInput());
    assert.deepEqual(Object.fromEntries(directives(csp)), {
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self' 'nonce-AAECAwQFBgcICQoLDA0ODw=='",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'font-src': "'self'",
      'form-action': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
  });

  it('has no script inside, and no style without the nonce', () => {
    const { html } = renderShell(shellInput());
    for (const [, attributes = ''] of html.matchAll(/<script([^>]*)>/g)) {
      assert.match(attributes, / src="\/\.sallyport\/assets\/|type="application\/json"/);
    }
    for (const [, attributes = ''] of html.matchAll(/<style([^>]*)>/g)) {
      assert.match(attributes, / nonce="AAECAwQFBgcICQoLDA0ODw=="/);
    }
    assert.doesNotMatch(html, /<[^>]+ (?:style|on\w+)=/);
  });

  it('names no other host', () => {
    const { html } = renderShell(shellInput());
    const hosts = [...html.matchAll(/(?:https?:)?\/\/[\w.-]+/g)].map(([found]) => found);
    assert.deepEqual([...new Set(hosts)], []);
  });

  it('says in the reader’s language what is missing without script', () => {
    const texts = catalogue.texts('fr', ['portal']);
    const { html } = renderShell(shellInput({ language: 'fr', texts }));
    assert.match(html, /<html lang="fr">/);
    assert.match(html, /<noscript><p>Cette page a besoin de JavaScript\./);
    assert.match(html, /<h1>Se connecter<\/h1>/);
    assert.match(html, /<title>Se connecter · Northwind Remote<\/title>/);
  });

  it('carries the texts that its page can show, and no others', () => {
    const own = (page: 'sign-in' | 'account'): string[] =>
      Object.keys(findBoot(renderShell({ ...shellInput(), page, state: {} }).html)?.texts ?? {});
    assert.ok(own('sign-in').includes('portal.code.title'));
    assert.ok(!own('sign-in').some((key) => key.startsWith('problem.') || key.startsWith('portal.account.')));
    assert.ok(own('account').includes('portal.account.title'));
  });

  it('gives the app exactly the state and names it was given, whatever is in them', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('</script><script>alert(1)</script>', '<!--<script>', '\u2028\u2029', '"\'&<>'),
    );
    fc.assert(
      fc.property(nasty, nasty, nasty, (returnTo, application, name) => {
        const state = { returnTo, application };
        const { html } = renderShell(shellInput({ state, branding: { name }, helpdesk: application }));
        const boot = findBoot(html);
        assert.deepEqual(boot?.state, state);
        assert.deepEqual(boot?.site, { name, helpdesk: application });
        assert.equal(html.split('</script>').length, 3);
        assert.doesNotMatch(
          html.replace(/<script type="application\/json".*?<\/script>/s, ''),
          /alert\(1\)<\/script>/,
        );
      }),
    );
  });

  it('refuses a nonce that could be guessed or that ends the attribute', () => {
    assert.throws(() => renderShell(shellInput({ nonce: 'short' })), TypeError);
    assert.throws(() => renderShell(shellInput({ nonce: 'AAECAwQFBgcICQoLDA0ODw"><script>' })), TypeError);
  });
});
