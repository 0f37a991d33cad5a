import { TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { OwnerBody, OwnerState, SignInAnswer, SignInBody } from '../../../portal/index.ts';
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

type Invitation = {
  /** Whether accepting makes the account. */
  readonly newAccount: boolean;
  readonly ticket: string;
  readonly name: string;
};

/** `new` or `own`, then `/<ticket>/<name>`, the name percent-encoded; undefined when something of it is missing. */
function readInvitation(fragment: string): Invitation | undefined {
  const [, kind = '', ticket = '', encoded = ''] = /^(new|own)\/([\w-]+)\/(.+)$/.exec(fragment) ?? [];
  try {
    const name = decodeURIComponent(encoded);
    return name === '' ? undefined : { newAccount: kind === 'new', ticket, name };
  } catch {
    return undefined;
  }
}

/** An invitation to administer leads here: whoever it names proves to be that, with a second factor, and has the role. */
export function Page({ state }: { state: OwnerState }) {
  const { t } = useTexts();
  const [invitation] = useState(() => readInvitation(takeFragment()));
  const [next, setNext] = useState<Step>();
  if (invitation === undefined) {
    return (
      <Card title={t('portal.invitation.title')}>
        <Message tone="attention">{t('portal.invitation.no-ticket')}</Message>
      </Card>
    );
  }
  if (next !== undefined) return <Procedure state={state} first={next} name={invitation.name} />;
  return (
    <InvitationForm
      invitation={invitation}
      minimum={state.minimumPasswordLength}
      onAnswer={(answer) => setNext(stepAfter(answer))}
    />
  );
}

type InvitationFormProps = {
  readonly invitation: Invitation;
  readonly minimum: number | undefined;
  readonly onAnswer: (answer: SignInAnswer) => void;
};

function InvitationForm({ invitation, minimum, onAnswer }: InvitationFormProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const { newAccount, ticket, name } = invitation;
  const weak = problem?.code === 'password-too-weak';

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get('password'));
    const displayName = String(form.get('displayName') ?? '').trim();
    const created: OwnerBody = {
      ticket,
      username: name,
      password,
      ...(displayName === '' ? {} : { displayName }),
    };
    const signedIn: SignInBody = { username: name, password, invitation: ticket };
    run(async () =>
      onAnswer(
        newAccount
          ? await call<SignInAnswer>('POST', 'owner', created)
          : await call<SignInAnswer>('POST', 'sign-in', signedIn),
      ),
    );
  }

  return (
    <Card title={t('portal.invitation.title')}>
      <p>{t(newAccount ? 'portal.invitation.lead-new' : 'portal.invitation.lead', { name })}</p>
      <form className="form" onSubmit={submit}>
        {problem !== undefined && !weak && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        {/* For password managers, which store a password with its name. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        {newAccount && (
          <TextInput
            size="md"
            name="displayName"
            label={t('portal.owner.display-name')}
            autoComplete="name"
          />
        )}
        <PasswordField
          name="password"
          label={t(newAccount ? 'portal.password.next' : 'portal.sign-in.password')}
          autoComplete={newAccount ? 'new-password' : 'current-password'}
          autoFocus
          minLength={newAccount ? minimum : undefined}
          description={
            newAccount && minimum !== undefined ? t('portal.password.minimum', { count: minimum }) : undefined
          }
          error={weak ? describeProblem(problem, t) : undefined}
        />
        <Submit label={t('portal.owner.submit')} busyLabel={t('portal.password.busy')} busy={busy} />
      </form>
    </Card>
  );
}
