import { Button, Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { adminUrl } from '../api/request.ts';
import { useConsole } from '../frame/console-context.tsx';
import { Link } from '../frame/link.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useDrawer } from '../parts/side-drawer.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { SubjectDrawer } from './group-drawer.tsx';
import { GroupsView, useGroups } from './groups-view.tsx';
import { ImportPage } from './import-page.tsx';
import { ListView, useEntries } from './list-view.tsx';
import { NewGroupDialog } from './new-group-dialog.tsx';
import { NewUserDialog } from './new-user-dialog.tsx';
import { PickDialog } from './pick-dialog.tsx';
import { RemovedView, useRemoved } from './removed-view.tsx';
import { useAgain } from './use-again.ts';
import { type ListActions, useListActions } from './use-list-actions.tsx';
import { type AskForUsers, useUserActions } from './use-user-actions.tsx';
import { UserDrawer } from './user-drawer.tsx';
import { UsersView, useUsers } from './users-view.tsx';
import './users.css';
import { type Named, useWords } from './words.ts';

const views = ['users', 'list', 'groups', 'removed'] as const;
type View = (typeof views)[number];
type Place = ReturnType<typeof useDrawer>;

/** Users and groups, who of them is enabled for two factors, and what each has set up. */
export function Page() {
  const place = useDrawer('/users');
  return place.open === 'import' ? <ImportPage /> : <Lists place={place} />;
}

function Lists({ place }: { readonly place: Place }) {
  const { t } = useWords();
  const [wanted] = useQueryText('view');
  const view = views.find((each) => each === wanted) ?? 'users';
  const [round, setRound] = useState(0);
  const [picked, setPicked] = useState<readonly Named[]>([]);
  const changed = (): void => setRound((before) => before + 1);
  const users = useUserActions(({ action, users: concerned }) => {
    changed();
    if (action === 'remove' && concerned.some(({ id }) => id === place.open)) place.close();
  });
  const list = useListActions(changed);

  function add(some: readonly Named[]): void {
    setPicked(some);
    place.show('add');
  }

  return (
    <>
      <PageHeader title={t('console.users.title')} purpose={t('console.users.purpose')}>
        <Actions onAdd={() => add([])} place={place} />
      </PageHeader>
      <nav className="tabs" aria-label={t('console.users.views')}>
        {views.map((each) => (
          <Link
            key={each}
            to={each === 'users' ? '/users' : `/users?view=${each}`}
            aria-current={each === view ? 'page' : undefined}
          >
            {t(`console.users.tab.${each}`)}
          </Link>
        ))}
      </nav>
      <Shown key={view} view={view} round={round} place={place} ask={users.ask} list={list} onAdd={add} />
      <Beside place={place} ask={users.ask} list={list} round={round} onChanged={changed} picked={picked} />
      {users.dialogs}
      {list.dialogs}
    </>
  );
}

function Actions({ onAdd, place }: { readonly onAdd: () => void; readonly place: Place }) {
  const { t } = useWords();
  const { may, subscription } = useConsole();
  const about = { subscription: subscription.id };
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }} width="max-content">
        <Menu.Target>
          <Button size="md" variant="default">
            {t('console.users.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may('administer') && (
            <>
              <Menu.Item onClick={() => place.show('new')}>{t('console.users.new-user')}</Menu.Item>
              <Menu.Item onClick={() => place.show('new-group')}>{t('console.users.new-group')}</Menu.Item>
              <Menu.Item onClick={() => place.show('import')}>{t('console.users.import')}</Menu.Item>
            </>
          )}
          <Menu.Item component="a" href={adminUrl('users/export', { ...about, format: 'csv' })} download>
            {t('console.users.export')}
          </Menu.Item>
          <Menu.Item component="a" href={adminUrl('users/export', { ...about, format: 'json' })} download>
            {t('console.users.export-json')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {may('administer') && (
        <Button size="md" onClick={onAdd}>
          {t('console.users.add')}
        </Button>
      )}
    </>
  );
}

