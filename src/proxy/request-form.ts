import type { IncomingMessage } from 'node:http';

/** What a request says of its body, and what else of it decides how it is carried; read from it in one pass. */
export type RequestForm = {
  /** Digits; undefined when there is no `Content-Length`. */
  readonly length: string | undefined;
  /** The body comes in chunks. */
  readonly chunked: boolean;
  /** Its transfer coding can't be re-framed, or its length not be counted. */
  readonly malformed: boolean;
  /** `Expect: 100-continue`: the client waits to be asked for the body. */
  readonly expects: boolean;
  /** It asks for the script of a service worker. */
  readonly serviceWorker: boolean;
};

/** Headers by which all this is said, in the spellings that are usual. */
const names = ['Content-Length', 'Transfer-Encoding', 'Expect', 'Service-Worker'] as const;
type Name = Lowercase<(typeof names)[number]>;
const usual: ReadonlyMap<string, Name> = new Map(
  names.flatMap((name): [string, Name][] => [
    [name, name.toLowerCase() as Name],
    [name.toLowerCase(), name.toLowerCase() as Name],
  ]),
);

/** Nothing of all this. */
export const bodiless: RequestForm = {
  length: undefined,
  chunked: false,
  malformed: false,
  expects: false,
  serviceWorker: false,
};

/**
 * Node's parser has refused two lengths, and a length beside a coding (RFC 9112 section 6.3). It takes lengths up to 2^64,
 * which are negative to some servers and infinite to others: nobody is given one that can't be counted exactly.
 */
export function formOf({ rawHeaders, httpVersionMinor }: IncomingMessage): RequestForm {
  let form = bodiless;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const which = usual.get(name) ?? (lengths.has(name.length) ? usual.get(name.toLowerCase()) : undefined);
    if (which === undefined) continue;
    const value = rawHeaders[index + 1] ?? '';
    if (which === 'content-length') {
      form = { ...form, length: value, malformed: form.malformed || !Number.isSafeInteger(Number(value)) };
    } else if (which === 'expect') form = { ...form, expects: httpVersionMinor >= 1 };
    else if (which === 'service-worker') form = { ...form, serviceWorker: true };
    else {
      const known = value.toLowerCase() === 'chunked' && httpVersionMinor === 1 && !form.chunked;
      form = { ...form, chunked: known, malformed: form.malformed || !known };
    }
  }
  return form;
}

const lengths: ReadonlySet<number> = new Set(names.map((name) => name.length));

/** Whether a body is announced; an empty one may be. */
export const hasBody = (form: RequestForm): boolean =>
  form.chunked || form.malformed || (form.length !== undefined && form.length !== '0');
