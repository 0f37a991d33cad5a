/** A response as it was read; latin1. */
export type Read = {
  /** `complete`: the message and how many bytes it took. `more`: it isn't over. `invalid`: it can't be read. */
  readonly verdict: 'complete' | 'more' | 'invalid';
  readonly status?: number;
  readonly fields?: readonly string[];
  readonly body?: string;
  readonly trailers?: readonly string[];
  readonly used?: number;
};

const invalid: Read = { verdict: 'invalid' };
const more: Read = { verdict: 'more' };

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const line =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*((?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)[\t ]*$/;

/**
 * Reads one response, given all bytes there will ever be, the slow and obvious way: by lines and expressions, where the
 * parser goes byte by byte. `closed`: the server has said its last. What is cut off in the middle is `more`.
 */
export function readReference(text: string, toHead: boolean, closed: boolean): Read {
  let at = 0;
  for (;;) {
    const head = readBlock(text.slice(at), true);
    if (head === undefined) return more;
    if (head === 'invalid') return invalid;
    at += head.used;
    const [, minor, code] = statusLine.exec(head.first ?? '') ?? [];
    const status = Number(code);
    const lengths = valuesOf(head.fields, 'content-length');
    const codings = valuesOf(head.fields, 'transfer-encoding');
    if (status === 101 || lengths.length + codings.length > 1) return invalid;
    const [length] = lengths;
    const [coding] = codings;
    if (length !== undefined && !(/^\d{1,16}$/.test(length) && Number(length) <= Number.MAX_SAFE_INTEGER))
      return invalid;
    if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || minor === '0')) return invalid;
    if ((status < 200 || status === 204) && (coding !== undefined || Number(length ?? 0) > 0)) return invalid;
    if (status < 200) continue;
    const done = (body: string, trailers: readonly string[], used: number): Read => ({
      verdict: 'complete',
      status,
      fields: head.fields,
      body,
      trailers,
      used,
    });
    if (toHead || status === 204 || status === 304) return done('', [], at);
    if (length !== undefined) {
      const size = Number(length);
      return text.length - at < size ? more : done(text.slice(at, at + size), [], at + size);
    }
    if (coding === undefined) return closed ? done(text.slice(at), [], text.length) : more;
    return readChunks(text, at, done);
  }
}

function readChunks(
  text: string,
  start: number,
  done: (body: string, trailers: readonly string[], used: number) => Read,
): Read {
  let at = start;
  let body = '';
  for (;;) {
    const end = text.indexOf('\r\n', at);
    const written = end === -1 ? text.slice(at) : text.slice(at, end);
    const size = /^([0-9A-Fa-f]{1,13})(?:;[\t\x20-\x7e\x80-\xff]{0,1024})?$/.exec(written);
    if (end === -1)
      return /^(?:|[0-9A-Fa-f]{1,13}(?:;[\t\x20-\x7e\x80-\xff]{0,1024})?\r?)$/.test(written) ? more : invalid;
    if (size === null) return invalid;
    at = end + 2;
    const bytes = Number.parseInt(size[1] ?? '', 16);
    if (bytes === 0) break;
    if (text.length - at < bytes) return more;
    body += text.slice(at, at + bytes);
    at += bytes;
    const after = text.slice(at, at + 2);
    if (after !== '\r\n') return '\r\n'.startsWith(after) ? more : invalid;
    at += 2;
  }
  const trailer = readBlock(text.slice(at), false);
  if (trailer === undefined) return more;
  if (trailer === 'invalid') return invalid;
  return done(body, trailer.fields, at + trailer.used);
}

type Block = { first?: string; fields: string[]; used: number };

/** Lines up to the empty one; undefined while there is none and nothing is wrong with what is there. */
function readBlock(text: string, withStatus: boolean): Block | 'invalid' | undefined {
  const fields: string[] = [];
  let first: string | undefined;
  let at = 0;
  for (;;) {
    const end = text.indexOf('\r\n', at);
    if (end === -1) return mayGoOn(text.slice(at), withStatus && first === undefined) ? undefined : 'invalid';
    const content = text.slice(at, end);
    at = end + 2;
    if (withStatus && first === undefined) {
      if (!statusLine.test(content)) return 'invalid';
      first = content;
    } else if (content === '') {
      return { ...(first === undefined ? {} : { first }), fields, used: at };
    } else {
      const [, name, value] = line.exec(content) ?? [];
      if (name === undefined || value === undefined) return 'invalid';
      fields.push(name, value);
    }
  }
}

/** Whether the beginning of a line can still become one. */
function mayGoOn(beginning: string, isStatus: boolean): boolean {
  if (beginning.endsWith('\r')) {
    const content = beginning.slice(0, -1);
    return isStatus ? statusLine.test(content) : content === '' || line.test(content);
  }
  if (!isStatus) return /^(?:|[!#$%&'*+.^_`|~0-9A-Za-z-]+(?::[\t\x20-\x7e\x80-\xff]*)?)$/.test(beginning);
  const shape = 'HTTP/1.1 200 ';
  for (let index = 0; index < beginning.length; index += 1) {
    const character = beginning.charAt(index);
    const fits =
      index === 7
        ? /[01]/.test(character)
        : index === 9
          ? /[1-5]/.test(character)
          : index === 10 || index === 11
            ? /\d/.test(character)
            : index > 12
              ? /[\t\x20-\x7e\x80-\xff]/.test(character)
              : character === shape.charAt(index);
    if (!fits) {
      // The status is judged as a whole.
      return index === 9 && /[06-9]/.test(character) && /^\d{0,2}$/.test(beginning.slice(9));
    }
  }
  return true;
}

function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.filter((_, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === name);
}
