import type { BootData } from '../../portal/index.ts';

const opening = '<script type="application/json" id="boot">';

/** The boot data of a page's HTML, or undefined when it isn't one of ours. Its `<` are escaped, so the end is sure. */
export function findBoot(html: string): BootData | undefined {
  const start = html.indexOf(opening);
  const end = html.indexOf('</script>', start);
  if (start < 0 || end < 0) return undefined;
  return JSON.parse(html.slice(start + opening.length, end)) as BootData;
}
