import type { IncomingMessage } from 'node:http';

/** Characters, so that a proxy in front takes the answer: the likeliest places come first, an attacker's may be left. */
const mostTold = 4_000;

/**
 * `Set-Cookie` values that make a browser forget every cookie of these names that it has sent more than once. Without
 * HTTPS an application's page, or a page on another port, can plant one beside ours, and every request is refused
 * until somebody empties the browser. A planted one can have been made for any path and domain that this request
 * matches (RFC 6265 sections 5.1.3 and 5.1.4), so each of those is told. It signs out, and can do no more.
 */
export function forgetDoubled(
  { rawHeaders, url = '/' }: IncomingMessage,
  names: readonly string[],
  secure: boolean,
): string[] {
  const sent = cookieNamesOf(rawHeaders);
  const doubled = names.filter((name) => sent.filter((each) => isSame(each, name)).length > 1);
  const spellings = [...new Set(sent.filter((each) => doubled.some((name) => isSame(each, name))))];
  if (spellings.length === 0) return [];
  const places = pathsTo(url).flatMap((path) =>
    [undefined, ...domainsOf(hostOf(rawHeaders))].map((domain) => ({ path, domain })),
  );
  const lines = spellings.flatMap((name) =>
    places.map(({ path, domain }) =>
      [
        `${name}=`,
        `Path=${path}`,
        ...(domain === undefined ? [] : [`Domain=${domain}`]),
        ...(secure ? ['Secure'] : []),
        'Max-Age=0',
      ].join('; '),
    ),
  );
  let told = 0;
  return lines.filter((line) => {
    told += line.length;
    return told <= mostTold;
  });
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** As spelled, without those that are no cookie names (RFC 6265 section 4.1.1) and would break out of a header. */
const cookieNamesOf = (rawHeaders: readonly string[]): string[] =>
  valuesOf(rawHeaders, 'cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => (pair.split('=', 1)[0] ?? '').trim())
    .filter((name) => /^[\w-]+$/.test(name));

const valuesOf = (rawHeaders: readonly string[], wanted: string): string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);

const hostOf = (rawHeaders: readonly string[]): string =>
  (valuesOf(rawHeaders, 'host')[0] ?? '').toLowerCase().replace(/:\d+$/, '');

/** The host and what stands above it, as far as a browser would set a cookie for it; none for an address. */
function domainsOf(host: string): string[] {
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host)) return [];
  const labels = host.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** `/`, `/a`, `/a/`, `/a/b` … up to the path itself, in the very spelling of the request. */
function pathsTo(url: string): string[] {
  const path = url.split(/[?#]/, 1)[0] ?? '/';
  if (!/^\/[\w%./~!$&'()*+,=:@-]*$/.test(path)) return ['/'];
  const folders = path.split('/').slice(1, 20);
  const paths = folders.flatMap((_, index) => {
    const until = `/${folders.slice(0, index + 1).join('/')}`;
    return [until, `${until}/`];
  });
  return [...new Set(['/', ...paths.filter((each) => path === each || path.startsWith(each))])];
}
