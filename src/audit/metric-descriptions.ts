import { createMetrics } from './metrics.ts';

/** A Markdown table of every metric of the program's own; those of Node.js itself are not repeated. */
export function describeMetrics(): string {
  const rows = createMetrics({ process: false })
    .describe()
    .map(({ name, type, help, labels }) => {
      const list = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${list} | ${help} |`;
    });
  return ['| metric | type | labels | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
