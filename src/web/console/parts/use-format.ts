import { useMemo } from 'react';
import { formatSpan } from '../../portal/times.ts';
import { useTexts } from '../texts.ts';

type Moment = string | number | Date;

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/**
 * Times and numbers as the reader writes them, in their own zone: `const format = useFormat()`, then
 * `format.moment(user.since)`. Moments are RFC 3339, Unix milliseconds or a `Date`; spans are milliseconds.
 */
export function useFormat() {
  const { locale } = useTexts();
  return useMemo(() => {
    const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
    const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
    const write = (options: Intl.DateTimeFormatOptions) => {
      const writer = new Intl.DateTimeFormat(locale, options);
      return (moment: Moment): string => writer.format(new Date(moment));
    };
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    const plain = new Intl.NumberFormat(locale);
    return {
      /** "22 Nov 2026, 14:35". */
      moment: write({ ...date, ...time }),
      /** "22 Nov 2026, 14:35 CET", where people compare times. */
      momentInZone: write({ ...date, ...time, timeZoneName: 'short' }),
      /** "22 Nov 2026, 14:35:07", for logs. */
      second: write({ ...date, ...time, second: '2-digit' }),
      /** "22 Nov 2026". */
      date: write(date),
      /** "14:35". */
      time: write(time),
      /** "3 hours ago", "in 2 days"; "now" for what the gateway's clock has and this one hasn't yet. */
      ago(moment: Moment, now: number = Date.now()): string {
        const ahead = Math.round((new Date(moment).getTime() - now) / 1000);
        const seconds = ahead > 0 && ahead < 60 ? 0 : ahead;
        const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
          ['day', 86_400],
          ['hour', 3_600],
          ['minute', 60],
        ];
        const [unit, length] =
          steps.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const);
        return relative.format(Math.trunc(seconds / length), unit);
      },
      /** "7 hr 12 min". */
      span: (span: number): string => formatSpan(locale, span),
      /** "12,345". */
      number: (value: number): string => plain.format(value),
      /** "12.3%". */
      percent: (value: number, digits = 1): string =>
        new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: digits + 1 }).format(
          value,
        ),
      /** "1.2 MB". */
      bytes(value: number): string {
        const power = value < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(value) / 3));
        return new Intl.NumberFormat(locale, {
          style: 'unit',
          unit: sizes[power] ?? 'byte',
          unitDisplay: 'short',
          maximumFractionDigits: power === 0 ? 0 : 1,
        }).format(value / 1000 ** power);
      },
    };
  }, [locale]);
}
