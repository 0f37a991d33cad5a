import { Button } from '@mantine/core';
import { Message } from '../../portal/parts/message.tsx';
import { describeProblem } from '../../portal/parts/use-action.ts';
import type { Problem } from '../api/request.ts';
import { useTexts } from '../texts.ts';

/** Something could not be fetched: why, and a way to try again. */
export function Failure({ problem, onAgain }: { readonly problem: Problem; readonly onAgain?: () => void }) {
  const { t } = useTexts();
  return (
    <div className="failure">
      <Message tone="refusal">{describeProblem(problem, t)}</Message>
      {onAgain !== undefined && (
        <Button size="md" variant="default" onClick={onAgain}>
          {t('portal.try-again')}
        </Button>
      )}
    </div>
  );
}
