import { Button } from '@mantine/core';
import { Card } from '../parts/card.tsx';
import { useTexts } from '../texts.tsx';
import { formatSpan } from '../times.ts';

type ClockStepProps = {
  /** Seconds the device is ahead; negative: behind. */
  readonly offset: number;
  readonly onContinue: () => void;
};

/** Tells, once the device is proven, by how much its clock is off. */
export function ClockStep({ offset, onContinue }: ClockStepProps) {
  const { t, locale } = useTexts();
  const time = formatSpan(locale, Math.abs(offset) * 1000);
  return (
    <Card title={t('portal.clock.title')}>
      <p>{t(offset > 0 ? 'portal.clock.ahead' : 'portal.clock.behind', { time })}</p>
      <p>{t('portal.clock.advice')}</p>
      <Button size="md" fullWidth onClick={onContinue}>
        {t('portal.continue')}
      </Button>
    </Card>
  );
}
