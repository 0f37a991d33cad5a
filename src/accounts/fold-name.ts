/**
 * The form under which names are compared: without case, and without the differences between characters that look
 * and mean the same (Unicode NFKC). Two names that fold alike are one name. Folding twice changes nothing.
 */
export function foldName(name: string): string {
  // Upper case first, since only that unites ß with ss and the two lower-case sigmas.
  const folded = name.toWellFormed().normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replaceAll(/\s+/g, ' ').trim();
}

/** Letters that cannot be seen or that turn the text around them: two names must not differ by them alone. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

/** Whether a person, or a group, can be called this: 1 to 64 characters that can be seen, none of `\ / : ,`. */
export function isName(name: string): boolean {
  const length = [...name].length;
  if (!name.isWellFormed() || name !== name.trim() || length < 1 || length > 64) return false;
  // Folded, so that `／` and `℀` are seen for the slash that they become.
  const folded = foldName(name);
  return folded !== '' && !unseen.test(name) && !/[\\/:,]/.test(folded);
}

/** The folded words under which a document is found by search as you type: lower case, without diacritics. */
export function termsOf(...texts: readonly (string | undefined)[]): string[] {
  const terms = new Set<string>();
  for (const text of texts) {
    const folded = foldTerm(text ?? '');
    if (folded === '') continue;
    terms.add(folded);
    for (const word of folded.split(/[\s.@_-]+/)) if (word !== '') terms.add(word);
  }
  return [...terms];
}

/** A search word as `termsOf` stores it. */
export const foldTerm = (text: string): string =>
  foldName(text).normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC');
