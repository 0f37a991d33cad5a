/**
 * A moment, Unix milliseconds: of `2026-12-31` the beginning of that day here, of `2026-12-31T18:00` that time here, or
 * elsewhere with `Z` or `+01:00`. Undefined for what is none.
 */
export function parseMoment(typed: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?$/.exec(
    typed.trim(),
  );
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // JavaScript takes the 30th of February for the 2nd of March.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCMonth() !== month - 1) return undefined;
  const moment = match[4] === undefined ? new Date(year, month - 1, day).getTime() : Date.parse(typed.trim());
  return Number.isNaN(moment) ? undefined : moment;
}
