import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { GroupAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useWords } from './words.ts';

type NewGroupDialogProps = { readonly onDone: (subject: string) => void; readonly onClose: () => void };

/** Makes a local group. */
export function NewGroupDialog({ onDone, onClose }: NewGroupDialogProps) {
  const { t } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (name.trim() === '') {
      setMissing(true);
      return;
    }
    run(async () => {
      const made = await api.send<GroupAnswer>('POST', 'groups', { body: { name: name.trim() } });
      notify(t('console.users.group.done', { name: made.name }));
      onDone(made.subject);
    });
  }

  return (
    <Dialog title={t('console.users.new-group')} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.users.group.text')}</p>
        <TextInput
          size="md"
          label={t('console.users.group.name')}
          value={name}
          maxLength={64}
          autoComplete="off"
          error={missing && name.trim() === '' ? t('console.users.drawer.required') : undefined}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy}>
            {t('console.users.group.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
