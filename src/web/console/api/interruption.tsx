import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { CodeDialog } from './code-dialog.tsx';
import { Problem } from './request.ts';
import { SignInDialog } from './sign-in-dialog.tsx';

/**
 * What stands between a click and its answer: a code that has to be typed anew, or a session that has ended. The call
 * waits meanwhile, so that nothing typed is lost, and is made again afterwards.
 */

type Reason = 'code' | 'sign-in';
type Waiting = { readonly reason: Reason; readonly end: (over: boolean) => void };

const reasons: Readonly<Record<string, Reason>> = {
  'fresh-code-required': 'code',
  'sign-in-required': 'sign-in',
};

type Resume = <Result>(work: () => Promise<Result>) => Promise<Result>;

const InterruptionContext = createContext<Resume | null>(null);

/** Does `work`, again once its reader has done what it asked for. Rejects with Problem `cancelled` if they gave no code. */
export function useResume(): Resume {
  const resume = useContext(InterruptionContext);
  if (resume === null) throw new Error('useResume outside InterruptionProvider');
  return resume;
}

/** Whether the reader themselves said no: nothing to tell them. */
export const isCancelled = (thrown: unknown): boolean =>
  thrown instanceof Problem && thrown.code === 'cancelled';

export function InterruptionProvider({ children }: { readonly children: ReactNode }) {
  const [waiting, setWaiting] = useState<Waiting>();
  /** Several calls at once wait for one dialog. */
  const open = useRef<Promise<boolean>>(undefined);

  const ask = useCallback((reason: Reason): Promise<boolean> => {
    open.current ??= new Promise<boolean>((end) => setWaiting({ reason, end })).finally(() => {
      open.current = undefined;
      setWaiting(undefined);
    });
    return open.current;
  }, []);

  const resume = useCallback<Resume>(
    async (work) => {
      for (;;) {
        try {
          return await work();
        } catch (thrown) {
          const reason = thrown instanceof Problem ? reasons[thrown.code] : undefined;
          if (reason === undefined) throw thrown;
          if (!(await ask(reason))) throw reason === 'code' ? new Problem('cancelled') : thrown;
        }
      }
    },
    [ask],
  );

  return (
    <InterruptionContext value={resume}>
      {children}
      {waiting?.reason === 'code' && (
        <CodeDialog onDone={() => waiting.end(true)} onCancel={() => waiting.end(false)} />
      )}
      {waiting?.reason === 'sign-in' && (
        <SignInDialog onDone={() => waiting.end(true)} onCancel={() => waiting.end(false)} />
      )}
    </InterruptionContext>
  );
}
