import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AdministratorShape } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { usePages } from '../api/use-pages.ts';
import { useConsole } from '../frame/console-context.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { useDrawer } from '../parts/side-drawer.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { AdministratorDrawer } from './administrator-drawer.tsx';
import { GiveDialog } from './give-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { useRoleWords } from './role-fields.tsx';

/** Everybody with a role here. */
export function PeopleView() {
  const { t } = useTexts();
  const format = useFormat();
  const words = useRoleWords();
  const api = useApi();
  const { may, refresh } = useConsole();
  const place = useDrawer('/administrators');
  const pages = usePages<AdministratorShape>(api, 'administrators');
  const [asking, setAsking] = useState<'give' | 'invite'>();
  const changed = (): void => {
    pages.reload();
    refresh();
  };
  return (
    <>
      {may('own') && (
        <div className="filters">
          <Button size="md" onClick={() => setAsking('invite')}>
            {t('console.administrators.invite')}
          </Button>
          <Button size="md" variant="default" onClick={() => setAsking('give')}>
            {t('console.administrators.give')}
          </Button>
        </div>
      )}
      <DataTable
        caption={t('console.administrators.title')}
        columns={[
          {
            key: 'name',
            head: t('console.administrators.name'),
            cell: ({ user, name, displayName }) =>
              name === undefined
                ? user
                : displayName === undefined || displayName === name
                  ? name
                  : `${displayName} (${name})`,
          },
          {
            key: 'role',
            head: t('console.administrators.role'),
            cell: ({ grants }) =>
              grants
                .map(({ role, subscription }) => `${words.role(role)}, ${words.place(subscription)}`)
                .join('; '),
          },
          {
            key: 'factor',
            head: t('console.administrators.factor'),
            cell: ({ enrolled, lastUsedAt }) =>
              enrolled ? (
                lastUsedAt === undefined ? (
                  t('console.administrators.factor.set')
                ) : (
                  t('console.administrators.used', { ago: format.ago(lastUsedAt) })
                )
              ) : (
                <span className="tag attention">{t('console.administrators.factor.missing')}</span>
              ),
            minor: true,
          },
          {
            key: 'state',
            head: t('console.administrators.state'),
            cell: ({ state }) =>
              state === 'usable' ? (
                ''
              ) : (
                <span className="tag refusal">{t(`console.administrators.state.${state}`)}</span>
              ),
            minor: true,
          },
        ]}
        keyOf={({ user }) => user}
        nameOf={({ user, name }) => name ?? user}
        hrefOf={({ user }) => place.href(user)}
        pages={pages}
        empty={
          <EmptyState title={t('console.administrators.none')}>
            <p>{t('console.administrators.none-text')}</p>
          </EmptyState>
        }
      />
      {place.open !== undefined && (
        <AdministratorDrawer key={place.open} user={place.open} onChanged={changed} onClose={place.close} />
      )}
      {asking === 'give' && <GiveDialog onDone={changed} onClose={() => setAsking(undefined)} />}
      {asking === 'invite' && <InviteDialog onDone={() => {}} onClose={() => setAsking(undefined)} />}
    </>
  );
}
