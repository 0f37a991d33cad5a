import { Button } from '@mantine/core';
import type { Problem } from '../api.ts';
import { useTexts } from '../texts.tsx';
import { Message } from './message.tsx';
import { describeProblem } from './use-action.ts';

/** Something could not be fetched: why, and a way to try again. */
export function Failure({ problem, onAgain }: { problem: Problem; onAgain: () => void }) {
  const { t } = useTexts();
  return (
    <>
      <Message tone="refusal">{describeProblem(problem, t)}</Message>
      <Button size="md" fullWidth onClick={onAgain}>
        {t('portal.try-again')}
      </Button>
    </>
  );
}
