import { Button } from '@mantine/core';
import type { OfferedMethodAnswer } from '../../../portal/index.ts';
import { Card } from '../parts/card.tsx';
import { type Translate, useTexts } from '../texts.tsx';

type OtherWaysStepProps = {
  /** All but the one that doesn't work. */
  readonly methods: readonly OfferedMethodAnswer[];
  readonly onChoose: (method: OfferedMethodAnswer) => void;
  readonly onBack: () => void;
};

function nameOf({ id, hint = '' }: OfferedMethodAnswer, t: Translate): string {
  switch (id) {
    case 'app':
      return t('portal.other.app');
    case 'sms':
      return t('portal.other.sms', { hint });
    case 'email':
      return t('portal.other.email', { hint });
    case 'recovery':
      return t('portal.other.recovery');
    case 'bypass':
      return t('portal.other.bypass');
  }
}

/** *I can't use my code*: other factors, a recovery code, the helpdesk. */
export function OtherWaysStep({ methods, onChoose, onBack }: OtherWaysStepProps) {
  const { t, site } = useTexts();
  return (
    <Card title={t('portal.other.title')} saysHelpdesk>
      <div className="actions">
        {methods.map((method) => (
          <Button key={method.id} variant="default" size="md" fullWidth onClick={() => onChoose(method)}>
            {nameOf(method, t)}
          </Button>
        ))}
      </div>
      <p>
        {site.helpdesk === ''
          ? t('portal.other.no-helpdesk')
          : t('portal.other.helpdesk', { contact: site.helpdesk })}
      </p>
      <button type="button" className="plain link" onClick={onBack}>
        {t('portal.back')}
      </button>
    </Card>
  );
}
