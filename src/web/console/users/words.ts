import type { UserRow } from '../../../admin/index.ts';
import { useFormat } from '../parts/use-format.ts';
import { type Translate, useTexts } from '../texts.ts';

export type Method = 'app' | 'sms' | 'email';

/** A user or an entry of the list, as far as questions about it go. */
export type Named = { readonly id: string; readonly name: string };

/** So many at once (the calls take no more). */
export const mostAtOnce = 200;
/** So many names in a question; the rest is a number. */
const namesShown = 5;

/** "Anna, Ben and 3 more": of `count` things these are the first names. */
export function listNames(
  t: Translate,
  locale: string,
  names: readonly string[],
  count = names.length,
): string {
  const shown = names.slice(0, namesShown);
  const rest = count - shown.length;
  if (rest > 0) return t('console.users.ask.and-more', { names: shown.join(', '), count: rest });
  return new Intl.ListFormat(locale).format(shown);
}

/** How this page says what it knows of a user. */
export function useWords() {
  const { t, locale } = useTexts();
  const format = useFormat();
  const method = (id: Method): string => t(`console.users.method.${id}`);
  return {
    t,
    locale,
    format,
    method,
    names: (names: readonly string[], count?: number): string => listNames(t, locale, names, count),
    methods: (ids: readonly Method[]): string => new Intl.ListFormat(locale).format(ids.map(method)),
    /** What a lock lasts until, or for ever. */
    lockEnd: (end: string): string | undefined => (end === 'unlocked' ? undefined : format.moment(end)),
    asked({ obligation }: Pick<UserRow, 'obligation'>): string {
      if (obligation.required) return t('console.users.asked.required');
      return t(obligation.rule === 'exempt' ? 'console.users.asked.exempt' : 'console.users.asked.not');
    },
    why({ obligation }: Pick<UserRow, 'obligation'>): string {
      const rule = t(`console.users.rule.${obligation.rule}`);
      if (obligation.since === undefined) return rule;
      return t('console.users.because.since', { rule, date: format.date(obligation.since) });
    },
  };
}

/** What a `datetime-local` field holds, from RFC 3339; in the reader's zone. */
export function toField(moment: string | undefined): string {
  if (moment === undefined) return '';
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** RFC 3339 of what a `datetime-local` field holds; undefined when that is no moment. */
export function fromField(text: string): string | undefined {
  const time = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
