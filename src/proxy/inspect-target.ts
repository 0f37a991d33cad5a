/** Why a target is refused; the words end in the audit log. */
export type TargetFault =
  | 'not-origin-form'
  | 'not-visible-ascii'
  | 'fragment'
  | 'several-hosts'
  | 'no-host'
  | 'malformed-host'
  | 'malformed-encoding'
  | 'empty-segment'
  | 'dot-segment'
  | 'backslash'
  | 'control-character'
  | 'own-prefix'
  /** Found by the route table: another spelling of the path belongs to another application. */
  | 'ambiguous-route';

const maxDecodings = 8;
const hostPattern = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;

/** Whether a path needs a closer look: anything but letters, digits and the characters that mean nothing. */
const plainPath = /^(?:\/[A-Za-z0-9_~!$&'()*+,=:@-][A-Za-z0-9_~!$&'()*+,=:@.-]*)*\/?$/;

/**
 * Finds what could make an application server see another path than the one that was routed (RFC 3986
 * section 6.2, RFC 9112 section 3.2): the gateway forwards the very bytes it routes by, so whatever decodes to
 * something else is refused. `ownPrefix` is the gateway's own first segment, `/.sallyport`; whoever calls has
 * already taken away the requests that name it plainly. Looks at the path only; a query may hold anything visible.
 */
export function inspectTarget(
  target: string,
  rawHeaders: readonly string[],
  ownPrefix: string,
): TargetFault | undefined {
  return inspectHost(rawHeaders) ?? inspectPath(target, ownPrefix);
}

function inspectHost(rawHeaders: readonly string[]): TargetFault | undefined {
  let host: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name === undefined || name.length !== 4) continue;
    if (name !== 'Host' && name.toLowerCase() !== 'host') continue;
    if (host !== undefined) return 'several-hosts';
    host = rawHeaders[index + 1];
  }
  if (host === undefined) return 'no-host';
  return isPlainName(host) || hostPattern.test(host) ? undefined : 'malformed-host';
}

/** A name in lower case and a port of at most five digits: what nearly every host is. */
function isPlainName(host: string): boolean {
  let index = 0;
  for (; index < host.length; index += 1) {
    const code = host.charCodeAt(index);
    if (code === 0x3a) break;
    const plain =
      (code > 0x60 && code < 0x7b) || (code > 0x2f && code < 0x3a) || code === 0x2e || code === 0x2d;
    if (!plain) return false;
  }
  if (index === 0 || index === host.length) return index > 0;
  const port = index + 1;
  for (index = port; index < host.length; index += 1) {
    const code = host.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return false;
  }
  return index > port && index <= port + 5;
}

/** What a character may be in a canonical path: nothing (it needs a look), inside or at the start of a segment, a slash. */
const kinds = { inside: 1, start: 2, slash: 3 } as const;
const kindOf: Uint8Array = new Uint8Array(128);
for (const character of "abcdefghijklmnopqrstuvwxyz0123456789_~!$&'()*+,=:@-") {
  kindOf[character.charCodeAt(0)] = kinds.start;
}
kindOf['.'.charCodeAt(0)] = kinds.inside;
kindOf['/'.charCodeAt(0)] = kinds.slash;

/**
 * Whether no server can read a target in another way than it stands there: a path of plain characters in lower case, and a
 * query of visible ones. True for nearly all, and quick; what isn't canonical may be harmless all the same.
 */
export function isCanonical(target: string): boolean {
  if (target.charCodeAt(0) !== 0x2f) return false;
  let before: number = kinds.slash;
  let index = 1;
  for (; index < target.length; index += 1) {
    const code = target.charCodeAt(index);
    if (code === 0x3f) break;
    const kind = code < 128 ? (kindOf[code] ?? 0) : 0;
    if (kind === 0 || (before === kinds.slash && kind !== kinds.start)) return false;
    before = kind;
  }
  for (index += 1; index < target.length; index += 1) {
    const code = target.charCodeAt(index);
    if (code < 0x21 || code > 0x7e || code === 0x23) return false;
  }
  return true;
}

function inspectPath(target: string, ownPrefix: string): TargetFault | undefined {
  if (isCanonical(target)) return undefined;
  if (target.charCodeAt(0) !== 0x2f) return 'not-origin-form';
  let end = target.length;
  for (let index = 0; index < target.length; index += 1) {
    const code = target.charCodeAt(index);
    if (code < 0x21 || code > 0x7e) return 'not-visible-ascii';
    if (code === 0x23) return 'fragment';
    if (code === 0x3f && end === target.length) end = index;
  }
  const path = end === target.length ? target : target.slice(0, end);
  return plainPath.test(path) ? undefined : inspectSegments(path, ownPrefix);
}

function inspectSegments(path: string, ownPrefix: string): TargetFault | undefined {
  if (path.includes('//')) return 'empty-segment';
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return 'malformed-encoding';
  let decoded = path;
  for (let round = 0; ; round += 1) {
    const fault = inspectDecoded(decoded, ownPrefix);
    if (fault !== undefined) return fault;
    const next = decodeOnce(decoded);
    if (next === decoded) return undefined;
    if (round === maxDecodings) return 'malformed-encoding';
    decoded = next;
  }
}

function inspectDecoded(path: string, ownPrefix: string): TargetFault | undefined {
  if (path.includes('\\')) return 'backslash';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\x00-\x1f\x7f]/.test(path)) return 'control-character';
  // Overlong forms of an ASCII character in two, three or four bytes, as in CVE-2000-0884: never UTF-8 (RFC 3629).
  if (/[\xc0\xc1]|\xe0[\x80-\x9f]|\xf0[\x80-\x8f]/.test(path)) return 'malformed-encoding';
  let first = true;
  for (const segment of path.split('/')) {
    const parameter = segment.indexOf(';');
    const name = parameter === -1 ? segment : segment.slice(0, parameter);
    if (name === '.' || name === '..') return 'dot-segment';
    if (name === '' || !first) continue;
    first = false;
    if (name.toLowerCase() === ownPrefix.slice(1)) return 'own-prefix';
  }
  return undefined;
}

/** Decodes each escape to one character of the same code, so that invalid UTF-8 stays visible. */
const decodeOnce = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );

/**
 * The path that a lenient server may take the target for: decoded, slashes merged, path parameters gone, lower case. Routing
 * compares it with the plain one, so that no spelling reaches an application by the route of another.
 */
export function lenientPath(target: string): string {
  const query = target.indexOf('?');
  let path = (query === -1 ? target : target.slice(0, query)).toLowerCase();
  if (plainPath.test(path)) return path;
  for (let round = 0; round <= maxDecodings; round += 1) {
    const next = decodeOnce(path);
    if (next === path) break;
    path = next.toLowerCase();
  }
  return path.replace(/;[^/]*/g, '').replace(/\/{2,}/g, '/');
}
