import type { OfferedMethodAnswer } from '../../../portal/index.ts';
import { Card } from '../parts/card.tsx';
import { useTexts } from '../texts.tsx';
import { Ways } from './ways.tsx';

type OtherWaysStepProps = {
  /** All but the one that doesn't work. */
  readonly methods: readonly OfferedMethodAnswer[];
  readonly onChoose: (method: OfferedMethodAnswer) => void;
  readonly onBack: () => void;
};

/** *I can't use my code*: other factors, a recovery code, the helpdesk. */
export function OtherWaysStep({ methods, onChoose, onBack }: OtherWaysStepProps) {
  const { t, site } = useTexts();
  return (
    <Card title={t('portal.other.title')} saysHelpdesk>
      <Ways methods={methods} onChoose={onChoose} />
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
