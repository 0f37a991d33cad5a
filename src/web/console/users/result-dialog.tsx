import { Button } from '@mantine/core';
import type { UsersActionAnswer } from '../../../admin/index.ts';
import { CopyButton } from '../../portal/parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Refusals } from './effects.tsx';
import { useWords } from './words.ts';

type ResultDialogProps = {
  readonly text: string;
  readonly answer: UsersActionAnswer;
  readonly onClose: () => void;
};

/** What became of a change of several: tickets to tell people, which are shown once, and whom it was refused for. */
export function ResultDialog({ text, answer, onClose }: ResultDialogProps) {
  const { t } = useWords();
  const tickets = answer.done.filter(({ ticket }) => ticket !== undefined);
  return (
    <Dialog title={t('console.users.done.title')} onClose={onClose}>
      <p>{text}</p>
      {tickets.length > 0 && (
        <>
          <p>{t('console.users.once')}</p>
          <dl className="secrets">
            {tickets.map(({ user, name, ticket }) => (
              <div key={user}>
                <dt>{name}</dt>
                <dd className="figures">{ticket}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <Refusals failed={answer.failed} title={t('console.users.failed', { count: answer.failed.length })} />
      <div className="row ends">
        {tickets.length > 0 && (
          <CopyButton
            text={tickets.map(({ name, ticket }) => `${name}\t${ticket}`).join('\n')}
            label={t('console.copy')}
          />
        )}
        <Button size="md" onClick={onClose} data-autofocus>
          {t('console.done')}
        </Button>
      </div>
    </Dialog>
  );
}
