import type { Translate } from './translate.ts';

/** Times and spans as people read them, in their own zone and way of writing. */

type Reader = { readonly t: Translate; readonly locale: string };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const sameDay = (one: Date, other: Date): boolean => one.toDateString() === other.toDateString();

/** "14:35", or with its date when that isn't today: both fit the same preposition. */
export function formatTime(
  { t, locale }: Reader,
  moment: Date,
  now: Date,
  zone: Pick<Intl.DateTimeFormatOptions, 'timeZoneName'> = {},
): string {
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', ...zone }).format(
    moment,
  );
  if (sameDay(moment, now)) return time;
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).format(moment);
  return t('portal.time.other-day', { date, time });
}

/** The same with the zone named, for times that people compare with others. */
export const formatTimeInZone = (reader: Reader, moment: Date, now: Date): string =>
  formatTime(reader, moment, now, { timeZoneName: 'short' });

/** "3 Nov 2026". */
export const formatDate = (locale: string, moment: Date): string =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(moment);

const unit = (locale: string, name: 'day' | 'hour' | 'minute' | 'second', value: number): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);

/** "7 hr 12 min", "3 min", "40 sec": the two largest units at most. `span` in milliseconds. */
export function formatSpan(locale: string, span: number): string {
  const parts: string[] = [];
  const [days, hours, minutes] = [
    Math.floor(span / day),
    Math.floor((span % day) / hour),
    Math.floor((span % hour) / minute),
  ];
  if (days > 0) parts.push(unit(locale, 'day', days));
  if (hours > 0) parts.push(unit(locale, 'hour', hours));
  if (days === 0 && minutes > 0) parts.push(unit(locale, 'minute', minutes));
  if (parts.length === 0) parts.push(unit(locale, 'second', Math.max(0, Math.floor(span / 1000))));
  return parts.join(' ');
}

/** "4:59", "1:02:03": a countdown. `span` in milliseconds. */
export function formatCountdown(span: number): string {
  const seconds = Math.max(0, Math.ceil(span / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
