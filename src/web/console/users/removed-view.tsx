import { Button } from '@mantine/core';
import type { RemovedAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { type Pages, usePages } from '../api/use-pages.ts';
import { useConsole } from '../frame/console-context.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { shortSubject } from './effects.tsx';
import { useEntryName } from './list-view.tsx';
import type { ListActions } from './use-list-actions.tsx';
import { useWords } from './words.ts';

type Removed = RemovedAnswer['items'][number];

export function useRemoved(): Pages<Removed> {
  return usePages<Removed>(useApi(), 'enabled-removed');
}

/** What left the list within the last seven days, and the way back. */
export function RemovedView({
  pages,
  actions,
}: {
  readonly pages: Pages<Removed>;
  readonly actions: ListActions;
}) {
  const { t, format } = useWords();
  const { may } = useConsole();
  const nameOf = useEntryName();
  return (
    <DataTable
      caption={t('console.users.tab.removed')}
      columns={[
        {
          key: 'name',
          head: t('console.users.column.name'),
          cell: (entry) => (
            <span className="two-lines">
              <span>{nameOf(entry)}</span>
              {entry.kind !== 'everyone' && <span className="quiet">{shortSubject(entry.subject, '')}</span>}
            </span>
          ),
        },
        {
          key: 'until',
          head: t('console.users.column.undo-until'),
          cell: ({ undoUntil }) => format.moment(undoUntil),
        },
        {
          key: 'undo',
          head: t('console.users.column.action'),
          cell: (entry) =>
            may('administer') && (
              <Button
                size="md"
                variant="default"
                aria-label={t('console.users.undo-of', { name: nameOf(entry) })}
                onClick={() => actions.undo([entry.subject])}
              >
                {t('console.users.action.undo')}
              </Button>
            ),
        },
      ]}
      keyOf={({ subject }) => subject}
      nameOf={nameOf}
      pages={pages}
      empty={
        <EmptyState title={t('console.users.removed-none.title')}>
          <p>{t('console.users.removed-none.text')}</p>
        </EmptyState>
      }
    />
  );
}
