import { describeProblem, useAction as usePortalAction } from '../../portal/parts/use-action.ts';
import { isCancelled } from '../api/interruption.tsx';

export { describeProblem };

/**
 * One thing at a time that may fail: `const { busy, problem, run } = useAction()`, then
 * `run(async () => { await api.send(…); notify(…); }, (problem) => …)`. Says nothing when the reader closed the dialog
 * that asked for a code.
 */
export function useAction(): ReturnType<typeof usePortalAction> {
  const action = usePortalAction();
  return {
    ...action,
    run: (work, onProblem) =>
      action.run(
        () =>
          work().catch((thrown: unknown) => {
            if (!isCancelled(thrown)) throw thrown;
          }),
        onProblem,
      ),
  };
}
