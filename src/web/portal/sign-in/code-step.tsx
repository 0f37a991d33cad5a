import type { OfferedMethodAnswer, StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { kindOf } from '../parts/code-kind.ts';
import { useTexts } from '../texts.tsx';

type CodeStepProps = {
  /** Not one that sends its codes. */
  readonly method: OfferedMethodAnswer;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly onStuck: () => void;
};

/** The card's title, and what the field asks for. */
function useQuestion({ id, digits }: OfferedMethodAnswer): readonly [string, string] {
  const { t } = useTexts();
  if (id === 'recovery') return [t('portal.code.recovery-title'), t('portal.code.recovery')];
  if (id === 'bypass') return [t('portal.code.bypass-title'), t('portal.code.bypass')];
  const question =
    digits === undefined ? t('portal.code.app') : t('portal.code.app-digits', { count: digits });
  return [t('portal.code.title'), question];
}

/** The second door: one code that somebody has already. */
export function CodeStep({ method, onAnswer, onProblem, onStuck }: CodeStepProps) {
  const { t } = useTexts();
  const [title, question] = useQuestion(method);
  return (
    <Card title={title}>
      <CodeForm
        label={question}
        kind={kindOf(method.id)}
        digits={method.digits}
        send={(code) => call<StepAnswer>('POST', 'sign-in/verify', { method: method.id, code })}
        onAnswer={onAnswer}
        onProblem={onProblem}
      />
      <button type="button" className="plain link" onClick={onStuck}>
        {t('portal.code.stuck')}
      </button>
    </Card>
  );
}
