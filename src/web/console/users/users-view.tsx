import { Button, Menu, NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { UserRow } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { type Pages, usePages } from '../api/use-pages.ts';
import { useConsole } from '../frame/console-context.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { DirectoryFilter } from './directory-filter.tsx';
import type { AskForUsers } from './use-user-actions.tsx';
import { SetUp, UserTags } from './user-tags.tsx';
import { mostAtOnce, useWords } from './words.ts';

const states = ['enrolled', 'not-enrolled', 'locked', 'exempt', 'disabled', 'administrators'] as const;

/** The filters as they stand in the address, and the users that they leave. */
export function useUsers(): Pages<UserRow> {
  const api = useApi();
  const [q] = useQueryText('search');
  const [directory] = useQueryText('directory');
  const [state] = useQueryText('state');
  return usePages<UserRow>(api, 'users', { q, directory, state });
}

type UsersViewProps = {
  readonly pages: Pages<UserRow>;
  readonly hrefOf: (key: string) => string;
  readonly ask: AskForUsers;
  /** Puts them on the list. */
  readonly onAdd: (users: readonly UserRow[]) => void;
  /** A button that makes the first one. */
  readonly first: ReactNode;
};

/** Everybody whom the gateway knows, and how it stands with their second factor. */
export function UsersView({ pages, hrefOf, ask, onAdd, first }: UsersViewProps) {
  const { t, asked, format } = useWords();
  const { may } = useConsole();
  const [state, setState] = useQueryText('state');
  const [search] = useQueryText('search');
  const [directory] = useQueryText('directory');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = pages.items.filter(({ key }) => selected.has(key));
  const filtered = [search, directory, state].some((each) => each !== '');

  const columns: readonly Column<UserRow>[] = [
    { key: 'name', head: t('console.users.column.name'), cell: (user) => <NameCell user={user} /> },
    {
      key: 'asked',
      head: t('console.users.column.two-factors'),
      cell: (user) => asked(user),
      minor: true,
    },
    { key: 'set-up', head: t('console.users.column.set-up'), cell: (user) => <SetUp user={user} /> },
    {
      key: 'last',
      head: t('console.users.column.last-sign-in'),
      cell: ({ lastSignInAt }) =>
        lastSignInAt === undefined ? (
          <span className="quiet">{t('console.users.never')}</span>
        ) : (
          <time dateTime={lastSignInAt} title={format.moment(lastSignInAt)}>
            {format.ago(Math.min(Date.parse(lastSignInAt), Date.now()))}
          </time>
        ),
      minor: true,
    },
    { key: 'state', head: t('console.users.column.state'), cell: (user) => <UserTags user={user} /> },
  ];

  const some = chosen.map(({ key, displayName }) => ({ id: key, name: displayName }));
  const local = may('administer') && chosen.every((user) => user.directory === 'local');
  const actions =
    chosen.length > mostAtOnce ? (
      <span role="alert">{t('console.users.many-selected', { count: mostAtOnce })}</span>
    ) : (
      <>
        {(['reset', 'unlock', 'ticket'] as const).map((action) => (
          <Button key={action} size="md" variant="default" onClick={() => ask(action, some)}>
            {t(`console.users.action.${action}`)}
          </Button>
        ))}
        {may('administer') && (
          <Button size="md" variant="default" onClick={() => onAdd(chosen)}>
            {t('console.users.action.enable-2fa')}
          </Button>
        )}
        <Menu position="bottom-end" transitionProps={{ duration: 0 }} width="max-content">
          <Menu.Target>
            <Button size="md" variant="default">
              {t('console.users.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(['forget-devices', ...(local ? (['disable', 'enable', 'remove'] as const) : [])] as const).map(
              (action) => (
                <Menu.Item key={action} onClick={() => ask(action, some)}>
                  {t(`console.users.action.${action}`)}
                </Menu.Item>
              ),
            )}
          </Menu.Dropdown>
        </Menu>
      </>
    );

  return (
    <>
      <div className="filters">
        <SearchField label={t('console.users.search')} />
        <DirectoryFilter />
        <NativeSelect
          size="md"
          label={t('console.users.state')}
          value={state}
          onChange={(event) => setState(event.currentTarget.value)}
          data={[
            { value: '', label: t('console.users.any-state') },
            ...states.map((value) => ({ value, label: t(`console.users.state.${value}`) })),
          ]}
        />
      </div>
      <DataTable
        caption={t('console.users.tab.users')}
        columns={columns}
        keyOf={({ key }) => key}
        nameOf={({ displayName }) => displayName}
        hrefOf={({ key }) => hrefOf(key)}
        pages={pages}
        selection={may('help') ? { selected, onChange: setSelected, actions } : undefined}
        empty={
          filtered ? (
            <EmptyState title={t('console.users.nothing.title')}>
              <p>{t('console.users.nothing.text')}</p>
            </EmptyState>
          ) : (
            <EmptyState title={t('console.users.none.title')}>
              <p>{t('console.users.none.text')}</p>
              {first}
            </EmptyState>
          )
        }
      />
    </>
  );
}

function NameCell({ user }: { readonly user: UserRow }) {
  const { t } = useWords();
  return (
    <span className="two-lines">
      <span>{user.displayName}</span>
      <span className="quiet">
        {t('console.users.of-directory', { name: user.name, directory: user.directory })}
      </span>
    </span>
  );
}
