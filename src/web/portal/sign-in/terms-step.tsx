import type { FormEvent } from 'react';
import type { StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Message } from '../parts/message.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type TermsStepProps = {
  readonly version: string;
  readonly text: string;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
};

/** What a site wants to be agreed to before anybody gets in; asked again when it changes. */
export function TermsStep({ version, text, onAnswer, onProblem }: TermsStepProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(async () => onAnswer(await call<StepAnswer>('POST', 'sign-in/terms', { version })), onProblem);
  }

  return (
    <Card title={t('portal.terms.title')}>
      <p>{t('portal.terms.lead')}</p>
      {/* Scrolled by keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus (WCAG 2.1.1) */}
      <section className="terms" aria-label={t('portal.terms.title')} tabIndex={0}>
        {text}
      </section>
      <form className="form" onSubmit={submit}>
        {problem && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        <Submit label={t('portal.terms.accept')} busyLabel={t('portal.terms.busy')} busy={busy} />
        <p className="quiet">{t('portal.terms.decline')}</p>
      </form>
    </Card>
  );
}
