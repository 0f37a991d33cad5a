/**
 * The fields of each audit event, as the union in `src/audit/event.ts` declares them, for the reference documentation:
 * types leave nothing behind at run time. `?` marks those that may be absent; what every entry may have is left out.
 */
export function eventFields(source: string): ReadonlyMap<string, readonly string[]> {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const message = fieldsIn(blockAfter(code, 'type Message = '));
  const union = code.slice(code.indexOf('type Happening ='), code.indexOf('export type AuditEventType'));
  const found = new Map<string, readonly string[]>();
  for (const alternative of splitAtDepthZero(union.slice(union.indexOf('=') + 1))) {
    const declared = alternative.includes('& Message')
      ? [...fieldsIn(alternative), ...message]
      : fieldsIn(alternative);
    const types = /\btype:\s*((?:\|?\s*'[^']+'\s*)+)/.exec(alternative)?.[1] ?? '';
    for (const [, type = ''] of types.matchAll(/'([^']+)'/g)) {
      found.set(
        type,
        declared.filter((field) => field !== 'type'),
      );
    }
  }
  return found;
}

/** From the first brace after `start` to the one that closes it. */
function blockAfter(code: string, start: string): string {
  const begin = code.indexOf('{', code.indexOf(start));
  for (let at = begin, depth = 0; at < code.length; at += 1) {
    if (code[at] === '{') depth += 1;
    if (code[at] === '}') depth -= 1;
    if (depth === 0) return code.slice(begin, at + 1);
  }
  return '';
}

function splitAtDepthZero(union: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of union) {
    if ('{('.includes(letter)) depth += 1;
    if ('})'.includes(letter)) depth -= 1;
    if (letter === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.filter((part) => part.includes('type:'));
}

/** The names declared directly within the braces. */
function fieldsIn(declaration: string): string[] {
  const fields: string[] = [];
  let depth = 0;
  let text = '';
  for (const letter of declaration) {
    if (letter === '{') depth += 1;
    else if (letter === '}') depth -= 1;
    else if (depth === 1) text += letter;
  }
  for (const [, name = '', optional = ''] of text.matchAll(/(?:^|[;\s])([a-zA-Z]+)(\??):/g)) {
    fields.push(`${name}${optional}`);
  }
  return fields;
}
