import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Area,
  consoleAreas,
  createCatalogue,
  languages,
  placeholdersOf,
} from '../../src/catalogue/index.ts';
import { GatewayError, type ProblemCode, problems } from '../../src/errors.ts';

const catalogue = createCatalogue();
const areas: readonly Area[] = [
  'attention',
  'problems',
  'people',
  'portal',
  'pages',
  'cli',
  'cli-home',
  'cli-site',
  'cli-group',
  'cli-rdp',
  'cli-license',
  'cli-subscription',
  'cli-user',
  'demo',
  'senders',
  'settings',
  'notices',
  'messages',
  ...consoleAreas(),
];
const prefixes: Partial<Record<Area, string>> = {
  attention: 'attention.',
  problems: 'problem.',
  people: 'people.',
  portal: 'portal.',
  pages: 'pages.',
  cli: 'cli.',
  'cli-home': 'cli.',
  'cli-site': 'cli.',
  demo: 'demo.',
  senders: 'senders.',
  settings: 'settings.',
  notices: 'notices.',
  messages: 'messages.',
};
/** Of a page of the console: `console-users` holds `console.users.…`. */
const prefixOf = (area: Area): string => prefixes[area] ?? `${area.replace('-', '.')}.`;
const codes = Object.keys(problems) as ProblemCode[];

/** The areas as their writers wrote them, before typography and the plural form `_many`. */
async function written(language: string, area: Area): Promise<Record<string, string>> {
  const module: Record<string, Record<string, string>> = await import(
    `../../src/catalogue/${language}/${area}.ts`
  );
  const [texts, ...others] = Object.values(module);
  assert.deepEqual(others, [], `${area} is the one thing that its file exports`);
  return texts ?? {};
}

describe('the texts', () => {
  for (const area of areas) {
    it(`of ${area} have the same keys in each language`, async () => {
      const english = Object.keys(await written('en', area)).sort();
      const french = Object.keys(await written('fr', area)).filter((key) => !key.endsWith('_many'));
      assert.deepEqual(french.sort(), english);
    });

    it(`of ${area} have the same placeholders in each language`, async () => {
      const english = await written('en', area);
      for (const [key, text] of Object.entries(await written('fr', area))) {
        const original = english[key.replace(/_many$/, '_other')] ?? '';
        assert.deepEqual(
          [...new Set(placeholdersOf(text))].sort(),
          [...new Set(placeholdersOf(original))].sort(),
          key,
        );
      }
    });

    it(`of ${area} begin with the prefix of their area, so that no two areas share a key`, async () => {
      for (const key of Object.keys(await written('en', area))) {
        assert.ok(key.startsWith(prefixOf(area)), `${key} does not begin with ${prefixOf(area)}`);
      }
    });

    it(`of ${area} are never empty, untrimmed, or half a plural`, async () => {
      for (const language of languages) {
        const entries = await written(language, area);
        for (const [key, text] of Object.entries(entries)) {
          assert.equal(text.trim(), text, key);
          assert.notEqual(text, '', key);
          if (key.endsWith('_one')) assert.ok(key.replace(/_one$/, '_other') in entries, key);
          if (key.endsWith('_other')) assert.ok(key.replace(/_other$/, '_one') in entries, key);
        }
      }
    });
  }

  it('never use the words that design.md keeps from people', async () => {
    for (const area of ['problems', 'portal', 'pages', 'demo'] as const) {
      for (const [key, text] of Object.entries(await written('en', area))) {
        assert.doesNotMatch(text, /\b(?:OTP|MFA|2FA|TOTP|tokens?|authenticate[sd]?)\b/i, key);
      }
    }
  });

  it('are written as plain apostrophes and spaces, since typography is added when they are served', async () => {
    for (const area of areas) {
      for (const [key, text] of Object.entries(await written('fr', area))) {
        assert.doesNotMatch(text, /[\u00a0\u202f’]/, key);
        assert.doesNotMatch(text, /[\p{L}\d}][;!?»]/u, `${key} lacks the space before its punctuation`);
      }
    }
  });
});

