import type { OfferedMethodAnswer, SentAnswer, StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import type { SentMethod } from '../parts/code-kind.ts';
import { SentCodeForm } from '../parts/sent-code-form.tsx';
import type { Sent } from '../parts/use-sending.ts';
import { useTexts } from '../texts.tsx';
import { Ways } from './ways.tsx';

type SentCodeStepProps = {
  readonly method: SentMethod;
  readonly sent: Sent | undefined;
  readonly onSent: (sent: Sent) => void;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly onStuck: () => void;
  /** Offered at once where no code can be sent. */
  readonly others: readonly OfferedMethodAnswer[];
  readonly onChoose: (method: OfferedMethodAnswer) => void;
};

/** The second door: a code that is sent when the step begins. */
export function SentCodeStep(props: SentCodeStepProps) {
  const { method, sent, onSent, onAnswer, onProblem, onStuck, others, onChoose } = props;
  const { t } = useTexts();
  return (
    <Card title={t('portal.code.title')}>
      <SentCodeForm
        via={method}
        sent={sent}
        onSent={onSent}
        ask={() => call<SentAnswer>('POST', 'sign-in/code', { method })}
        send={(code) => call<StepAnswer>('POST', 'sign-in/verify', { method, code })}
        onAnswer={onAnswer}
        onProblem={onProblem}
        below={
          <button type="button" className="plain link" onClick={onStuck}>
            {t('portal.code.stuck')}
          </button>
        }
        instead={<Ways methods={others} onChoose={onChoose} />}
      />
    </Card>
  );
}
