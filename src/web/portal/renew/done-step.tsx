import { Button } from '@mantine/core';
import type { OwnSessionAnswer } from '../../../portal/index.ts';
import { Card } from '../parts/card.tsx';
import { useTexts } from '../texts.tsx';
import { formatTime } from '../times.ts';
import { endOf } from './end-of.ts';

/** Until when, and the way back. */
export function DoneStep({ session }: { readonly session: OwnSessionAnswer }) {
  const { t, locale } = useTexts();
  const now = new Date();
  const time = formatTime({ t, locale }, endOf(session.renewal, now), now);
  return (
    <Card title={t('portal.renew.done')}>
      <p role="status">
        {session.renewal !== undefined && `${t('portal.renew.until', { time })} `}
        {t('portal.renew.back')}
      </p>
      <Button size="md" fullWidth autoFocus onClick={() => close()}>
        {t('portal.renew.close')}
      </Button>
    </Card>
  );
}