type ShownProps = {
  readonly view: View;
  /** Another one asks for the list again. */
  readonly round: number;
  readonly place: Place;
  readonly ask: AskForUsers;
  readonly list: ListActions;
  readonly onAdd: (chosen: readonly Named[]) => void;
};

function Shown({ view, ...props }: ShownProps): ReactNode {
  switch (view) {
    case 'users':
      return <ShownUsers {...props} />;
    case 'list':
      return <ShownList {...props} />;
    case 'groups':
      return <ShownGroups {...props} />;
    case 'removed':
      return <ShownRemoved {...props} />;
  }
}

function ShownUsers({ round, place, ask, onAdd }: Omit<ShownProps, 'view'>) {
  const { t } = useWords();
  const { may } = useConsole();
  const pages = useUsers();
  useAgain(round, pages.reload);
  return (
    <UsersView
      pages={pages}
      hrefOf={place.href}
      ask={ask}
      onAdd={(users) =>
        onAdd(users.map(({ key, displayName }) => ({ id: `user:${key}`, name: displayName })))
      }
      first={
        may('administer') && (
          <div className="row tight">
            <Button size="md" onClick={() => onAdd([])}>
              {t('console.users.add')}
            </Button>
            <Button size="md" variant="default" onClick={() => place.show('new')}>
              {t('console.users.new-user')}
            </Button>
          </div>
        )
      }
    />
  );
}

function ShownList({ round, place, list, onAdd }: Omit<ShownProps, 'view'>) {
  const { t } = useWords();
  const { may } = useConsole();
  const pages = useEntries();
  useAgain(round, pages.reload);
  return (
    <ListView
      pages={pages}
      hrefOf={place.href}
      actions={list}
      onEdit={onAdd}
      first={
        may('administer') && (
          <Button size="md" onClick={() => onAdd([])}>
            {t('console.users.add')}
          </Button>
        )
      }
    />
  );
}

function ShownGroups({ round, place }: Omit<ShownProps, 'view'>) {
  const { t } = useWords();
  const { may } = useConsole();
  const pages = useGroups();
  useAgain(round, pages.reload);
  return (
    <GroupsView
      pages={pages}
      hrefOf={place.href}
      first={
        may('administer') && (
          <Button size="md" onClick={() => place.show('new-group')}>
            {t('console.users.new-group')}
          </Button>
        )
      }
    />
  );
}

function ShownRemoved({ round, list }: Omit<ShownProps, 'view'>) {
  const pages = useRemoved();
  useAgain(round, pages.reload);
  return <RemovedView pages={pages} actions={list} />;
}

type BesideProps = {
  readonly place: Place;
  readonly ask: AskForUsers;
  readonly list: ListActions;
  readonly round: number;
  readonly onChanged: () => void;
  readonly picked: readonly Named[];
};

/** What is open beside or over the list, by its address. */
function Beside({ place, ask, list, round, onChanged, picked }: BesideProps): ReactNode {
  const { open } = place;
  switch (open) {
    case undefined:
      return null;
    case 'add':
      return <PickDialog chosen={picked} onDone={onChanged} onClose={place.close} />;
    case 'new':
      return (
        <NewUserDialog
          onDone={(key) => {
            onChanged();
            place.show(key);
          }}
          onClose={place.close}
        />
      );
    case 'new-group':
      return (
        <NewGroupDialog
          onDone={(subject) => {
            onChanged();
            place.show(subject);
          }}
          onClose={place.close}
        />
      );
    default:
      return open === 'everyone' || open.startsWith('group:') ? (
        <SubjectDrawer
          key={open}
          subject={open}
          round={round}
          onClose={place.close}
          onChanged={onChanged}
          listActions={list}
        />
      ) : (
        <UserDrawer
          key={open}
          userKey={open}
          round={round}
          onClose={place.close}
          onChanged={onChanged}
          ask={ask}
          listActions={list}
        />
      );
  }
}
