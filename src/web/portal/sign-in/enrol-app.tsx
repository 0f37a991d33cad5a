import { type ReactNode, useEffect } from 'react';
import type { AppSetupAnswer, StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { AppSetup } from '../parts/app-setup.tsx';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { Failure } from '../parts/failure.tsx';
import { useAction } from '../parts/use-action.ts';
import { Waiting } from '../parts/waiting.tsx';
import { useTexts } from '../texts.tsx';

type EnrolAppProps = {
  /** The key, once it was made. */
  readonly setup: AppSetupAnswer | undefined;
  /** Has it made. */
  readonly begin: () => Promise<void>;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly below: ReactNode;
};

/** Binding an authenticator app: its key, then a first code that proves it. */
export function EnrolApp({ setup, begin, onAnswer, onProblem, below }: EnrolAppProps) {
  const { t } = useTexts();
  const { problem, run } = useAction();
  const start = (): void => run(begin, onProblem);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one key for each time this step begins.
  useEffect(() => {
    if (setup === undefined) start();
  }, []);

  return (
    <Card title={t('portal.enrol.title')}>
      {setup === undefined && problem === undefined && <Waiting />}
      {setup === undefined && problem !== undefined && <Failure problem={problem} onAgain={start} />}
      {setup !== undefined && (
        <>
          <AppSetup setup={setup} />
          <CodeForm
            label={t('portal.enrol.code', { count: setup.digits })}
            digits={setup.digits}
            send={(code) => call<StepAnswer>('POST', 'enrol/verify', { method: 'app', code })}
            onAnswer={onAnswer}
            onProblem={onProblem}
            autoFocus={false}
          />
        </>
      )}
      {below}
    </Card>
  );
}
