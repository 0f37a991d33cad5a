import { Button } from '@mantine/core';
import type { Problem } from '../api/request.ts';
import { Failure } from '../parts/failure.tsx';
import { useTexts } from '../texts.ts';

type SaveBarProps = {
  /** How many settings were changed. */
  readonly count: number;
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  /** Something that was typed can't be saved. */
  readonly invalid: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
};

/** Stays in sight at the foot of the window while something isn't saved. */
export function SaveBar({ count, busy, problem, invalid, onSave, onDiscard }: SaveBarProps) {
  const { t } = useTexts();
  return (
    <div className="save-bar" data-shown={count > 0 || undefined}>
      {count > 0 && (
        <>
          {problem !== undefined && <Failure problem={problem} />}
          <span role="status">
            {t('console.settings.unsaved', { count })} {invalid && t('console.settings.invalid')}
          </span>
          <div className="row">
            <Button variant="default" size="md" onClick={onDiscard}>
              {t('console.settings.discard')}
            </Button>
            <Button size="md" aria-busy={busy} onClick={onSave}>
              {t('console.settings.save')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
