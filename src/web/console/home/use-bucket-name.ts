import { useMemo } from 'react';
import { useTexts } from '../texts.ts';

/** Hours in the reader's zone; days as they were counted, those of UTC. */
export function useBucketName(unit: 'hour' | 'day') {
  const { locale } = useTexts();
  return useMemo(() => {
    const write = (options: Intl.DateTimeFormatOptions) => {
      const writer = new Intl.DateTimeFormat(locale, options);
      return (from: string): string => writer.format(new Date(from));
    };
    const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
    const utc: Intl.DateTimeFormatOptions = { timeZone: 'UTC' };
    return unit === 'hour'
      ? {
          short: write({ hour: '2-digit', minute: '2-digit' }),
          date: write(day),
          long: write({ ...day, hour: '2-digit', minute: '2-digit' }),
        }
      : {
          short: write({ ...day, ...utc }),
          date: write({ ...day, ...utc }),
          long: write({ ...day, year: 'numeric', ...utc, timeZoneName: 'short' }),
        };
  }, [locale, unit]);
}
