import { Button } from '@mantine/core';
import { useState } from 'react';
import type { UserAnswer } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { useApi } from '../api/use-api.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { Link } from '../frame/link.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { SideDrawer } from '../parts/side-drawer.tsx';
import { useAction } from '../parts/use-action.ts';
import { AccountSection } from './account-section.tsx';
import { BypassDialog } from './bypass-dialog.tsx';
import { userPath } from './calls.ts';
import { EntryForm, NewEntryForm } from './entry-form.tsx';
import { FactorsSection } from './factors-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { useAgain } from './use-again.ts';
import type { ListActions } from './use-list-actions.tsx';
import type { AskForUsers } from './use-user-actions.tsx';
import { UserTags } from './user-tags.tsx';
import { type Named, useWords } from './words.ts';

type UserDrawerProps = {
  readonly userKey: string;
  /** Another one asks for the user again. */
  readonly round: number;
  readonly onClose: () => void;
  /** Something about the user has changed: lists show it. */
  readonly onChanged: () => void;
  readonly ask: AskForUsers;
  readonly listActions: ListActions;
};

/** Everything about one user, and what can be done with them. */
export function UserDrawer(props: UserDrawerProps) {
  const { userKey, round, onClose } = props;
  const { t } = useWords();
  const user = useVersioned<UserAnswer>(userPath(userKey));
  const title = user.value?.displayName ?? t('console.users.drawer.user');
  useAgain(round, user.reload);
  return (
    <SideDrawer title={title} onClose={onClose}>
      {user.value === undefined && user.problem === undefined && <Loading />}
      {user.problem !== undefined && <Failure problem={user.problem} onAgain={user.reload} />}
      {user.value !== undefined && <Details {...props} user={user.value} versioned={user} />}
    </SideDrawer>
  );
}

export type Versioned = ReturnType<typeof useVersioned<UserAnswer>>;
type DetailsProps = UserDrawerProps & { readonly user: UserAnswer; readonly versioned: Versioned };

function Details({ user, versioned, onChanged, ask, listActions }: DetailsProps) {
  const { t, why, asked, format } = useWords();
  const { may } = useConsole();
  const subject = `user:${user.key}`;
  const self: Named = { id: user.key, name: user.displayName };
  const mayList = may('administer') && user.changeable;
  return (
    <>
      <div>
        <p className="quiet">
          {t('console.users.of-directory', { name: user.name, directory: user.directory })}
        </p>
        <UserTags user={user} />
      </div>
      {user.exists === 'no' && <Message tone="attention">{t('console.users.drawer.gone')}</Message>}
      {user.exists === 'unknown' && (
        <Message tone="attention">
          {t('console.users.drawer.unknown', { date: format.moment(user.seenAt ?? Date.now()) })}
        </Message>
      )}
      {may('administer') && !user.changeable && (
        <Message tone="attention">{t('console.users.drawer.not-changeable')}</Message>
      )}
      <section>
        <h2>{t('console.users.drawer.two-factors')}</h2>
        <p>
          <strong>{asked(user)}.</strong> {why(user)}
        </p>
        <dl className="facts">
          <dt>{t('console.users.drawer.last-sign-in')}</dt>
          <dd>
            {user.lastSignInAt === undefined ? t('console.users.never') : format.moment(user.lastSignInAt)}
          </dd>
        </dl>
        <Locks user={user} />
        {may('help') && <Actions user={user} ask={(action) => ask(action, [self])} onChanged={onChanged} />}
      </section>
      <FactorsSection user={user} />
      <section>
        <h2>{t('console.users.drawer.entry-own')}</h2>
        {user.undoUntil !== undefined && (
          <Message tone="attention">
            {t('console.users.drawer.undo', { date: format.moment(user.undoUntil) })}{' '}
            {mayList && (
              <button type="button" className="plain" onClick={() => listActions.undo([subject])}>
                {t('console.users.action.undo')}
              </button>
            )}
          </Message>
        )}
        {user.entry === undefined ? (
          <>
            <p>{t('console.users.drawer.entry-none')}</p>
            {mayList && <NewEntryForm subject={subject} onChanged={onChanged} />}
          </>
        ) : (
          <EntryForm
            subject={subject}
            onChanged={onChanged}
            onTakeOff={() => listActions.askToTakeOff([{ id: subject, name: user.displayName }])}
          />
        )}
      </section>
      <AccountSection user={user} versioned={versioned} onChanged={onChanged} ask={ask} />
      <SessionsSection user={user} onChanged={onChanged} />
      <p className="row">
        <Link to={`/audit?user=${encodeURIComponent(user.key)}`}>{t('console.users.drawer.audit')}</Link>
        <Link to={`/audit?view=why&user=${encodeURIComponent(user.key)}`}>
          {t('console.users.drawer.why')}
        </Link>
      </p>
    </>
  );
}

function Locks({ user: { lockedUntil } }: { readonly user: UserAnswer }) {
  const { t, format } = useWords();
  const lines = (['codes', 'password'] as const).flatMap((kind) => {
    const end = lockedUntil[kind];
    if (end === undefined) return [];
    return end === 'unlocked'
      ? t(`console.users.drawer.locked-${kind}-ever`)
      : t(`console.users.drawer.locked-${kind}`, { time: format.moment(end) });
  });
  if (lines.length === 0) return null;
  return (
    <Message tone="refusal">
      {lines.map((line) => (
        <span key={line}>{line} </span>
      ))}
    </Message>
  );
}

type ActionsProps = {
  readonly user: UserAnswer;
  readonly ask: (action: 'reset' | 'unlock' | 'ticket' | 'forget-devices') => void;
  readonly onChanged: () => void;
};

/** What a helpdesk does for somebody on the telephone. */
function Actions({ user, ask, onChanged }: ActionsProps) {
  const { t, format } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { run } = useAction();
  const [bypass, setBypass] = useState(false);
  const locked = Object.keys(user.lockedUntil).length > 0;
  const enrolled =
    user.apps.length + user.destinations.filter(({ enrolledAt }) => enrolledAt !== undefined).length > 0;
  const withdraw = (): void =>
    run(
      async () => {
        await api.send('DELETE', `${userPath(user.key)}/bypass`);
        notify(t('console.users.bypass.withdrawn'));
        onChanged();
      },
      (problem) => notify(problem.detail ?? t('portal.failed')),
    );
  return (
    <>
      {user.bypassUntil !== undefined && (
        <Message tone="attention">
          {t('console.users.bypass.out', { time: format.moment(user.bypassUntil) })}{' '}
          <button type="button" className="plain" onClick={withdraw}>
            {t('console.users.bypass.withdraw')}
          </button>
        </Message>
      )}
      <div className="row tight">
        {locked && (
          <Button size="md" onClick={() => ask('unlock')}>
            {t('console.users.action.unlock')}
          </Button>
        )}
        {enrolled ? (
          <>
            <Button size="md" variant="default" onClick={() => setBypass(true)}>
              {t('console.users.action.bypass')}
            </Button>
            <Button size="md" variant="default" onClick={() => ask('reset')}>
              {t('console.users.action.reset')}
            </Button>
          </>
        ) : (
          <Button size="md" variant="default" onClick={() => ask('ticket')}>
            {t('console.users.action.ticket')}
          </Button>
        )}
        <Button size="md" variant="default" onClick={() => ask('forget-devices')}>
          {t('console.users.action.forget-devices')}
        </Button>
      </div>
      {bypass && (
        <BypassDialog
          userKey={user.key}
          name={user.displayName}
          onDone={onChanged}
          onClose={() => setBypass(false)}
        />
      )}
    </>
  );
}
