import type { ConsoleBoot } from '../../admin/index.ts';

/** Reads what the shell wrote for us. Throws when this script runs in a page that isn't ours. */
export function readBoot(): ConsoleBoot {
  const text = document.getElementById('boot')?.textContent;
  if (!text) throw new Error('This page has no boot data.');
  return JSON.parse(text) as ConsoleBoot;
}
