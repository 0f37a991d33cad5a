import { NativeSelect } from '@mantine/core';
import { useTexts } from '../texts.ts';
import { useConsole } from './console-context.tsx';

/** Which subscription the pages are about; an installation with one never notices that there could be more. */
export function SubscriptionSwitch() {
  const { t } = useTexts();
  const { subscription, subscriptions, choose } = useConsole();
  if (subscriptions.length < 2) return null;
  return (
    <section className="switch" aria-label={t('console.subscription')}>
      <NativeSelect
        size="md"
        label={t('console.subscription')}
        value={subscription.id}
        data={subscriptions.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    </section>
  );
}
