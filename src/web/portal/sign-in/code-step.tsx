import type { MethodId, OfferedMethodAnswer, StepAnswer } from '../../../portal/index.ts';
import { call, type Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { useTexts } from '../texts.tsx';
import { SentCode } from './sent-code.tsx';

type CodeStepProps = {
  readonly method: OfferedMethodAnswer;
  readonly onAnswer: (answer: StepAnswer) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly onStuck: () => void;
};

/** What the field asks for. */
function useQuestion({ id, hint = '', digits }: OfferedMethodAnswer): string {
  const { t } = useTexts();
  if (id === 'recovery') return t('portal.code.recovery');
  if (id !== 'app') return t('portal.code.sent', { hint });
  return digits === undefined ? t('portal.code.app') : t('portal.code.app-digits', { count: digits });
}

const isSent = (id: MethodId): id is 'sms' | 'email' => id === 'sms' || id === 'email';

/** The second door: one code. */
export function CodeStep({ method: { id, ...method }, onAnswer, onProblem, onStuck }: CodeStepProps) {
  const { t } = useTexts();
  const question = useQuestion({ id, ...method });
  return (
    <Card title={t(id === 'recovery' ? 'portal.code.recovery-title' : 'portal.code.title')}>
      <CodeForm
        label={question}
        recovery={id === 'recovery'}
        digits={method.digits}
        send={(code) => call<StepAnswer>('POST', 'sign-in/verify', { method: id, code })}
        onAnswer={onAnswer}
        onProblem={onProblem}
      >
        {isSent(id) && <SentCode method={id} onProblem={onProblem} />}
      </CodeForm>
      <button type="button" className="plain link" onClick={onStuck}>
        {t('portal.code.stuck')}
      </button>
    </Card>
  );
}
