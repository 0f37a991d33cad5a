import { lazy, Suspense, useEffect, useState } from 'react';
import type { OfferedMethodAnswer, SignInAnswer, SignInState, StepAnswer } from '../../../portal/index.ts';
import { leaveFor } from '../addresses.ts';
import type { Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { isSent, type SentMethod } from '../parts/code-kind.ts';
import { loadRecoveryCodes } from '../parts/load-recovery-codes.ts';
import type { Sent } from '../parts/use-sending.ts';
import { Waiting } from '../parts/waiting.tsx';
import { useTexts } from '../texts.tsx';
import { CodeStep } from './code-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { type Step, stepAfter, stepAfterProblem } from './step.ts';
import { otherWays } from './ways.tsx';

// Rare steps come when they are needed: the everyday way stays small.
const SentCodeStep = lazy(async () => ({ default: (await import('./sent-code-step.tsx')).SentCodeStep }));
const OtherWaysStep = lazy(async () => ({ default: (await import('./other-ways-step.tsx')).OtherWaysStep }));
const LockedStep = lazy(async () => ({ default: (await import('./locked-step.tsx')).LockedStep }));
const EnrolStep = lazy(async () => ({ default: (await import('./enrol-step.tsx')).EnrolStep }));
const ClockStep = lazy(async () => ({ default: (await import('./clock-step.tsx')).ClockStep }));
const RecoveryCodes = lazy(loadRecoveryCodes);
const TermsStep = lazy(async () => ({ default: (await import('./terms-step.tsx')).TermsStep }));
const ChangePasswordStep = lazy(async () => ({
  default: (await import('./change-password-step.tsx')).ChangePasswordStep,
}));

type ProcedureProps = {
  readonly state: SignInState;
  readonly first: Step;
  /** The name the procedure is for, when it is known already. */
  readonly name?: string;
};

/** The whole way in, step by step, as the API's answers lead. */
export function Procedure({ state, first, name = '' }: ProcedureProps) {
  const { t } = useTexts();
  const [step, setStep] = useState<Step>(first);
  const [username, setUsername] = useState(name);
  /** Codes on their way in this sign-in. */
  const [sent, setSent] = useState<Partial<Record<SentMethod, Sent>>>({});

  function proceed(answer: SignInAnswer | StepAnswer): void {
    if (answer.status === 'verify') setSent({});
    setStep((from) => stepAfter(answer) ?? from);
  }
  const fail = (problem: Problem): void => setStep((from) => stepAfterProblem(problem, from) ?? from);

  const choose =
    (methods: readonly OfferedMethodAnswer[]) =>
    ({ id }: OfferedMethodAnswer): void =>
      setStep({ at: 'code', methods, method: id });

  useEffect(() => {
    if (step.at === 'done') leaveFor(step.returnTo);
  }, [step]);

  function draw() {
    switch (step.at) {
      case 'password':
        return (
          <PasswordStep
            state={state}
            username={username}
            problem={step.notice === 'too-late' ? t('portal.sign-in.too-late') : step.problem}
            onName={setUsername}
            onAnswer={proceed}
            onProblem={fail}
          />
        );
      case 'code': {
        const { methods, method } = step;
        const common = {
          onAnswer: proceed,
          onProblem: fail,
          onStuck: () => setStep({ at: 'other', methods, method }),
        };
        return isSent(method) ? (
          <SentCodeStep
            key={method}
            method={method}
            sent={sent[method]}
            onSent={(news) => setSent((known) => ({ ...known, [method]: news }))}
            others={otherWays(methods, method)}
            onChoose={choose(methods)}
            {...common}
          />
        ) : (
          <CodeStep
            key={method}
            method={methods.find(({ id }) => id === method) ?? { id: method }}
            {...common}
          />
        );
      }
      case 'other': {
        const { methods, method } = step;
        return (
          <OtherWaysStep
            methods={otherWays(methods, method)}
            onChoose={choose(methods)}
            onBack={() => setStep({ at: 'code', methods, method })}
          />
        );
      }
      case 'enrol':
        return <EnrolStep methods={step.methods} first={step.first} onAnswer={proceed} onProblem={fail} />;
      case 'change-password':
        return (
          <ChangePasswordStep
            username={username}
            needsCurrent={step.needsCurrent}
            minimum={state.minimumPasswordLength}
            onAnswer={proceed}
            onProblem={fail}
          />
        );
      case 'terms':
        return (
          <TermsStep
            key={step.version}
            version={step.version}
            text={step.text}
            onAnswer={proceed}
            onProblem={fail}
          />
        );
      case 'recovery-codes':
        return <RecoveryCodes codes={step.codes} name={username} onKept={() => setStep(step.next)} />;
      case 'clock':
        return <ClockStep offset={step.offset} onContinue={() => setStep(step.next)} />;
      case 'locked':
        return <LockedStep until={step.until} onAgain={() => setStep(step.next)} />;
      case 'done':
        return (
          <Card title={t('portal.sign-in.title')}>
            <Waiting />
          </Card>
        );
    }
  }

  return (
    <Suspense
      fallback={
        <main className="card">
          <Waiting />
        </main>
      }
    >
      {draw()}
    </Suspense>
  );
}
