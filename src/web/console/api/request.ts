import { addresses } from '../../portal/addresses.ts';
import { Problem, problemOf } from '../../portal/api.ts';

export { Problem };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** What is undefined or empty stays out of the address. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export type Asked = {
  readonly method: Method;
  /** Below `api/v1/admin/`; parts of it made with `segment`. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: object | undefined;
  /** The version that a change is a change of: `etag` of what was read. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type Answered<Value> = {
  readonly value: Value;
  /** The version of `value`, for `ifMatch`; empty where the call gives none. */
  readonly etag: string;
};

/** A key as one part of a path: `users/${segment(key)}`. */
export const segment = encodeURIComponent;

export function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? '' : `?${search}`;
}

/** The address of a call, for links and `EventSource`s. */
export function adminUrl(path: string, query: Query = {}): string {
  const search = searchOf(query);
  // A path may have a query of its own.
  return `${addresses.api}admin/${path}${path.includes('?') ? search.replace('?', '&') : search}`;
}

/** One call of the administrators' API. Throws `Problem` and, when `signal` says so, `AbortError`. */
export async function request<Value>(asked: Asked): Promise<Answered<Value>> {
  const { method, path, query = {}, body, ifMatch, signal } = asked;
  let response: Response;
  try {
    response = await fetch(adminUrl(path, query), {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'If-Match': `"${ifMatch}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem('unreachable');
  }
  if (!response.ok) throw await problemOf(response);
  const etag = /^"(.*)"$/.exec(response.headers.get('ETag') ?? '')?.[1] ?? '';
  if (response.status === 204) return { value: undefined as Value, etag };
  const type = response.headers.get('Content-Type') ?? '';
  try {
    return { value: (type.includes('json') ? await response.json() : await response.text()) as Value, etag };
  } catch {
    throw new Problem('failed');
  }
}
