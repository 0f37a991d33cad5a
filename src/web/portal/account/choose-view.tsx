import type { MethodId, OfferedMethodAnswer } from '../../../portal/index.ts';
import { Card } from '../parts/card.tsx';
import { MethodChoice } from '../parts/method-choice.tsx';
import { useTexts } from '../texts.tsx';

type ChooseViewProps = {
  readonly methods: readonly OfferedMethodAnswer[];
  readonly onChoose: (method: MethodId) => void;
  readonly onCancel: () => void;
};

/** Which further way to get codes. */
export function ChooseView({ methods, onChoose, onCancel }: ChooseViewProps) {
  const { t } = useTexts();
  return (
    <Card title={t('portal.account.add')}>
      <MethodChoice methods={methods} onChoose={onChoose} />
      <button type="button" className="plain link" onClick={onCancel}>
        {t('portal.cancel')}
      </button>
    </Card>
  );
}
