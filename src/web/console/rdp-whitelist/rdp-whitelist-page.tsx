import { Button } from '@mantine/core';
import { useState } from 'react';
import type { WhitelistRow } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { usePages } from '../api/use-pages.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { useNotice } from '../parts/notice.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useDrawer } from '../parts/side-drawer.tsx';
import { useAction } from '../parts/use-action.ts';
import { useQueryText } from '../parts/use-query-text.ts';
import { useWords } from '../users/words.ts';
import { AddDialog } from './add-dialog.tsx';
import { EntryDrawer } from './entry-drawer.tsx';

type Removed = { readonly done: readonly { readonly name: string }[] };

/** Users who may connect with an RDP client without a code. */
export function Page() {
  const { t, names, format } = useWords();
  const { may } = useConsole();
  const api = useApi();
  const confirm = useConfirm();
  const notify = useNotice();
  const { run } = useAction();
  const place = useDrawer('/rdp-whitelist');
  const [search] = useQueryText('search');
  const pages = usePages<WhitelistRow>(api, 'rdp-whitelist', { q: search });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const mayChange = may('administer');
  const nameOf = ({ displayName, name }: WhitelistRow): string => displayName ?? name;

  async function remove(rows: readonly WhitelistRow[]): Promise<void> {
    const count = rows.length;
    const sure = await confirm({
      title: t('console.rdp.ask-remove', { count, names: names(rows.map(nameOf)) }),
      text: t('console.rdp.ask-remove-text'),
      action: t('console.rdp.remove'),
      count,
    });
    if (!sure) return;
    run(
      async () => {
        const users = rows.map(({ user }) => user);
        const { done } = await api.send<Removed>('POST', 'rdp-whitelist/remove', { body: { users } });
        notify(t('console.rdp.removed', { count: done.length, names: names(done.map(({ name }) => name)) }));
        setSelected(new Set());
        place.close();
        pages.reload();
      },
      (problem) => notify(problem.detail ?? t('portal.failed')),
    );
  }

  const addButton = mayChange && (
    <Button size="md" onClick={() => place.show('add')}>
      {t('console.rdp.add')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('console.rdp.title')} purpose={t('console.rdp.purpose')}>
        {addButton}
      </PageHeader>
      {(pages.items.length > 0 || search !== '') && (
        <div className="filters">
          <SearchField label={t('console.rdp.search')} />
        </div>
      )}
      <DataTable
        caption={t('console.rdp.caption')}
        columns={[
          {
            key: 'name',
            head: t('console.rdp.column.name'),
            cell: (row) => (
              <span className="two-lines">
                <span>{nameOf(row)}</span>
                <span className="quiet">
                  {t('console.users.of-directory', { name: row.name, directory: row.directory })}
                </span>
              </span>
            ),
          },
          { key: 'reason', head: t('console.rdp.column.reason'), cell: ({ reason }) => reason },
          {
            key: 'since',
            head: t('console.rdp.column.since'),
            cell: ({ since }) => <span className="whole">{format.date(since)}</span>,
            minor: true,
          },
          {
            key: 'until',
            head: t('console.rdp.column.until'),
            cell: ({ until, over }) =>
              until === undefined ? (
                <span className="tag attention">{t('console.rdp.for-good')}</span>
              ) : over ? (
                <span className="tag">{t('console.rdp.over-since', { date: format.date(until) })}</span>
              ) : (
                <span className="whole">{format.moment(until)}</span>
              ),
          },
        ]}
        keyOf={({ user }) => user}
        nameOf={nameOf}
        hrefOf={({ user }) => place.href(user)}
        pages={pages}
        selection={
          mayChange
            ? {
                selected,
                onChange: setSelected,
                actions: (
                  <Button
                    size="md"
                    variant="default"
                    onClick={() => remove(pages.items.filter(({ user }) => selected.has(user)))}
                  >
                    {t('console.rdp.remove')}
                  </Button>
                ),
              }
            : undefined
        }
        empty={
          search === '' ? (
            <EmptyState title={t('console.rdp.none.title')}>
              <p>{t('console.rdp.none.text')}</p>
            </EmptyState>
          ) : (
            <EmptyState title={t('console.rdp.nothing.title')}>
              <p>{t('console.rdp.nothing.text')}</p>
            </EmptyState>
          )
        }
      />
      {place.open === 'add' && <AddDialog onDone={pages.reload} onClose={place.close} />}
      {place.open !== undefined && place.open !== 'add' && (
        <EntryDrawer
          key={place.open}
          user={place.open}
          onChanged={pages.reload}
          onRemove={(row) => remove([row])}
          onClose={place.close}
        />
      )}
    </>
  );
}
