import { useEffect } from 'react';
import type { AuditEntryShape, AuditTypesAnswer } from '../../../admin/index.ts';
import { adminUrl } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { usePages } from '../api/use-pages.ts';
import { useConsole } from '../frame/console-context.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { useDrawer } from '../parts/side-drawer.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { EntryDrawer, textOf } from './entry-drawer.tsx';
import { typesOf } from './event-sets.ts';
import { LogFilters, useFilters } from './log-filters.tsx';

/** The log, newest first, narrowed by what stands in the address. */
export function LogView() {
  const { t, language } = useTexts();
  const format = useFormat();
  const api = useApi();
  const { subscription } = useConsole();
  const place = useDrawer('/audit');
  const { filters, everywhere, set, clear, narrowed } = useFilters();
  const types = useLoad(() => api.get<AuditTypesAnswer>('audit/types'), language);
  const known = types.value?.items ?? [];
  const { event, from, to, ...rest } = filters;
  const query = {
    ...rest,
    type: typesOf(
      event,
      known.map(({ type }) => type),
    ),
    from: momentOf(from),
    to: momentOf(to),
    ...(everywhere ? { everywhere: true } : {}),
  };
  const pages = usePages<AuditEntryShape>(api, 'audit', query);
  const { items, more, loading, loadingMore, problem, loadMore } = pages;
  // Of one subscription a page may hold none of the entries that were looked at, and more to come.
  const empty = items.length === 0 && more && !loading && !loadingMore && problem === undefined;
  useEffect(() => {
    if (empty) loadMore();
  });

  const exportQuery = { ...query, subscription: subscription.id };
  return (
    <>
      <LogFilters filters={filters} types={known} onSet={set} onClear={clear} onRefresh={pages.reload} />
      <p className="exports">
        {t('console.audit.export')}{' '}
        <a href={adminUrl('audit/export.csv', exportQuery)} download>
          {t('console.audit.export.csv')}
        </a>{' '}
        ·{' '}
        <a href={adminUrl('audit/export.jsonl', exportQuery)} download>
          {t('console.audit.export.jsonl')}
        </a>
      </p>
      <DataTable
        caption={t('console.audit.caption')}
        columns={[
          { key: 'at', head: t('console.audit.time'), cell: ({ at }) => format.second(at) },
          { key: 'title', head: t('console.audit.event'), cell: ({ title }) => title },
          {
            key: 'user',
            head: t('console.audit.user'),
            cell: ({ userName, event: said }) => userName ?? textOf(said.name) ?? textOf(said.user) ?? '',
          },
          {
            key: 'result',
            head: t('console.audit.result'),
            cell: ({ event: said }) => textOf(said.result) ?? textOf(said.reason) ?? textOf(said.code) ?? '',
            minor: true,
          },
          {
            key: 'actor',
            head: t('console.audit.actor'),
            cell: ({ actorName, event: said }) => actorName ?? textOf(said.actor) ?? '',
            minor: true,
          },
          {
            key: 'address',
            head: t('console.audit.address'),
            cell: ({ event: said }) => addressOf(said) ?? '',
            minor: true,
          },
        ]}
        keyOf={({ id }) => id}
        nameOf={({ title }) => title}
        hrefOf={({ id }) => place.href(id)}
        pages={{ ...pages, loading: loading || empty || loadingMore }}
        empty={
          <EmptyState title={t('console.audit.none')}>
            <p>{t('console.audit.none-text')}</p>
            {narrowed && (
              <button type="button" className="plain" onClick={clear}>
                {t('console.audit.clear')}
              </button>
            )}
          </EmptyState>
        }
      />
      {place.open !== undefined && (
        <EntryDrawer
          key={place.open}
          id={place.open}
          shown={items.find(({ id }) => id === place.open)}
          everywhere={everywhere}
          onClose={place.close}
        />
      )}
    </>
  );
}

/** What a field of the browser holds is a time of this place. */
function momentOf(local: string): string | undefined {
  if (local === '') return undefined;
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

export function addressOf(event: AuditEntryShape['event']): string | undefined {
  const { origin } = event;
  if (typeof origin !== 'object' || origin === null || !('address' in origin)) return undefined;
  return textOf(origin.address);
}
