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

type Invitation = { readonly ticket: string; readonly name: string };

/** `<ticket>/<name>`, the name percent-encoded; undefined when something of it is missing. */
function readInvitation(fragment: string): Invitation | undefined {
  const [, ticket = '', encoded = ''] = /^([\w-]+)\/(.+)$/.exec(fragment) ?? [];
  try {
    const name = decodeURIComponent(encoded);
    return name === '' ? undefined : { ticket, name };
  } catch {
    return undefined;
  }
}

/** The link of `admin recover` leads here: a new password for the one user it names, then a new enrolment. */
export function Page({ state }: { state: OwnerState }) {
  const { t } = useTexts();
  const [invitation] = useState(() => readInvitation(takeFragment()));
  const [next, setNext] = useState<Step>();
  if (invitation === undefined) {
    return (
      <Card title={t('portal.recover.title')}>
        <Message tone="attention">{t('portal.owner.no-ticket')}</Message>
      </Card>
    );
  }
  if (next !== undefined) return <Procedure state={state} first={next} name={invitation.name} />;
  return (
    <RecoverForm
      invitation={invitation}
      minimum={state.minimumPasswordLength}
      onAnswer={(answer) => setNext(stepAfter(answer))}
    />
  );
}

type RecoverFormProps = {
  readonly invitation: Invitation;
  readonly minimum: number | undefined;
  readonly onAnswer: (answer: SignInAnswer) => void;
};

function RecoverForm({ invitation: { ticket, name }, minimum, onAnswer }: RecoverFormProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const weak = problem?.code === 'password-too-weak';

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    const body: OwnerBody = { ticket, username: name, password };
    run(async () => onAnswer(await call<SignInAnswer>('POST', 'owner', body)));
  }

  return (
    <Card title={t('portal.recover.title')}>
      <p>{t('portal.recover.lead', { name })}</p>
      <form className="form" onSubmit={submit}>
        {problem !== undefined && !weak && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        {/* For password managers, which store a password with its name. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <PasswordField
          name="password"
          label={t('portal.password.next')}
          autoComplete="new-password"
          autoFocus
          minLength={minimum}
          description={minimum === undefined ? undefined : t('portal.password.minimum', { count: minimum })}
          error={weak ? describeProblem(problem, t) : undefined}
        />
        <Submit label={t('portal.recover.submit')} busyLabel={t('portal.password.busy')} busy={busy} />
      </form>
    </Card>
  );
}
