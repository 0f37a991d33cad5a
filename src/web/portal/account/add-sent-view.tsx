import type { AddedFactorAnswer, SentAnswer } from '../../../portal/index.ts';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import type { SentMethod } from '../parts/code-kind.ts';
import { SentCodeForm } from '../parts/sent-code-form.tsx';
import type { Sent } from '../parts/use-sending.ts';
import { useTexts } from '../texts.tsx';

type AddSentViewProps = {
  readonly title: string;
  readonly method: SentMethod;
  readonly sent: Sent | undefined;
  readonly onSent: (sent: Sent) => void;
  readonly onAdded: () => void;
  readonly onCancel: () => void;
};

/** A further number or address: the code that went there proves it. */
export function AddSentView({ title, method, sent, onSent, onAdded, onCancel }: AddSentViewProps) {
  const { t } = useTexts();
  return (
    <Card title={title}>
      <SentCodeForm
        via={method}
        sent={sent}
        onSent={onSent}
        ask={() => call<SentAnswer>('POST', `account/${method}/resend`)}
        send={(code) => call<AddedFactorAnswer>('POST', `account/${method}/verify`, { code })}
        onAnswer={onAdded}
        onProblem={() => {}}
        below={
          <button type="button" className="plain link" onClick={onCancel}>
            {t('portal.cancel')}
          </button>
        }
      />
    </Card>
  );
}
