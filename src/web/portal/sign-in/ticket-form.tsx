import { TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef } from 'react';
import type { Problem } from '../api.ts';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type TicketFormProps = {
  /** Begins the enrolment with the ticket. */
  readonly onTicket: (ticket: string) => Promise<void>;
  readonly onProblem: (problem: Problem) => void;
};

/** Asks for the one-time ticket without which nobody enrols here. What was typed stays, to be put right. */
export function TicketForm({ onTicket, onProblem }: TicketFormProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (problem !== undefined) field.current?.focus();
  }, [problem]);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const ticket = String(new FormData(event.currentTarget).get('ticket')).trim();
    run(() => onTicket(ticket), onProblem);
  }

  const wrong = problem?.code === 'invalid-ticket' || problem?.code === 'invalid-request';
  return (
    <form className="form" onSubmit={submit}>
      <TextInput
        ref={field}
        size="md"
        className="code grouped"
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
