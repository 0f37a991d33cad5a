import type { FormEvent } from 'react';
import type { NewPasswordBody, StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type ChangePasswordStepProps = {
  readonly username: string;
  /** Of a directory: it wants the old password with the new one. */
  readonly needsCurrent: boolean;
  readonly minimum: number | undefined;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** An initial or expired password has to be replaced before the session begins. */
export function ChangePasswordStep({
  username,
  needsCurrent,
  minimum,
  onAnswer,
  onProblem,
}: ChangePasswordStepProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const text = problem && describeProblem(problem, t);
  const wrongCurrent = problem?.code === 'wrong-password';

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body: NewPasswordBody = {
      password: String(form.get('password')),
      ...(needsCurrent ? { current: String(form.get('current')) } : {}),
    };
    run(async () => onAnswer(await call<StepAnswer>('POST', 'sign-in/password', body)), onProblem);
  }

  return (
    <Card title={t('portal.password.title')}>
      <p>{t(needsCurrent ? 'portal.password.expired' : 'portal.password.lead')}</p>
      <form className="form" onSubmit={submit}>
        {/* For password managers, which store a password with its name. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        {needsCurrent && (
          <PasswordField
            name="current"
            label={t('portal.password.current')}
            autoComplete="current-password"
            autoFocus
            error={wrongCurrent ? text : undefined}
          />
        )}
        <PasswordField
          name="password"
          label={t('portal.password.next')}
          autoComplete="new-password"
          autoFocus={!needsCurrent}
          minLength={minimum}
          description={minimum === undefined ? undefined : t('portal.password.minimum', { count: minimum })}
          error={wrongCurrent ? undefined : text}
        />
        <Submit label={t('portal.password.submit')} busyLabel={t('portal.password.busy')} busy={busy} />
      </form>
    </Card>
  );
}
