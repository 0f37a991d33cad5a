import { useMemo } from 'react';
import { useConsole } from '../frame/console-context.tsx';
import { useResume } from './interruption.tsx';
import { type Answered, type Asked, type Method, type Query, request } from './request.ts';

export type Api = {
  /** Reads something. Rejects with `Problem`. */
  readonly get: <Value>(path: string, query?: Query, signal?: AbortSignal) => Promise<Value>;
  /** Reads one thing with its version, to change it later. */
  readonly read: <Value>(path: string, query?: Query) => Promise<Answered<Value>>;
  /**
   * Changes something. Asks for a code in place where one is needed; rejects with Problem `cancelled` (see `isCancelled`)
   * when the reader would rather not, and with `changed-meanwhile` when `ifMatch` is no longer the version.
   */
  readonly send: <Value = undefined>(
    method: Exclude<Method, 'GET'>,
    path: string,
    options?: Pick<Asked, 'body' | 'query' | 'ifMatch'>,
  ) => Promise<Value>;
  /** The same, with the new version. */
  readonly change: <Value = undefined>(
    method: Exclude<Method, 'GET'>,
    path: string,
    options?: Pick<Asked, 'body' | 'query' | 'ifMatch'>,
  ) => Promise<Answered<Value>>;
};

/**
 * The administrators' API, below `api/v1/admin/`: `const api = useApi()`, then `await api.get<UsersAnswer>('users')`.
 * Calls are about the subscription that the reader has chosen; calls with `scope: 'site'` are made by `useApi('site')`.
 * The object stays the same until the subscription changes, so it may stand in dependencies.
 */
export function useApi(scope: 'subscription' | 'site' = 'subscription'): Api {
  const { subscription } = useConsole();
  const resume = useResume();
  return useMemo(() => {
    const about = scope === 'site' ? {} : { subscription: subscription.id };
    const ask = <Value>(asked: Asked): Promise<Answered<Value>> =>
      resume(() => request<Value>({ ...asked, query: { ...asked.query, ...about } }));
    return {
      get: async <Value>(path: string, query?: Query, signal?: AbortSignal) =>
        (await ask<Value>({ method: 'GET', path, query, signal })).value,
      read: (path, query) => ask({ method: 'GET', path, query }),
      send: async <Value>(
        method: Exclude<Method, 'GET'>,
        path: string,
        options: Pick<Asked, 'body' | 'query' | 'ifMatch'> = {},
      ) => (await ask<Value>({ method, path, ...options })).value,
      change: (method, path, options = {}) => ask({ method, path, ...options }),
    };
  }, [scope, subscription.id, resume]);
}
