import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SubscriptionAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useNotice } from '../parts/notice.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';

type NewSubscriptionProps = { readonly onClose: () => void; readonly onMade: (id: string) => void };

export function NewSubscription({ onClose, onMade }: NewSubscriptionProps) {
  const { t } = useTexts();
  const api = useApi('site');
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [name, setName] = useState('');
  const [id, setId] = useState('');

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(async () => {
      const body = { name: name.trim(), ...(id.trim() === '' ? {} : { id: id.trim() }) };
      const made = await api.send<SubscriptionAnswer | undefined>('POST', 'subscriptions', { body });
      if (made === undefined) return;
      notify(t('console.subscriptions.created', { name: made.name }));
      onMade(made.id);
    });
  }

  return (
    <Dialog title={t('console.subscriptions.new')} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p className="quiet">{t('console.subscriptions.new.lead')}</p>
        <TextInput
          size="md"
          label={t('console.subscriptions.new.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={64}
          required
          withAsterisk={false}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          size="md"
          label={t('console.subscriptions.new.id')}
          description={t('console.subscriptions.new.id.help')}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          maxLength={32}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy} disabled={name.trim() === ''}>
            {t('console.subscriptions.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
