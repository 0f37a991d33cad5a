import type { FormEvent } from 'react';
import type { StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type ChangePasswordStepProps = {
  readonly username: string;
  readonly minimum: number | undefined;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** An initial password has to be replaced before the session begins. */
export function ChangePasswordStep({ username, minimum, onAnswer, onProblem }: ChangePasswordStepProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    run(async () => onAnswer(await call<StepAnswer>('POST', 'sign-in/password', { password })), onProblem);
  }

  return (
    <Card title={t('portal.password.title')}>
      <p>{t('portal.password.lead')}</p>
      <form className="form" onSubmit={submit}>
        {/* For password managers, which store a password with its name. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordField
          name="password"
          label={t('portal.password.next')}
          autoComplete="new-password"
          autoFocus
          minLength={minimum}
          description={minimum === undefined ? undefined : t('portal.password.minimum', { count: minimum })}
          error={problem && describeProblem(problem, t)}
        />
        <Submit label={t('portal.password.submit')} busyLabel={t('portal.password.busy')} busy={busy} />
      </form>
    </Card>
  );
}
