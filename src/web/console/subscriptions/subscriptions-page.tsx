import { Button } from '@mantine/core';
import { useState } from 'react';
import type { SubscriptionShape, SubscriptionsAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useConsole } from '../frame/console-context.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { SideDrawer, useDrawer } from '../parts/side-drawer.tsx';
import { useTexts } from '../texts.ts';
import { NewSubscription } from './new-subscription.tsx';
import { SubscriptionDetails } from './subscription-details.tsx';
import { useWords } from './words.ts';

/** The customers of a site that has several; reached from Settings while there is one. */
export function Page() {
  const { t } = useTexts();
  const { may, subscriptions, refresh } = useConsole();
  const { assignment } = useWords();
  const api = useApi('site');
  const place = useDrawer('/subscriptions');
  const list = useLoad(() => api.get<SubscriptionsAnswer>('subscriptions'));
  const [making, setMaking] = useState(false);
  const items = list.value?.items ?? [];

  const changed = (): void => {
    list.reload();
    refresh();
  };
  const stateOf = ({ id, deleted }: SubscriptionShape): string => {
    if (deleted) return t('console.subscriptions.deleted');
    const on = subscriptions.find((each) => each.id === id)?.twoFactor ?? true;
    return t(on ? 'console.subscriptions.on' : 'console.subscriptions.off');
  };
  const columns: readonly Column<SubscriptionShape>[] = [
    { key: 'name', head: t('console.subscriptions.name'), cell: ({ name }) => name },
    { key: 'id', head: t('console.subscriptions.id'), minor: true, cell: ({ id }) => id },
    {
      key: 'belongs',
      head: t('console.subscriptions.belongs'),
      cell: ({ id, assignments }) =>
        [...assignments.map(assignment), ...(id === 'default' ? [t('console.subscriptions.rest')] : [])].join(
          ', ',
        ),
    },
    { key: 'state', head: t('console.subscriptions.two-factor'), cell: stateOf },
  ];
  const open = items.find(({ id }) => id === place.open);
  return (
    <>
      <PageHeader title={t('console.nav.subscriptions')} purpose={t('console.subscriptions.purpose')}>
        {may('own', 'site') && (
          <Button size="md" onClick={() => setMaking(true)}>
            {t('console.subscriptions.new')}
          </Button>
        )}
      </PageHeader>
      {items.length === 1 && <p>{t('console.subscriptions.first')}</p>}
      <DataTable
        caption={t('console.subscriptions.list')}
        columns={columns}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        hrefOf={({ id }) => place.href(id)}
        pages={{ items, loading: list.loading, problem: list.problem, reload: list.reload }}
        empty={<EmptyState>{t('console.subscriptions.first')}</EmptyState>}
      />
      {making && (
        <NewSubscription
          onClose={() => setMaking(false)}
          onMade={(id) => {
            setMaking(false);
            changed();
            place.show(id);
          }}
        />
      )}
      {open !== undefined && (
        <SideDrawer title={open.name} onClose={place.close}>
          <SubscriptionDetails
            key={open.id}
            id={open.id}
            others={items.filter(({ id }) => id !== open.id)}
            onChanged={changed}
            onGone={() => {
              place.close();
              changed();
            }}
          />
        </SideDrawer>
      )}
    </>
  );
}
