import type { SubscriptionAnswer } from '../../../admin/index.ts';
import { useTexts } from '../texts.ts';

type Assignment = SubscriptionAnswer['assignments'][number];
type Contents = SubscriptionAnswer['contents'];

const kinds: readonly (keyof Contents)[] = [
  'enrolled',
  'sessions',
  'entries',
  'administrators',
  'senders',
  'assignments',
];

/** How the page calls what belongs to a subscription, and what is in it. */
export function useWords() {
  const { t } = useTexts();
  return {
    assignment: ({ kind, value }: Assignment): string =>
      `${t(`console.subscriptions.kind.${kind}`)} ${value}`,
    contents(contents: Contents): string {
      const parts = kinds
        .filter((kind) => contents[kind] > 0)
        .map((kind) => t(`console.subscriptions.contents.${kind}`, { count: contents[kind] }));
      return parts.length === 0 ? t('console.subscriptions.contents.nothing') : parts.join(', ');
    },
  };
}
