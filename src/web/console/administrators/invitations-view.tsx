import { Button } from '@mantine/core';
import { useState } from 'react';
import type { InvitationShape, InvitationsAnswer } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { useRoleWords } from './role-fields.tsx';

/** Invitations that nobody has accepted yet. */
export function InvitationsView() {
  const { t } = useTexts();
  const format = useFormat();
  const words = useRoleWords();
  const api = useApi();
  const { may, subscription } = useConsole();
  const confirm = useConfirm();
  const notify = useNotice();
  const { problem, run } = useAction();
  const [inviting, setInviting] = useState(false);
  const loaded = useLoad(() => api.get<InvitationsAnswer>('invitations'), subscription.id);

  const withdraw = ({ id, name }: InvitationShape): void =>
    run(async () => {
      const question = {
        title: t('console.administrators.invitations.withdraw.title', { name }),
        text: t('console.administrators.invitations.withdraw.text', { name }),
        action: t('console.administrators.invitations.withdraw'),
      };
      if (!(await confirm(question))) return;
      await api.send('DELETE', `invitations/${segment(id)}`);
      notify(t('console.administrators.invitations.withdraw.done', { name }));
      loaded.reload();
    });

  return (
    <>
      {may('own') && (
        <div className="filters">
          <Button size="md" onClick={() => setInviting(true)}>
            {t('console.administrators.invite')}
          </Button>
        </div>
      )}
      {problem !== undefined && <Failure problem={problem} />}
      <DataTable
        caption={t('console.administrators.tab.invitations')}
        columns={[
          { key: 'name', head: t('console.administrators.name'), cell: ({ name }) => name },
          {
            key: 'kind',
            head: t('console.administrators.invite.kind'),
            cell: ({ newAccount }) =>
              t(`console.administrators.invitations.kind.${newAccount ? 'new' : 'own'}`),
            minor: true,
          },
          {
            key: 'role',
            head: t('console.administrators.role'),
            cell: ({ role, subscription: of }) => `${words.role(role)}, ${words.place(of)}`,
          },
          {
            key: 'by',
            head: t('console.administrators.invitations.by'),
            cell: ({ by, byName }) => byName ?? by,
            minor: true,
          },
          {
            key: 'until',
            head: t('console.administrators.invitations.until'),
            cell: ({ expiresAt }) => format.moment(expiresAt),
          },
          ...(may('own')
            ? [
                {
                  key: 'withdraw',
                  head: t('console.administrators.invitations.withdraw'),
                  cell: (each: InvitationShape) => (
                    <button type="button" className="plain" onClick={() => withdraw(each)}>
                      {t('console.administrators.invitations.withdraw')}
                    </button>
                  ),
                },
              ]
            : []),
        ]}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        pages={{ ...loaded, items: loaded.value?.items ?? [] }}
        empty={
          <EmptyState title={t('console.administrators.invitations.none')}>
            <p>{t('console.administrators.invitations.none-text')}</p>
          </EmptyState>
        }
      />
      {inviting && <InviteDialog onDone={loaded.reload} onClose={() => setInviting(false)} />}
    </>
  );
}
