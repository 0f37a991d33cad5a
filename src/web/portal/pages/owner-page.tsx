import { TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { OwnerBody, OwnerState, SignInAnswer } from '../../../portal/index.ts';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Message } from '../parts/message.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { Procedure } from '../sign-in/procedure.tsx';
import { type Step, stepAfter } from '../sign-in/step.ts';
import { takeFragment } from '../take-fragment.ts';
import { useTexts } from '../texts.tsx';

/** The first start's link leads here: it makes the owner, who then enrols like everybody. */
export function Page({ state }: { state: OwnerState }) {
  const [ticket] = useState(takeFragment);
  const [next, setNext] = useState<{ step: Step; name: string }>();
  if (next !== undefined) return <Procedure state={state} first={next.step} name={next.name} />;
  return (
    <OwnerForm
      ticket={ticket}
      minimum={state.minimumPasswordLength}
      onAnswer={(answer, name) => {
        const step = stepAfter(answer);
        if (step !== undefined) setNext({ step, name });
      }}
    />
  );
}

type OwnerFormProps = {
  readonly ticket: string;
  readonly minimum: number | undefined;
  readonly onAnswer: (answer: SignInAnswer, name: string) => void;
};

function OwnerForm({ ticket, minimum, onAnswer }: OwnerFormProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const weak = problem?.code === 'password-too-weak';
  const taken = problem?.code === 'name-taken';

  if (ticket === '') {
    return (
      <Card title={t('portal.owner.title')}>
        <Message tone="attention">{t('portal.owner.no-ticket')}</Message>
      </Card>
    );
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const username = String(form.get('username')).trim();
    const displayName = String(form.get('displayName')).trim();
    const body: OwnerBody = {
      ticket,
      username,
      password: String(form.get('password')),
      ...(displayName === '' ? {} : { displayName }),
    };
    run(async () => onAnswer(await call<SignInAnswer>('POST', 'owner', body), username));
  }

  return (
    <Card title={t('portal.owner.title')}>
      <p>{t('portal.owner.lead')}</p>
      <form className="form" onSubmit={submit}>
        {problem !== undefined && !weak && !taken && (
          <Message tone="refusal">{describeProblem(problem, t)}</Message>
        )}
        <TextInput
          size="md"
          name="username"
          label={t('portal.sign-in.name')}
          required
          withAsterisk={false}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          autoFocus
          error={taken && describeProblem(problem, t)}
          errorProps={{ role: 'alert' }}
        />
        <TextInput size="md" name="displayName" label={t('portal.owner.display-name')} autoComplete="name" />
        <PasswordField
          name="password"
          label={t('portal.sign-in.password')}
          autoComplete="new-password"
          minLength={minimum}
          description={minimum === undefined ? undefined : t('portal.password.minimum', { count: minimum })}
          error={weak ? describeProblem(problem, t) : undefined}
        />
        <Submit label={t('portal.owner.submit')} busyLabel={t('portal.owner.busy')} busy={busy} />
      </form>
    </Card>
  );
}
