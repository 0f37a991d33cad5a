import { TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef } from 'react';
import type { AppSetupAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type TicketFormProps = {
  readonly onSetup: (setup: AppSetupAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** Asks for the one-time ticket without which nobody enrols here. What was typed stays, to be put right. */
export function TicketForm({ onSetup, onProblem }: TicketFormProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (problem !== undefined) field.current?.focus();
  }, [problem]);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const ticket = String(new FormData(event.currentTarget).get('ticket')).trim();
    run(async () => onSetup(await call<AppSetupAnswer>('POST', 'enrol/app', { ticket })), onProblem);
  }

  const wrong = problem?.code === 'invalid-ticket' || problem?.code === 'invalid-request';
  return (
    <form className="form" onSubmit={submit}>
      <TextInput
        ref={field}
        size="md"
        className="code recovery"
        name="ticket"
        label={t('portal.ticket.field')}
        required
        withAsterisk={false}
        maxLength={128}
        error={wrong ? t('portal.ticket.wrong') : problem && describeProblem(problem, t)}
        errorProps={{ role: 'alert' }}
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
        autoFocus
      />
      <Submit label={t('portal.continue')} busyLabel={t('portal.code.busy')} busy={busy} />
    </form>
  );
}
