import type { ReactNode } from 'react';
import type { GroupRow } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { type Pages, usePages } from '../api/use-pages.ts';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { DirectoryFilter } from './directory-filter.tsx';
import { EntryMode } from './list-view.tsx';
import { useWords } from './words.ts';

export function useGroups(): Pages<GroupRow> {
  const [q] = useQueryText('search');
  const [directory] = useQueryText('directory');
  return usePages<GroupRow>(useApi(), 'groups', { q, directory });
}

type GroupsViewProps = {
  readonly pages: Pages<GroupRow>;
  readonly hrefOf: (key: string) => string;
  readonly first: ReactNode;
};

/** Local groups, and those of directories that are on the list. */
export function GroupsView({ pages, hrefOf, first }: GroupsViewProps) {
  const { t } = useWords();
  const [search] = useQueryText('search');
  const [directory] = useQueryText('directory');
  return (
    <>
      <div className="filters">
        <SearchField label={t('console.users.search')} />
        <DirectoryFilter />
      </div>
      <DataTable
        caption={t('console.users.tab.groups')}
        columns={[
          { key: 'name', head: t('console.users.column.name'), cell: ({ name }) => name },
          {
            key: 'directory',
            head: t('console.users.column.directory'),
            cell: (group) => group.directory,
            minor: true,
          },
          {
            key: 'entry',
            head: t('console.users.column.on-list'),
            cell: ({ entry }) =>
              entry === undefined ? (
                <span className="quiet">{t('console.users.group.not-listed')}</span>
              ) : (
                <EntryMode entry={entry} />
              ),
          },
        ]}
        keyOf={({ subject }) => subject}
        nameOf={({ name }) => name}
        hrefOf={({ subject }) => hrefOf(subject)}
        pages={pages}
        empty={
          search === '' && directory === '' ? (
            <EmptyState title={t('console.users.groups-none.title')}>
              <p>{t('console.users.groups-none.text')}</p>
              {first}
            </EmptyState>
          ) : (
            <EmptyState title={t('console.users.groups-nothing.title')}>
              <p>{t('console.users.nothing.text')}</p>
            </EmptyState>
          )
        }
      />
    </>
  );
}
