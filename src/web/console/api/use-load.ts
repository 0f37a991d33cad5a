import { useCallback, useEffect, useState } from 'react';
import { isCancelled } from './interruption.tsx';
import { Problem } from './request.ts';

export type Loaded<Value> = {
  /** What was read last; stays while it is read again. */
  readonly value: Value | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
  /** Puts what a change answered in the place of what was read. */
  readonly replace: (value: Value) => void;
};

export const asProblem = (thrown: unknown): Problem =>
  thrown instanceof Problem ? thrown : new Problem('failed');

/**
 * Reads something when a page opens and whenever `key` changes:
 * `const users = useLoad(() => api.get<Answer>('users', query), JSON.stringify(query))`. `key` names all that `read`
 * depends on besides the subscription, for which pages begin anew by themselves.
 */
export function useLoad<Value>(read: () => Promise<Value>, key = ''): Loaded<Value> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ key: string; value?: Value; problem?: Problem; loading: boolean }>({
    key,
    loading: true,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` and `round` say when; `read` is made anew each time.
  useEffect(() => {
    let current = true;
    setState((before) => ({
      key,
      ...(before.key === key && before.value !== undefined ? { value: before.value } : {}),
      loading: true,
    }));
    read().then(
      (value) => current && setState({ key, value, loading: false }),
      (thrown: unknown) => {
        if (!current) return;
        setState((before) => ({
          ...before,
          loading: false,
          ...(isCancelled(thrown) ? {} : { problem: asProblem(thrown) }),
        }));
      },
    );
    return () => {
      current = false;
    };
  }, [key, round]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  const replace = useCallback((value: Value) => setState({ key, value, loading: false }), [key]);
  return { value: state.value, problem: state.problem, loading: state.loading, reload, replace };
}
