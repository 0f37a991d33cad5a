import { Button } from '@mantine/core';
import type { OfferedMethodAnswer } from '../../../portal/index.ts';
import { type Translate, useTexts } from '../texts.tsx';

type WaysProps = {
  readonly methods: readonly OfferedMethodAnswer[];
  readonly onChoose: (method: OfferedMethodAnswer) => void;
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

/**
 * What else somebody can sign in with than `method`. A code from the helpdesk is always among it: people ask for
 * one when they are stuck, after the server has said what they have.
 */
export const otherWays = (
  methods: readonly OfferedMethodAnswer[],
  method: OfferedMethodAnswer['id'],
): readonly OfferedMethodAnswer[] =>
  [...methods.filter(({ id }) => id !== 'bypass'), { id: 'bypass' } as const].filter(
    ({ id }) => id !== method,
  );

/** One button for each way. */
export function Ways({ methods, onChoose }: WaysProps) {
  const { t } = useTexts();
  return (
    <div className="actions">
      {methods.map((method) => (
        <Button key={method.id} variant="default" size="md" fullWidth onClick={() => onChoose(method)}>
          {nameOf(method, t)}
        </Button>
      ))}
    </div>
  );
}
