/** First match wins, so the names that others borrow come last. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//, 'Safari'],
  [/^curl\/(\d+)/, 'curl'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const longestUnknown = 40;

/** "Firefox 130 on Windows": a User-Agent short enough for a list and an audit entry. Printable ASCII only. */
export function browserName(userAgent: string | undefined): string {
  const agent = (userAgent ?? '').slice(0, 512);
  const browser = browsers.flatMap(([pattern, name]) => {
    const match = pattern.exec(agent);
    return match === null ? [] : [`${name} ${match[1]}`];
  })[0];
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  return agent
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, longestUnknown);
}
