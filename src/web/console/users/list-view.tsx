import { Button, NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { EntryRow } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { type Pages, usePages } from '../api/use-pages.ts';
import { useConsole } from '../frame/console-context.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import type { ListActions } from './use-list-actions.tsx';
import { mostAtOnce, type Named, useWords } from './words.ts';

const kinds = ['user', 'group'] as const;
const modes = ['enabled', 'exempt'] as const;

/** The filters as they stand in the address, and the entries that they leave. */
export function useEntries(): Pages<EntryRow> {
  const api = useApi();
  const [q] = useQueryText('search');
  const [kind] = useQueryText('kind');
  const [mode] = useQueryText('mode');
  return usePages<EntryRow>(api, 'enabled', { q, kind, mode });
}

type ListViewProps = {
  readonly pages: Pages<EntryRow>;
  readonly hrefOf: (key: string) => string;
  readonly actions: ListActions;
  /** Changes several entries to the same. */
  readonly onEdit: (entries: readonly Named[]) => void;
  readonly first: ReactNode;
};

/** Who is enabled for two factors, and who is exempt. */
export function ListView({ pages, hrefOf, actions, onEdit, first }: ListViewProps) {
  const { t, method, format } = useWords();
  const { may } = useConsole();
  const [search] = useQueryText('search');
  const [kind, setKind] = useQueryText('kind');
  const [mode, setMode] = useQueryText('mode');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const nameOf = useEntryName();
  const chosen = pages.items.filter(({ subject }) => selected.has(subject));
  const filtered = [search, kind, mode].some((each) => each !== '');

  const columns: readonly Column<EntryRow>[] = [
    { key: 'name', head: t('console.users.column.name'), cell: (entry) => <EntryName entry={entry} /> },
    { key: 'mode', head: t('console.users.column.state'), cell: (entry) => <EntryMode entry={entry} /> },
    {
      key: 'method',
      head: t('console.users.column.method'),
      cell: (entry) =>
        entry.method === undefined ? (
          <span className="quiet">{t('console.users.method.default')}</span>
        ) : (
          method(entry.method)
        ),
      minor: true,
    },
    {
      key: 'to',
      head: t('console.users.column.to'),
      cell: ({ phoneHint, emailHint }) =>
        [phoneHint, emailHint].filter((hint) => hint !== undefined).join(', '),
      minor: true,
    },
    {
      key: 'since',
      head: t('console.users.column.since'),
      cell: ({ since }) => <span className="whole">{format.date(since)}</span>,
      minor: true,
    },
  ];

  const some = chosen.map((entry) => ({ id: entry.subject, name: nameOf(entry) }));
  const bulk =
    chosen.length > mostAtOnce ? (
      <span role="alert">{t('console.users.many-selected', { count: mostAtOnce })}</span>
    ) : (
      <>
        <Button size="md" variant="default" onClick={() => onEdit(some)}>
          {t('console.users.action.edit')}
        </Button>
        <Button size="md" variant="default" onClick={() => actions.askToTakeOff(some)}>
          {t('console.users.action.take-off')}
        </Button>
      </>
    );

  return (
    <>
      <div className="filters">
        <SearchField label={t('console.users.search')} />
        <NativeSelect
          size="md"
          label={t('console.users.kind')}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
          data={[
            { value: '', label: t('console.users.any-kind') },
            ...kinds.map((value) => ({ value, label: t(`console.users.kind.${value}`) })),
          ]}
        />
        <NativeSelect
          size="md"
          label={t('console.users.mode')}
          value={mode}
          onChange={(event) => setMode(event.currentTarget.value)}
          data={[
            { value: '', label: t('console.users.any-mode') },
            ...modes.map((value) => ({ value, label: t(`console.users.mode.${value}`) })),
          ]}
        />
      </div>
      <DataTable
        caption={t('console.users.tab.list')}
        columns={columns}
        keyOf={({ subject }) => subject}
        nameOf={nameOf}
        hrefOf={(entry) => hrefOf(entry.user ?? entry.subject)}
        pages={pages}
        selection={may('administer') ? { selected, onChange: setSelected, actions: bulk } : undefined}
        empty={
          filtered ? (
            <EmptyState title={t('console.users.list-nothing.title')}>
              <p>{t('console.users.nothing.text')}</p>
            </EmptyState>
          ) : (
            <EmptyState title={t('console.users.list-none.title')}>
              <p>{t('console.users.list-none.text')}</p>
              {first}
            </EmptyState>
          )
        }
      />
    </>
  );
}

/** What people call an entry of the list. */
export function useEntryName(): (entry: Pick<EntryRow, 'subject' | 'name' | 'displayName'>) => string {
  const { t } = useWords();
  return ({ subject, name, displayName }) =>
    subject === 'everyone' ? t('console.users.everyone') : (displayName ?? name);
}

function EntryName({ entry }: { readonly entry: EntryRow }) {
  const { t } = useWords();
  const nameOf = useEntryName();
  const { kind, name, directory = '' } = entry;
  const below =
    kind === 'everyone'
      ? t('console.users.everyone-hint')
      : kind === 'group'
        ? t('console.users.group-of', { directory })
        : t('console.users.of-directory', { name, directory });
  return (
    <span className="two-lines">
      <span>{nameOf(entry)}</span>
      <span className="quiet">{below}</span>
    </span>
  );
}

type ModeProps = {
  readonly entry: Pick<EntryRow, 'mode' | 'until' | 'reason'> & { readonly over?: boolean };
};

/** Enabled, or exempt until when and why. */
export function EntryMode({ entry: { mode, until, reason, over } }: ModeProps) {
  const { t, format } = useWords();
  if (mode === 'enabled') return t('console.users.mode.enabled');
  return (
    <span className="two-lines">
      <span>
        <span className={over ? 'tag' : 'tag attention'}>
          {over || until === undefined
            ? t('console.users.badge.over')
            : t('console.users.badge.exempt-until', { date: format.date(until) })}
        </span>
      </span>
      <span className="quiet">{reason}</span>
    </span>
  );
}
