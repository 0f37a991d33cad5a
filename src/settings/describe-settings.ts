import { type SettingRow, settingRows } from './settings-schema.ts';

/** A Markdown table of every setting, for the reference documentation. */
export function describeSettings(): string {
  const rows = Object.entries(settingRows).map(([key, row]: [string, SettingRow<unknown>]) => {
    const standard = row.format(row.default('<server name>'));
    return `| ${row.title} | \`${key}\` | ${row.unit} | ${row.range} | ${standard === '' ? '' : `\`${standard}\``} |`;
  });
  return ['| setting | key | unit | range | default |', '| --- | --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}
