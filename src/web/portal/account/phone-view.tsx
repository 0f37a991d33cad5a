import type { Problem } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { PhoneForm } from '../parts/phone-form.tsx';
import { useTexts } from '../texts.tsx';

type PhoneViewProps = {
  readonly title: string;
  readonly typed: string | undefined;
  readonly refused: Problem | undefined;
  readonly onNumber: (phone: string) => void;
  readonly onCancel: () => void;
};

/** A mobile number to add, before a code says that its owner wants it. */
export function PhoneView({ title, typed, refused, onNumber, onCancel }: PhoneViewProps) {
  const { t } = useTexts();
  return (
    <Card title={title}>
      <PhoneForm
        typed={typed}
        refused={refused}
        onNumber={async (phone) => onNumber(phone)}
        submitLabel={t('portal.continue')}
      />
      <button type="button" className="plain link" onClick={onCancel}>
        {t('portal.cancel')}
      </button>
    </Card>
  );
}
