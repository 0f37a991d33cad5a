import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TokenShape, TokensAnswer } from '../../../admin/index.ts';
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
import { useRoleWords } from './role-fields.tsx';
import { TokenDialog } from './token-dialog.tsx';

/** The programs that may call the API. */
export function TokensView() {
  const { t } = useTexts();
  const format = useFormat();
  const words = useRoleWords();
  const api = useApi();
  const { may, subscription } = useConsole();
  const confirm = useConfirm();
  const notify = useNotice();
  const { problem, run } = useAction();
  const [making, setMaking] = useState(false);
  const loaded = useLoad(() => api.get<TokensAnswer>('tokens'), subscription.id);

  const revoke = ({ id, name }: TokenShape): void =>
    run(async () => {
      const question = {
        title: t('console.administrators.tokens.revoke.title', { name }),
        text: t('console.administrators.tokens.revoke.text'),
        action: t('console.administrators.tokens.revoke'),
      };
      if (!(await confirm(question))) return;
      await api.send('DELETE', `tokens/${segment(id)}`);
      notify(t('console.administrators.tokens.revoke.done', { name }));
      loaded.reload();
    });

  return (
    <>
      {may('own') && (
        <div className="filters">
          <Button size="md" onClick={() => setMaking(true)}>
            {t('console.administrators.tokens.new')}
          </Button>
        </div>
      )}
      {problem !== undefined && <Failure problem={problem} />}
      <DataTable
        caption={t('console.administrators.tab.tokens')}
        columns={[
          { key: 'name', head: t('console.administrators.name'), cell: ({ name }) => name },
          {
            key: 'role',
            head: t('console.administrators.role'),
            cell: ({ role, subscription: of }) => `${words.role(role)}, ${words.place(of)}`,
          },
          {
            key: 'creator',
            head: t('console.administrators.tokens.creator'),
            cell: ({ creator, creatorName }) => creatorName ?? creator,
            minor: true,
          },
          {
            key: 'until',
            head: t('console.administrators.tokens.until'),
            cell: ({ expiresAt }) =>
              new Date(expiresAt).getTime() <= Date.now() ? (
                <span className="tag refusal">{t('console.administrators.tokens.expired')}</span>
              ) : (
                format.date(expiresAt)
              ),
          },
          {
            key: 'last',
            head: t('console.administrators.tokens.last'),
            cell: ({ lastUsedAt }) =>
              lastUsedAt === undefined ? t('console.administrators.tokens.never') : format.ago(lastUsedAt),
            minor: true,
          },
          ...(may('own')
            ? [
                {
                  key: 'revoke',
                  head: t('console.administrators.tokens.revoke'),
                  cell: (each: TokenShape) => (
                    <button type="button" className="plain" onClick={() => revoke(each)}>
                      {t('console.administrators.tokens.revoke')}
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
          <EmptyState title={t('console.administrators.tokens.none')}>
            <p>{t('console.administrators.tokens.none-text')}</p>
          </EmptyState>
        }
      />
      {making && <TokenDialog onDone={loaded.reload} onClose={() => setMaking(false)} />}
    </>
  );
}
