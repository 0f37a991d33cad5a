import { type FormEvent, type ReactNode, useState } from 'react';
import type { Problem } from '../api.ts';
import { useTexts } from '../texts.tsx';
import { CodeField, withoutSpaces } from './code-field.tsx';
import { type CodeKind, isGrouped } from './code-kind.ts';
import { describeCodeProblem, malformedCode } from './code-problem.ts';
import { Message } from './message.tsx';
import { Submit } from './submit.tsx';
import { useAction } from './use-action.ts';

type CodeFormProps<Answer> = {
  readonly label: string;
  readonly kind?: CodeKind;
  readonly digits?: number | undefined;
  /** Sends the code, in the form the API takes. */
  readonly send: (code: string) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  readonly onProblem?: (problem: Problem) => void;
  readonly submitLabel?: string;
  readonly destructive?: boolean;
  readonly autoFocus?: boolean;
  /** Changes when another code is on its way: what was typed of the old one is over. */
  readonly attention?: number;
  /** Between the field and the button. */
  readonly children?: ReactNode;
};

const asksAgain = (answer: unknown): answer is { status: 'confirm-drift' } =>
  typeof answer === 'object' && answer !== null && 'status' in answer && answer.status === 'confirm-drift';

/**
 * Asks for one code: checks its form before it costs a try, sends it with its last digit, and asks for the next
 * one when the device's clock looks off.
 */
export function CodeForm<Answer>(props: CodeFormProps<Answer>) {
  const { label, digits, kind = 'app', send, onAnswer, onProblem, attention, children } = props;
  const { t, locale } = useTexts();
  const { busy, problem, run, forget } = useAction();
  const [code, setCode] = useState('');
  const [malformed, setMalformed] = useState<string>();
  const [drifting, setDrifting] = useState(false);
  const [seen, setSeen] = useState(attention);

  if (attention !== seen) {
    setSeen(attention);
    setCode('');
    setMalformed(undefined);
    forget();
  }

  function submit(typed: string): void {
    const wrongForm = malformedCode(typed, { kind, digits }, t);
    setMalformed(wrongForm);
    if (wrongForm !== undefined) {
      forget();
      return;
    }
    run(
      async () => {
        const answer = await send(typed);
        if (!asksAgain(answer)) return onAnswer(answer);
        setDrifting(true);
        setCode('');
      },
      (failure) => {
        if (failure.code !== 'unreachable') setCode('');
        onProblem?.(failure);
      },
    );
  }

  function submitForm(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    submit(isGrouped(kind) ? code.trim() : withoutSpaces(code));
  }

  return (
    <form className="form" onSubmit={submitForm} noValidate>
      {drifting && <Message tone="attention">{t('portal.code.drift')}</Message>}
      <CodeField
        kind={kind}
        label={drifting ? t('portal.code.next') : label}
        value={code}
        onChange={setCode}
        error={malformed ?? (problem && describeCodeProblem(problem, kind, { t, locale }))}
        digits={digits}
        onComplete={submit}
        autoFocus={props.autoFocus ?? true}
        attention={attention}
      />
      {children}
      <Submit
        label={props.submitLabel ?? t('portal.code.submit')}
        busyLabel={t('portal.code.busy')}
        busy={busy}
        destructive={props.destructive ?? false}
      />
    </form>
  );
}
