import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SubscriptionAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useNotice } from '../parts/notice.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';
import { useWords } from './words.ts';

type DeleteDialogProps = {
  readonly subscription: SubscriptionAnswer;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
};

/** Names what is lost, and has the name typed where anything is. */
export function DeleteDialog({ subscription, onClose, onDeleted }: DeleteDialogProps) {
  const { t } = useTexts();
  const api = useApi('site');
  const words = useWords();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const { id, name, contents } = subscription;
  const empty = Object.values(contents).every((count) => count === 0);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (!empty && typed.trim().toLowerCase() !== name.toLowerCase()) {
      setWrong(true);
      return;
    }
    run(async () => {
      const query = empty ? {} : { confirm: name };
      await api.send('DELETE', `subscriptions/${segment(id)}`, { query });
      notify(t('console.subscriptions.delete.done', { name }));
      onDeleted();
    });
  }

  return (
    <Dialog title={t('console.subscriptions.delete.title', { name })} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>
          {empty
            ? t('console.subscriptions.delete.empty')
            : t('console.subscriptions.delete.loss', { what: words.contents(contents) })}
        </p>
        {contents.assignments > 0 && <p>{t('console.subscriptions.delete.assignments')}</p>}
        {!empty && (
          <TextInput
            size="md"
            label={t('console.subscriptions.delete.type', { name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={wrong ? t('console.subscriptions.delete.mistyped', { name }) : undefined}
            errorProps={{ role: 'alert' }}
            autoComplete="off"
            data-autofocus
          />
        )}
        {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" color="red" aria-busy={busy}>
            {t('console.subscriptions.delete')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
