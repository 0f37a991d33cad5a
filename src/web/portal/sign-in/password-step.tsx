import { Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef } from 'react';
import type { SignInAnswer, SignInBody, SignInState } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Message } from '../parts/message.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type PasswordStepProps = {
  readonly state: SignInState;
  /** The name typed before, when somebody comes back to this step. */
  readonly username: string;
  /** What ended the attempt before. */
  readonly problem: string | undefined;
  /** What was typed as a name; the answer or the problem follows. */
  readonly onName: (username: string) => void;
  readonly onAnswer: (answer: SignInAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** Why the reader is here, in a sentence; nothing for somebody who just came to sign in. */
function useReason({ reason, application }: SignInState): string | undefined {
  const { t } = useTexts();
  if (reason === 'expired') {
    return application === undefined
      ? t('portal.sign-in.expired')
      : t('portal.sign-in.expired-continue', { application });
  }
  if (reason === 'signed-out') return t('portal.sign-in.signed-out');
  return application === undefined ? undefined : t('portal.sign-in.continue', { application });
}

/** The first door: name and password. */
export function PasswordStep(props: PasswordStepProps) {
  const { state, username, problem: ended, onName, onAnswer, onProblem } = props;
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const reason = useReason(state);
  const password = useRef<HTMLInputElement>(null);
  const mismatch = problem?.code === 'invalid-credentials';

  useEffect(() => {
    if (!mismatch || password.current === null) return;
    password.current.value = '';
    password.current.focus();
  }, [mismatch]);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('username')).trim();
    const body: SignInBody = {
      username: name,
      password: String(form.get('password')),
      shared: form.get('shared') !== null,
      ...(state.returnTo === undefined ? {} : { returnTo: state.returnTo }),
    };
    onName(name);
    run(async () => onAnswer(await call<SignInAnswer>('POST', 'sign-in', body)), onProblem);
  }

  return (
    <Card title={t('portal.sign-in.title')}>
      {state.ready === false && problem?.code !== 'no-owner-yet' && (
        <Message tone="attention">{t('portal.sign-in.no-owner')}</Message>
      )}
      {ended !== undefined && <Message tone="attention">{ended}</Message>}
      {ended === undefined && reason !== undefined && state.ready !== false && <p>{reason}</p>}
      <form className="form" onSubmit={submit}>
        {problem !== undefined && !mismatch && problem.code !== 'locked' && (
          <Message tone="refusal">{describeProblem(problem, t)}</Message>
        )}
        <TextInput
          size="md"
          name="username"
          label={t('portal.sign-in.name')}
          defaultValue={username}
          required
          withAsterisk={false}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          autoFocus={username === ''}
          error={mismatch}
        />
        <PasswordField
          ref={password}
          name="password"
          label={t('portal.sign-in.password')}
          autoComplete="current-password"
          autoFocus={username !== ''}
          error={mismatch ? describeProblem(problem, t) : undefined}
        />
        <Checkbox
          name="shared"
          label={t('portal.sign-in.shared')}
          description={t('portal.sign-in.shared-hint')}
        />
        <Submit label={t('portal.sign-in.submit')} busyLabel={t('portal.sign-in.busy')} busy={busy} />
      </form>
    </Card>
  );
}
