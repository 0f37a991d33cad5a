import { useCallback, useEffect, useRef, useState } from 'react';
import { isCancelled } from './interruption.tsx';
import type { Problem, Query } from './request.ts';
import type { Api } from './use-api.ts';
import { asProblem } from './use-load.ts';

export type Page<Item> = { readonly items: readonly Item[]; readonly next?: string | undefined };

export type Pages<Item> = {
  /** Everything fetched so far, in order. */
  readonly items: readonly Item[];
  /** The first page isn't there yet. */
  readonly loading: boolean;
  readonly loadingMore: boolean;
  /** Whether there is more than `items`. */
  readonly more: boolean;
  readonly problem: Problem | undefined;
  readonly loadMore: () => void;
  /** From the first page on; what is shown stays meanwhile. */
  readonly reload: () => void;
  /** Puts one item right after a change, without asking for the list again. */
  readonly update: (change: (item: Item) => Item | undefined) => void;
};

type State<Item> = {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
  readonly busy: 'first' | 'more' | undefined;
  readonly problem?: Problem | undefined;
};

/**
 * A list by pages: `const users = usePages<User>(api, 'users', { search })`. Begins anew when the query changes, and
 * keeps what is shown until the answer is there, so that a search as one types doesn't flicker. Give it to `DataTable`.
 */
export function usePages<Item>(api: Api, path: string, query: Query = {}): Pages<Item> {
  const key = `${path} ${JSON.stringify(query)}`;
  const [state, setState] = useState<State<Item>>({ items: [], busy: 'first' });
  const [round, setRound] = useState(0);
  const abort = useRef<AbortController>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says what path and query hold.
  const fetchPage = useCallback(
    (after: string | undefined, first = after === undefined) => {
      abort.current?.abort();
      const controller = new AbortController();
      abort.current = controller;
      setState((before) => ({ ...before, busy: first ? 'first' : 'more', problem: undefined }));
      api.get<Page<Item>>(path, { ...query, after }, controller.signal).then(
        ({ items, next }) => {
          if (controller.signal.aborted) return;
          // A filter looks at so many at once: nothing found yet doesn't mean that there is nothing.
          if (items.length === 0 && next !== undefined) {
            fetchPage(next, first);
            return;
          }
          setState((before) => ({
            items: first ? items : [...before.items, ...items],
            next,
            busy: undefined,
          }));
        },
        (thrown: unknown) => {
          if (controller.signal.aborted) return;
          setState((before) => ({
            ...before,
            busy: undefined,
            problem: isCancelled(thrown) ? undefined : asProblem(thrown),
          }));
        },
      );
    },
    [api, key],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks for it again.
  useEffect(() => {
    fetchPage(undefined);
    return () => abort.current?.abort();
  }, [fetchPage, round]);

  const { items, next, busy, problem } = state;
  return {
    items,
    loading: busy === 'first',
    loadingMore: busy === 'more',
    more: next !== undefined,
    problem,
    loadMore: () => busy === undefined && next !== undefined && fetchPage(next),
    reload: useCallback(() => setRound((before) => before + 1), []),
    update: useCallback(
      (change) =>
        setState((before) => ({
          ...before,
          items: before.items.flatMap((item) => {
            const changed = change(item);
            return changed === undefined ? [] : [changed];
          }),
        })),
      [],
    ),
  };
}
