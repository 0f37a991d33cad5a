import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { TunnelShape } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useConsole } from '../frame/console-context.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { useNotice } from '../parts/notice.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { SideDrawer, type useDrawer } from '../parts/side-drawer.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';
import { LiveNote } from './live-note.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { TunnelDetails } from './tunnel-details.tsx';
import { type Tunnels, tunnelsAfter } from './tunnels.ts';
import { useLive } from './use-live.ts';

/** Rows drawn at once: thousands would make the page slow. */
const together = 200;

type RemoteViewProps = { readonly place: ReturnType<typeof useDrawer> };

/** The remote sessions that are open now, on all replicas, as they come and go. */
export function RemoteView({ place }: RemoteViewProps) {
  const { t } = useTexts();
  const format = useFormat();
  const { may } = useConsole();
  const api = useApi();
  const notify = useNotice();
  const [search] = useQueryText('search');
  const [application, setApplication] = useQueryText('application');
  const [tunnels, setTunnels] = useState<Tunnels>();
  const [shown, setShown] = useState(together);
  const [closing, setClosing] = useState<TunnelShape>();
  const state = useLive({ watch: 'tunnels' }, (message) =>
    setTunnels((before) => tunnelsAfter(before, message)),
  );

  const all = tunnels?.items ?? [];
  const names = [
    ...new Set([...all.map((each) => each.application), ...(application === '' ? [] : [application])]),
  ].sort();
  const wanted = search.toLowerCase();
  const items = all.filter(
    (each) =>
      (application === '' || each.application === application) &&
      [each.name, each.address, each.server].some((text) => text.toLowerCase().includes(wanted)),
  );
  const open = all.find(({ id }) => id === place.open);

  async function close({ id, name }: TunnelShape, reason: string): Promise<void> {
    const { closed } = await api.send<{ closed: boolean }>('POST', `tunnels/${id}/close`, {
      body: { reason },
    });
    notify(t(closed ? 'console.sessions.tunnel.closed' : 'console.sessions.tunnel.gone', { name }));
    setClosing(undefined);
    place.close();
  }

  return (
    <>
      <div className="filters">
        <SearchField label={t('console.sessions.remote.search')} />
        <NativeSelect
          size="md"
          label={t('console.sessions.application')}
          value={application}
          onChange={(event) => setApplication(event.currentTarget.value)}
          data={[{ value: '', label: t('console.sessions.all-applications') }, ...names]}
        />
      </div>
      <LiveNote state={state} />
      {tunnels?.more === true && <p>{t('console.sessions.remote.more')}</p>}
      <DataTable
        caption={t('console.sessions.remote.caption')}
        columns={[
          { key: 'name', head: t('console.sessions.user'), cell: ({ name }) => name },
          { key: 'application', head: t('console.sessions.application'), cell: (each) => each.application },
          { key: 'server', head: t('console.sessions.server'), cell: ({ server }) => server, minor: true },
          {
            key: 'address',
            head: t('console.sessions.address'),
            cell: ({ address }) => address,
            minor: true,
          },
          { key: 'since', head: t('console.sessions.since'), cell: ({ openedAt }) => format.ago(openedAt) },
          {
            key: 'bytes',
            head: t('console.sessions.bytes'),
            numeric: true,
            cell: ({ bytesIn, bytesOut }) => format.bytes(bytesIn + bytesOut),
          },
        ]}
        keyOf={({ id }) => id}
        nameOf={({ name, application: where }) => `${name}, ${where}`}
        hrefOf={({ id }) => place.href(id)}
        pages={{
          items: items.slice(0, shown),
          loading: tunnels === undefined,
          more: items.length > shown,
          loadMore: () => setShown((before) => before + together),
        }}
        empty={
          <EmptyState
            title={t(all.length === 0 ? 'console.sessions.remote.none' : 'console.sessions.nothing')}
          >
            <p>
              {t(all.length === 0 ? 'console.sessions.remote.none-text' : 'console.sessions.nothing-text')}
            </p>
          </EmptyState>
        }
      />
      {place.open !== undefined && tunnels !== undefined && (
        <SideDrawer
          title={
            open === undefined
              ? t('console.sessions.tunnel.title-gone')
              : t('console.sessions.tunnel.title', { name: open.name })
          }
          onClose={place.close}
        >
          {open === undefined ? (
            <p>{t('console.sessions.tunnel.over')}</p>
          ) : (
            <TunnelDetails tunnel={open} onClose={may('help') ? () => setClosing(open) : undefined} />
          )}
        </SideDrawer>
      )}
      {closing !== undefined && (
        <ReasonDialog
          title={t('console.sessions.tunnel.ask', { name: closing.name, application: closing.application })}
          text={t('console.sessions.tunnel.ask-text')}
          action={t('console.sessions.tunnel.close')}
          onReason={(reason) => close(closing, reason)}
          onClose={() => setClosing(undefined)}
        />
      )}
    </>
  );
}
