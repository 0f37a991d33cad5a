/**
 * A phone number as people type it, made ready for the server, which alone knows which are real: without spaces,
 * brackets, dots and dashes, `00` as `+`, and without the `(0)` that people write after a country code.
 */
export const tidyPhoneNumber = (typed: string): string =>
  typed
    .replace('(0)', '')
    .replaceAll(/[^\d+]/g, '')
    .replace(/^00/, '+');

/** Whether it begins with a country code and could be as long as a number (E.164): else the server needn't be asked. */
export const isInternational = (tidied: string): boolean => /^\+[1-9]\d{6,14}$/.test(tidied);
