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
    const value = rawHeaders[index + 1] ?? '';
    switch (name.length) {
      case 6:
        if (is(name, 'expect')) form = { ...form, expects: httpVersionMinor >= 1 };
        break;
      case 14:
        if (is(name, 'content-length')) {
          form = {
            ...form,
            length: value,
            malformed: form.malformed || !Number.isSafeInteger(Number(value)),
          };
        } else if (is(name, 'service-worker')) form = { ...form, serviceWorker: true };
        break;
      case 17:
        if (is(name, 'transfer-encoding')) {
          const known = value.toLowerCase() === 'chunked' && httpVersionMinor === 1 && !form.chunked;
          form = { ...form, chunked: known, malformed: form.malformed || !known };
        }
        break;
    }
  }
  return form;
}

/** By its first letter before anything else, which is enough for nearly all others. */
const is = (name: string, lower: string): boolean =>
  (name.charCodeAt(0) | 0x20) === lower.charCodeAt(0) && name.toLowerCase() === lower;

/** Whether a body is announced; an empty one may be. */
export const hasBody = (form: RequestForm): boolean =>
  form.chunked || form.malformed || (form.length !== undefined && form.length !== '0');
