import type { Language } from './language.ts';

const noBreakSpace = '\u00a0';
const narrowNoBreakSpace = '\u202f';

/**
 * Sets a text by the rules of its language, so that its writers need not type invisible characters: French keeps
 * a no-break space before a colon and inside quotation marks, and a narrow one before `;`, `!` and `?`.
 */
export function setType(language: Language, text: string): string {
  if (language !== 'fr') return text;
  return text
    .replaceAll(/ (?=[;!?])/g, narrowNoBreakSpace)
    .replaceAll(/ (?=[:»%])/g, noBreakSpace)
    .replaceAll('« ', `«${noBreakSpace}`);
}
