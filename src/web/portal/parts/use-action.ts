import { useCallback, useRef, useState } from 'react';
import { Problem } from '../api.ts';
import type { Translate } from '../texts.tsx';

/** What people are told of a problem: the server's words, or ours where it had no say. */
export function describeProblem(problem: Problem, t: Translate): string {
  if (problem.code === 'unreachable') return t('portal.unreachable');
  return problem.detail ?? t('portal.failed');
}

type Action = {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  /** Runs `work` unless one is running; a Problem it throws is kept, and given to `onProblem`. */
  readonly run: (work: () => Promise<void>, onProblem?: (problem: Problem) => void) => void;
  readonly forget: () => void;
};

/** One thing at a time that may fail: a form's submission. */
export function useAction(): Action {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const run = useCallback<Action['run']>((work, onProblem) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem(undefined);
    work()
      .catch((thrown: unknown) => {
        const failure = thrown instanceof Problem ? thrown : new Problem('failed');
        setProblem(failure);
        onProblem?.(failure);
      })
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  }, []);
  const forget = useCallback(() => setProblem(undefined), []);
  return { busy, problem, run, forget };
}
