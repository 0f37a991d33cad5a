import { useEffect, useState } from 'react';
import type { AppSetupAnswer, OfferedMethodAnswer, StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { AppSetup } from '../parts/app-setup.tsx';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { Failure } from '../parts/failure.tsx';
import { useAction } from '../parts/use-action.ts';
import { Waiting } from '../parts/waiting.tsx';
import { useTexts } from '../texts.tsx';

type EnrolStepProps = {
  readonly methods: readonly OfferedMethodAnswer[];
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** Binding an authenticator app: its key, then a first code that proves it. */
export function EnrolStep({ methods, onAnswer, onProblem }: EnrolStepProps) {
  const { t } = useTexts();
  const { problem, run } = useAction();
  const [setup, setSetup] = useState<AppSetupAnswer>();
  const offered = methods.some(({ id }) => id === 'app');

  const begin = (): void =>
    run(async () => setSetup(await call<AppSetupAnswer>('POST', 'enrol/app')), onProblem);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one key for each time this step begins.
  useEffect(() => {
    if (offered) begin();
  }, [offered]);

  return (
    <Card title={t('portal.enrol.title')}>
      {!offered && <p>{t('portal.enrol.unavailable')}</p>}
      {offered && setup === undefined && problem === undefined && <Waiting />}
      {setup === undefined && problem !== undefined && <Failure problem={problem} onAgain={begin} />}
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
    </Card>
  );
}
