import type { FormEvent } from 'react';
import type { ChangePasswordBody } from '../../../portal/index.ts';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Message } from '../parts/message.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type PasswordViewProps = {
  readonly name: string;
  readonly minimum: number | undefined;
  readonly onChanged: () => void;
  readonly onCancel: () => void;
};

/** Changes a local user's password. */
export function PasswordView({ name, minimum, onChanged, onCancel }: PasswordViewProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const text = problem && describeProblem(problem, t);
  const wrongCurrent = problem?.code === 'wrong-password';
  const wrongNext = problem?.code === 'password-too-weak' || problem?.code === 'password-unchanged';

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body: ChangePasswordBody = { current: String(form.get('current')), next: String(form.get('next')) };
    run(async () => {
      await call('POST', 'account/password', body);
      onChanged();
    });
  }

  return (
    <Card title={t('portal.account.change-password')}>
      <form className="form" onSubmit={submit}>
        {text !== undefined && !wrongCurrent && !wrongNext && <Message tone="refusal">{text}</Message>}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <PasswordField
          name="current"
          label={t('portal.password.current')}
          autoComplete="current-password"
          autoFocus
          error={wrongCurrent ? text : undefined}
        />
        <PasswordField
          name="next"
          label={t('portal.password.next')}
          autoComplete="new-password"
          minLength={minimum}
          description={minimum === undefined ? undefined : t('portal.password.minimum', { count: minimum })}
          error={wrongNext ? text : undefined}
        />
        <Submit label={t('portal.password.submit')} busyLabel={t('portal.password.busy')} busy={busy} />
      </form>
      <button type="button" className="plain link" onClick={onCancel}>
        {t('portal.cancel')}
      </button>
    </Card>
  );
}
