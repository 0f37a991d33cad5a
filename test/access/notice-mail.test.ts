import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noticeMail } from '../../src/access/notice-mail.ts';
import { type Notice, type NoticeKind, noticesOf } from '../../src/access/notices-of.ts';
import type { AuditEvent } from '../../src/audit/index.ts';
import { createCatalogue, type Language, languages } from '../../src/catalogue/index.ts';

const catalogue = createCatalogue();
const accountUrl = 'https://gateway.example.com/.sallyport/account';
const frame = { site: 'Example', accountUrl, helpdesk: 'call 4711', at: Date.UTC(2026, 0, 15, 9, 0) };
const origin = { address: '192.0.2.7', browser: 'Firefox 130 on Windows' };
const alice = { user: 'local:a', name: 'alice' };

const mailOf = (notice: Notice, language: Language = 'en', changes: Partial<typeof frame> = {}) =>
  noticeMail(catalogue, language, notice, { ...frame, ...changes });

const kinds: readonly NoticeKind[] = [
  'factor-added',
  'factor-removed',
  'recovery-renewed',
  'recovery-used',
  'bypass-issued',
  'bypass-used',
  'password-changed',
  'reset',
  'new-device',
  'password-known',
  'user-password-known',
];

describe('what people are told', () => {
  it('follows from what is recorded', () => {
    const cases: [AuditEvent, string[]][] = [
      [{ type: 'enrolment.started', method: 'app', ...alice, origin }, []],
      [{ type: 'enrolment.confirmed', method: 'app', ...alice, origin }, ['factor-added']],
      [{ type: 'factor.removed', method: 'sms', actor: 'cli', ...alice }, ['factor-removed']],
      [{ type: 'recovery.regenerated', actor: 'local:a', ...alice }, ['recovery-renewed']],
      [{ type: 'password.changed', actor: 'local:a', ...alice }, ['password-changed']],
      [{ type: 'user.reset', actor: 'cli', ...alice }, ['reset']],
      [{ type: 'bypass.issued', actor: 'cli', reason: 'lost', until: 0, ...alice }, ['bypass-issued']],
      [{ type: 'sign-in.factor', result: 'accepted', method: 'app', ...alice, origin }, []],
      [{ type: 'sign-in.factor', result: 'wrong', method: 'recovery', ...alice, origin }, []],
      [
        { type: 'sign-in.factor', result: 'accepted', method: 'recovery', ...alice, origin },
        ['recovery-used'],
      ],
      [{ type: 'sign-in.factor', result: 'accepted', method: 'bypass', ...alice, origin }, ['bypass-used']],
      [{ type: 'sign-in.done', session: 's', amr: ['pwd', 'otp'], ...alice, origin }, []],
      [{ type: 'sign-in.done', session: 's', amr: [], newDevice: true, ...alice, origin }, ['new-device']],
      [{ type: 'compromised-password', ...alice, origin }, ['password-known', 'user-password-known']],
      [{ type: 'sign-in.password', result: 'refused', name: 'alice', origin }, []],
      [{ type: 'user.removed', actor: 'cli', ...alice }, []],
    ];
    for (const [event, expected] of cases) {
      assert.deepEqual(
        noticesOf(event).map(({ kind }) => kind),
        expected,
        event.type,
      );
    }
  });

  it('is told to administrators only where it concerns them', () => {
    const told = noticesOf({ type: 'compromised-password', ...alice, origin });
    assert.deepEqual(
      told.map(({ to }) => to),
      ['user', 'owners'],
    );
  });
});

describe('a notice', () => {
  for (const language of languages) {
    it(`says in ${language} what happened, when, where from, and what to do`, () => {
      const seen = new Set<string>();
      for (const kind of kinds) {
        const to = kind === 'user-password-known' ? 'owners' : 'user';
        const { subject, text, html } = mailOf(
          { kind, to, method: 'app', until: frame.at + 3_600_000, ...alice, origin },
          language,
        );
        assert.match(subject, /^Example: \S/);
        seen.add(subject);
        assert.doesNotMatch(`${subject}${text}${html}`, /\{\{|undefined|notices\./, kind);
        assert.match(text, /alice/);
        assert.match(text, /192\.0\.2\.7, Firefox 130 (?:on|sous) Windows/);
        assert.match(text, /15 janvier 2026|January 15, 2026/);
        assert.match(text, /UTC/);
        assert.match(text, /call 4711/);
        assert.equal(text.includes(accountUrl), to === 'user', kind);
        // Whatever is a link leads to the account page.
        const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
        assert.deepEqual(links, to === 'user' ? [accountUrl] : []);
        assert.match(html, new RegExp(`<html lang="${language}">`));
      }
      assert.equal(seen.size, kinds.length);
    });
  }

  it('names the helpdesk only where there is one, and the place only where it is known', () => {
    const { text } = mailOf({ kind: 'reset', to: 'user', ...alice }, 'en', { helpdesk: '' });
    assert.doesNotMatch(text, /Helpdesk:|From:/);
  });

  it('lets nobody put words, links or markup into it', () => {
    const hostile = 'Call +1 900 555 or visit http://evil.example';
    const { text, html } = mailOf({
      kind: 'password-known',
      to: 'user',
      user: 'local:a',
      name: '<script>alert(1)</script>\r\nBcc: x',
      origin: { address: '192.0.2.7', browser: hostile },
    });
    assert.doesNotMatch(text, /evil|900/);
    assert.doesNotMatch(html, /<script|evil/);
    assert.match(html, /&lt;script&gt;/);
    assert.doesNotMatch(text, /\r|^Bcc/m);
  });
});
