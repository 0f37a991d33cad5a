import { TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Problem } from '../api.ts';
import { useTexts } from '../texts.tsx';
import { Message } from './message.tsx';
import { Submit } from './submit.tsx';
import { isInternational, tidyPhoneNumber } from './tidy-phone-number.ts';
import { describeProblem, useAction } from './use-action.ts';

type PhoneFormProps = {
  /** What was typed before, to be put right. */
  readonly typed?: string | undefined;
  /** Why it was refused then. */
  readonly refused?: Problem | undefined;
  /** Is given the number, tidied; may have a code sent there. */
  readonly onNumber: (phone: string) => Promise<void>;
  readonly onProblem?: (problem: Problem) => void;
  readonly submitLabel?: string;
};

/** Whether the number itself is wrong, rather than sending to it. */
export const isAboutNumber = ({ code }: Problem): boolean =>
  code === 'invalid-phone-number' || code === 'country-not-allowed' || code === 'invalid-request';

/** Asks for a mobile number; what was typed stays, to be put right. */
export function PhoneForm(props: PhoneFormProps) {
  const { typed = '', refused, onNumber, onProblem, submitLabel } = props;
  const { t } = useTexts();
  const { busy, problem: failed, run, forget } = useAction();
  const [incomplete, setIncomplete] = useState(0);
  const [tried, setTried] = useState(false);
  const problem = tried ? failed : refused;
  const field = useRef<HTMLInputElement>(null);
  const atField = problem !== undefined && isAboutNumber(problem);
  const text =
    problem &&
    (problem.code === 'invalid-request' ? t('portal.phone.incomplete') : describeProblem(problem, t));

  useEffect(() => {
    if (atField || incomplete > 0) field.current?.focus();
  }, [atField, incomplete]);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setTried(true);
    const phone = tidyPhoneNumber(String(new FormData(event.currentTarget).get('phone')));
    if (!isInternational(phone)) {
      forget();
      setIncomplete((times) => times + 1);
      return;
    }
    setIncomplete(0);
    run(() => onNumber(phone), onProblem);
  }

  return (
    <form className="form" onSubmit={submit} noValidate>
      {text !== undefined && !atField && <Message tone="refusal">{text}</Message>}
      <TextInput
        ref={field}
        size="md"
        type="tel"
        name="phone"
        label={t('portal.phone.field')}
        description={t('portal.phone.format')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        defaultValue={typed}
        required
        withAsterisk={false}
        maxLength={40}
        error={incomplete > 0 ? t('portal.phone.incomplete') : atField ? text : undefined}
        errorProps={{ role: 'alert' }}
        autoComplete="tel"
        inputMode="tel"
        enterKeyHint="send"
        autoFocus
      />
      <Submit
        label={submitLabel ?? t('portal.phone.submit')}
        busyLabel={t('portal.code.sending')}
        busy={busy}
      />
    </form>
  );
}
