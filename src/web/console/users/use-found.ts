import { useEffect, useState } from 'react';
import { isCancelled } from '../api/interruption.tsx';
import type { Problem } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { asProblem } from '../api/use-load.ts';

/** Milliseconds without a key, until the directories are asked. */
const pause = 250;

type Answer<Item> = { readonly items: readonly Item[]; readonly unavailable: readonly string[] };

export type Found<Item> = Answer<Item> & {
  readonly searching: boolean;
  /** Asked, and there is none. */
  readonly nobody: boolean;
  readonly problem: Problem | undefined;
};

const nothing = { items: [], unavailable: [], searching: false, nobody: false, problem: undefined };

/** Users or groups of the directories whose names begin as is typed; of one directory where it is named. */
export function useFound<Item>(kind: 'users' | 'groups', typed: string, directory = ''): Found<Item> {
  const api = useApi();
  const q = typed.trim();
  const [found, setFound] = useState<Found<Item>>(nothing);

  useEffect(() => {
    if (q === '') {
      setFound(nothing);
      return;
    }
    const controller = new AbortController();
    setFound((before) => ({ ...before, searching: true, nobody: false }));
    const timer = setTimeout(() => {
      api.get<Answer<Item>>(`pickers/${kind}`, { q, directory }, controller.signal).then(
        (answer) =>
          !controller.signal.aborted &&
          setFound({ ...nothing, ...answer, nobody: answer.items.length === 0 }),
        (thrown: unknown) =>
          !controller.signal.aborted &&
          setFound({ ...nothing, problem: isCancelled(thrown) ? undefined : asProblem(thrown) }),
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [api, kind, q, directory]);
  return found;
}
