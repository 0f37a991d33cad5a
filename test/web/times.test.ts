import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Language, languages } from '../../src/catalogue/index.ts';
import { formatTime } from '../../src/web/portal/times.ts';
import { createTranslate } from '../../src/web/portal/translate.ts';
import { catalogue } from './shell-input.ts';

const expected: Record<Language, readonly [today: string, tomorrow: string]> = {
  en: ['open applications until 14:35 (', 'open applications until 22 Nov, 14:35 ('],
  fr: ['ouvrir des applications avant 14:35 (', 'ouvrir des applications avant le 22 nov. à 14:35 ('],
};

describe('a time in a sentence', () => {
  for (const language of languages) {
    it(`is grammatical with and without its date (${language})`, () => {
      const t = createTranslate(language, catalogue.texts(language, ['portal']));
      const reader = { t, locale: language === 'en' ? 'en-GB' : 'fr-FR' };
      const now = new Date(2026, 10, 21, 9, 0);
      const said = [21, 22].map((day) =>
        t('portal.account.active', {
          time: formatTime(reader, new Date(2026, 10, day, 14, 35), now),
          left: '1 h',
        }),
      );
      for (const [at, words] of expected[language].entries())
        assert.ok(said[at]?.includes(words), said.join(' '));
    });
  }
});
