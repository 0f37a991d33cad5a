import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { LiveMessage, SessionShape } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { usePages } from '../api/use-pages.ts';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { SearchField } from '../parts/search-field.tsx';
import type { useDrawer } from '../parts/side-drawer.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';
import { LiveNote } from './live-note.tsx';
import { SessionDrawer } from './session-drawer.tsx';
import { StateTag } from './state-tag.tsx';
import { useLive } from './use-live.ts';

const states = ['live', 'granted', 'active', 'ended', 'all'] as const;
type State = (typeof states)[number];

export const keyOfSession = ({ user, id }: Pick<SessionShape, 'user' | 'id'>): string => `${user}/${id}`;

type SessionsViewProps = { readonly place: ReturnType<typeof useDrawer> };

/** The 2FA sessions: found by name and state, the first page as it changes. */
export function SessionsView({ place }: SessionsViewProps) {
  const { t } = useTexts();
  const format = useFormat();
  const api = useApi();
  const [search] = useQueryText('search');
  const [wanted, setState] = useQueryText('state');
  const state: State = states.find((each) => each === wanted) ?? 'live';
  const query = {
    ...(search === '' ? {} : { name: search }),
    ...(state === 'all' ? {} : { state }),
  };
  const pages = usePages<SessionShape>(api, 'sessions', query);
  const [round, setRound] = useState(0);

  function hear(message: LiveMessage): void {
    if (message.type !== 'sessions') return;
    const told = new Map(message.items.map((session) => [keyOfSession(session), session]));
    const first = pages.items.slice(0, Math.max(message.items.length, pages.more ? 0 : pages.items.length));
    const same =
      first.length === message.items.length && first.every((session) => told.has(keyOfSession(session)));
    if (same) pages.update((session) => told.get(keyOfSession(session)) ?? session);
    else if (!pages.loading) pages.reload();
    setRound((before) => before + 1);
  }
  const live = useLive({ watch: 'sessions', ...query }, hear);

  const narrowed = search !== '' || state !== 'live';
  return (
    <>
      <div className="filters">
        <SearchField label={t('console.sessions.search')} />
        <NativeSelect
          size="md"
          label={t('console.sessions.state')}
          value={state}
          onChange={(event) =>
            setState(event.currentTarget.value === 'live' ? '' : event.currentTarget.value)
          }
          data={states.map((value) => ({ value, label: t(`console.sessions.filter.${value}`) }))}
        />
      </div>
      <LiveNote state={live} />
      <DataTable
        caption={t('console.sessions.caption')}
        columns={[
          {
            key: 'name',
            head: t('console.sessions.user'),
            cell: ({ name, displayName }) => (displayName === name ? name : `${displayName} (${name})`),
          },
          {
            key: 'state',
            head: t('console.sessions.state'),
            cell: (session) => <StateTag session={session} />,
          },
          {
            key: 'verified',
            head: t('console.sessions.verified'),
            cell: ({ verifiedAt }) => format.ago(verifiedAt),
            minor: true,
          },
          { key: 'ends', head: t('console.sessions.ends'), cell: ({ endsAt }) => format.moment(endsAt) },
          {
            key: 'address',
            head: t('console.sessions.address'),
            cell: ({ address }) => address,
            minor: true,
          },
          {
            key: 'browser',
            head: t('console.sessions.browser'),
            cell: ({ browser }) => browser,
            minor: true,
          },
        ]}
        keyOf={keyOfSession}
        nameOf={({ name }) => name}
        hrefOf={(session) => place.href(keyOfSession(session))}
        pages={pages}
        empty={
          <EmptyState title={t(narrowed ? 'console.sessions.nothing' : 'console.sessions.none')}>
            <p>{t(narrowed ? 'console.sessions.nothing-text' : 'console.sessions.none-text')}</p>
          </EmptyState>
        }
      />
      {place.open !== undefined && (
        <SessionDrawer
          key={place.open}
          which={place.open}
          round={round}
          onClose={place.close}
          onEnded={pages.reload}
        />
      )}
    </>
  );
}
