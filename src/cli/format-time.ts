/** A moment (Unix milliseconds) in the time of this machine, with its offset: `2026-11-21 14:05 +01:00`. */
export function formatTime(moment: number): string {
  const offset = -new Date(moment).getTimezoneOffset();
  const shifted = new Date(moment + offset * 60_000).toISOString();
  const minutes = Math.abs(offset);
  const sign = offset < 0 ? '-' : '+';
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 16)} ${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

const pad = (value: number): string => String(value).padStart(2, '0');
