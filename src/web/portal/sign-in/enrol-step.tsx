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
import { TicketForm } from './ticket-form.tsx';

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
  const [ticketAsked, setTicketAsked] = useState(false);
  const offered = methods.some(({ id }) => id === 'app');

  /** A ticket can also be asked for later: when another one was issued meanwhile. */
  function fail(failure: Problem): void {
    if (failure.code === 'ticket-required') {
      setSetup(undefined);
      setTicketAsked(true);
    } else {
      onProblem(failure);
    }
  }
  const begin = (): void => run(async () => setSetup(await call<AppSetupAnswer>('POST', 'enrol/app')), fail);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one key for each time this step begins.
  useEffect(() => {
    if (offered) begin();
  }, [offered]);

  if (ticketAsked && setup === undefined) {
    return (
      <Card key="ticket" title={t('portal.ticket.title')}>
        <p>{t('portal.ticket.lead')}</p>
        <TicketForm onSetup={setSetup} onProblem={onProblem} />
      </Card>
    );
  }
  return (
    <Card key="app" title={t('portal.enrol.title')}>
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
            onProblem={fail}
            autoFocus={false}
          />
        </>
      )}
    </Card>
  );
}