describe('problem texts', () => {
  it('exist for every code in each language', () => {
    for (const code of codes) {
      const texts = languages.map((language) => catalogue.problem(language, { code }));
      for (const text of texts) assert.doesNotMatch(text, /problem\.|\{\{/, code);
      assert.equal(new Set(texts).size, languages.length, `${code} is not translated`);
    }
  });

  it('need no parameter in their plain form', () => {
    for (const code of codes) {
      for (const language of languages) {
        assert.deepEqual(
          placeholdersOf(catalogue.texts(language, ['problems'])[`problem.${code}`] ?? '{{x}}'),
          [],
        );
      }
    }
  });

  it('are made from an error as it was thrown', () => {
    const error = new GatewayError('wrong-code', { params: { triesLeft: 3 } });
    assert.equal(
      catalogue.problem('en', error),
      "That code didn't match. Check the app and try the next one. 3 tries left.",
    );
    assert.match(catalogue.problem('fr', error), /Il vous reste 3 essais\.$/);
  });

  it('stay plain when a figure is missing', () => {
    assert.equal(
      catalogue.problem('en', { code: 'wrong-code' }),
      "That code didn't match. Check the app and try the next one.",
    );
    assert.equal(
      catalogue.problem('en', { code: 'not-assigned', params: { user: 'alice' } }),
      "This application isn't assigned to you. Ask your helpdesk for it.",
    );
  });

  it('say when to try again, rounded up to what people can wait for', () => {
    assert.equal(
      catalogue.problem('en', { code: 'locked', retryAfter: 61 }),
      'Too many tries. You can try again in 2 minutes, or ask your helpdesk.',
    );
    assert.match(catalogue.problem('en', { code: 'locked', retryAfter: 0.2 }), /in 1 minute,/);
    assert.match(catalogue.problem('en', { code: 'too-many-requests', retryAfter: 1 }), /Wait 1 second and/);
  });

  it('name the person and the application', () => {
    assert.equal(
      catalogue.problem('en', { code: 'not-assigned', params: { user: 'alice', application: 'Payroll' } }),
      "You're signed in as alice, but Payroll isn't assigned to you. Ask your helpdesk for it.",
    );
  });
});

describe('inserted values', () => {
  it('are never interpreted', () => {
    const name = '{{user}} $t(problem.internal) <b>&amp;</b> {{- user}}';
    assert.equal(
      catalogue.text('en', 'problem.name-taken_detail', { name }),
      `The name ${name} is already taken. Choose another one.`,
    );
  });
});

describe('plural forms', () => {
  it('follow the language: zero is plural in English and singular in French', () => {
    const texts = (count: number) =>
      languages.map((language) => catalogue.text(language, 'portal.code.tries-left', { count }));
    assert.match(texts(0)[0] ?? '', /0 tries left/);
    assert.match(texts(0)[1] ?? '', /0 essai\./);
    assert.match(texts(1)[0] ?? '', /1 try left/);
    assert.match(texts(1_000_000)[1] ?? '', /1000000 essais\./);
  });
});

describe('a wrong code', () => {
  it('is not said to be the last where no wait begins with it', () => {
    for (const language of languages) {
      const last = catalogue.problem(language, { code: 'wrong-code', params: { triesLeft: 0 } });
      assert.equal(last, catalogue.problem(language, { code: 'wrong-code' }));
    }
  });
});

describe('texts for a page', () => {
  it('hold the areas asked for and nothing else', () => {
    const texts = catalogue.texts('en', ['problems']);
    assert.ok(Object.keys(texts).every((key) => key.startsWith('problem.')));
    assert.equal(texts['problem.invalid-credentials'], "That name and password don't match.");
  });

  it('are frozen and made once', () => {
    const texts = catalogue.texts('fr', ['problems', 'portal']);
    assert.ok(Object.isFrozen(texts));
    assert.equal(catalogue.texts('fr', ['problems', 'portal']), texts);
  });

  it('hold no French sentence whose punctuation could begin a line', () => {
    for (const [key, text] of Object.entries(catalogue.texts('fr', areas))) {
      assert.doesNotMatch(text, / [;!?:»%]/, key);
    }
  });
});

describe('two catalogues', () => {
  it('share no state, not even the one of i18next', async () => {
    const { default: global } = await import('i18next');
    createCatalogue();
    assert.equal(global.isInitialized, undefined);
  });
});
