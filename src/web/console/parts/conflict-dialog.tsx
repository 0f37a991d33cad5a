import { Button } from '@mantine/core';
import { useTexts } from '../texts.ts';
import { Dialog } from './dialog.tsx';

export type Difference = {
  /** What the field is called on the page. */
  readonly label: string;
  /** As the page would show them. */
  readonly theirs: string;
  /** Absent: the person hasn't touched it, so that saving leaves it as it is now. */
  readonly mine?: string | undefined;
};

type ConflictDialogProps = {
  /** What somebody else changed since it was read; never empty. */
  readonly differences: readonly Difference[];
  /** Saves mine upon what is there now (with its new version). */
  readonly onKeepMine: () => void;
  /** Shows what is there now instead of mine. */
  readonly onTakeTheirs: () => void;
  /** Back to the form, everything as it was typed. */
  readonly onClose: () => void;
};

/**
 * Somebody else changed the same thing meanwhile (412 `changed-meanwhile`): shows what, and lets the person decide.
 * `useVersioned` says when.
 */
export function ConflictDialog({ differences, onKeepMine, onTakeTheirs, onClose }: ConflictDialogProps) {
  const { t } = useTexts();
  return (
    <Dialog title={t('console.conflict.title')} onClose={onClose} wide>
      <p>{t('console.conflict.lead')}</p>
      <table className="differences">
        <thead>
          <tr>
            <th scope="col">{t('console.conflict.field')}</th>
            <th scope="col">{t('console.conflict.theirs')}</th>
            <th scope="col">{t('console.conflict.mine')}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ label, theirs, mine }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{theirs}</td>
              <td>{mine ?? t('console.conflict.untouched')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row ends">
        <Button variant="default" size="md" onClick={onTakeTheirs}>
          {t('console.conflict.take-theirs')}
        </Button>
        <Button size="md" color="red" onClick={onKeepMine}>
          {t('console.conflict.keep-mine')}
        </Button>
      </div>
    </Dialog>
  );
}
