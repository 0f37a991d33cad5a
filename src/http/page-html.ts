const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute (OWASP cross-site scripting prevention, rules 1 and 2). */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');

const lineSeparators = /[<>&\u2028\u2029]/g;

/**
 * JSON for a `<script type="application/json">`: no `<` of it can end the element or open a comment (HTML living
 * standard, 4.12.1.3).
 */
export const escapeJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    lineSeparators,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A link that can only lead to a page: http, https, or a path of this origin. Anything else becomes `fallback`. */
export function safeLink(target: string | undefined, fallback: string): string {
  if (target === undefined) return fallback;
  if (/^\/(?![/\\])[^\\\s]*$/.test(target)) return target;
  return /^https?:\/\/[^\s\\]+$/i.test(target) ? target : fallback;
}
