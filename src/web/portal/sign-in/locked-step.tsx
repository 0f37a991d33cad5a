import { Button } from '@mantine/core';
import { Card } from '../parts/card.tsx';
import { useNow } from '../parts/use-now.ts';
import { useTexts } from '../texts.tsx';
import { formatCountdown, formatTime } from '../times.ts';

type LockedStepProps = {
  /** Unix milliseconds; absent when only an administrator can open it again. */
  readonly until: number | undefined;
  readonly onAgain: () => void;
};

/** Too many tries: when it goes on, in the reader's time, and whom to ask. */
export function LockedStep({ until, onAgain }: LockedStepProps) {
  const { t, locale, site } = useTexts();
  const now = useNow(1000);
  const contact = site.helpdesk;

  if (until === undefined) {
    return (
      <Card title={t('portal.locked.title')} saysHelpdesk>
        <p>{contact === '' ? t('portal.locked.shut') : t('portal.locked.shut-helpdesk', { contact })}</p>
      </Card>
    );
  }
  if (until <= now) {
    return (
      <Card title={t('portal.locked.title')} saysHelpdesk>
        <p role="status">{t('portal.locked.over')}</p>
        <Button size="md" fullWidth onClick={onAgain}>
          {t('portal.try-again')}
        </Button>
      </Card>
    );
  }
  const time = formatTime({ t, locale }, new Date(until), new Date(now));
  return (
    <Card title={t('portal.locked.title')} saysHelpdesk>
      <p>
        {contact === ''
          ? t('portal.locked.until', { time })
          : t('portal.locked.until-helpdesk', { time, contact })}
      </p>
      <p className="quiet figures" role="timer" aria-live="off">
        {t('portal.locked.left', { time: formatCountdown(until - now) })}
      </p>
    </Card>
  );
}
