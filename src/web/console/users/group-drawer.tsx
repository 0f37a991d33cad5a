import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { EntryAnswer, GroupAnswer, MemberRow, PickedUser } from '../../../admin/index.ts';
import { Problem } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { usePages } from '../api/use-pages.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { SideDrawer } from '../parts/side-drawer.tsx';
import { useAction } from '../parts/use-action.ts';
import { entryPath, groupPath } from './calls.ts';
import { EntryForm, NewEntryForm } from './entry-form.tsx';
import { useAgain } from './use-again.ts';
import { useFound } from './use-found.ts';
import type { ListActions } from './use-list-actions.tsx';
import { useWords } from './words.ts';

type SubjectDrawerProps = {
  /** `everyone` or `group:<directory>:<name>`. */
  readonly subject: string;
  /** Another one asks for it again. */
  readonly round: number;
  readonly onClose: () => void;
  readonly onChanged: () => void;
  readonly listActions: ListActions;
};

/** A group, or everyone: how the list treats them, and who is in a local group. */
export function SubjectDrawer({ subject, round, onClose, onChanged, listActions }: SubjectDrawerProps) {
  const { t } = useWords();
  const { may } = useConsole();
  const api = useApi();
  const everyone = subject === 'everyone';
  const key = subject.slice('group:'.length);
  const known = useLoad(async () => {
    const group = everyone ? undefined : await api.get<GroupAnswer>(groupPath(key));
    const listed = await isListed(() => api.get<EntryAnswer>(entryPath(subject)));
    return { group, listed };
  }, subject);
  useAgain(round, known.reload);
  const name = everyone ? t('console.users.everyone') : (known.value?.group?.name ?? key);

  return (
    <SideDrawer title={name} onClose={onClose}>
      {known.value === undefined && known.problem === undefined && <Loading />}
      {known.problem !== undefined && <Failure problem={known.problem} onAgain={known.reload} />}
      {known.value !== undefined && (
        <>
          <p className="quiet">
            {everyone
              ? t('console.users.everyone-hint')
              : t('console.users.group-of', { directory: known.value.group?.directory ?? '' })}
          </p>
          <section>
            <h2>{t('console.users.drawer.on-list')}</h2>
            {known.value.listed ? (
              <EntryForm
                subject={subject}
                onChanged={onChanged}
                onTakeOff={() => listActions.askToTakeOff([{ id: subject, name }])}
              />
            ) : (
              <>
                <p>{t('console.users.group.not-listed')}</p>
                {may('administer') && <NewEntryForm subject={subject} onChanged={onChanged} />}
              </>
            )}
          </section>
          {known.value.group !== undefined && (
            <Members group={known.value.group} onChanged={onChanged} onDeleted={onClose} />
          )}
        </>
      )}
    </SideDrawer>
  );
}

async function isListed(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'not-found') return false;
    throw thrown;
  }
}

type MembersProps = {
  readonly group: GroupAnswer;
  readonly onChanged: () => void;
  readonly onDeleted: () => void;
};

function Members({ group, onChanged, onDeleted }: MembersProps) {
  const { t } = useWords();
  const { may } = useConsole();
  const api = useApi();
  const notify = useNotice();
  const confirm = useConfirm();
  const { problem, run } = useAction();
  const members = usePages<MemberRow>(api, `${groupPath(group.key)}/members`);

  if (!group.local) {
    return (
      <section>
        <h2>{t('console.users.group.members')}</h2>
        <p>{t('console.users.group.directory-members', { directory: group.directory })}</p>
      </section>
    );
  }
  const mayChange = may('administer');

  const change = (user: { readonly key: string; readonly displayName: string }, member: boolean): void =>
    run(async () => {
      const body = member ? { add: [user.key] } : { remove: [user.key] };
      const { done } = await api.send<{ done: { required?: boolean }[] }>(
        'POST',
        `${groupPath(group.key)}/members`,
        {
          body,
        },
      );
      const required = done[0]?.required;
      const key = member
        ? required === true
          ? 'console.users.group.asked'
          : 'console.users.group.put-in'
        : required === false
          ? 'console.users.group.not-asked'
          : 'console.users.group.taken-out';
      notify(t(key, { name: user.displayName }));
      members.reload();
      onChanged();
    });

  async function remove(): Promise<void> {
    const sure = await confirm({
      title: t('console.users.group.ask-delete', { name: group.name }),
      text: t('console.users.group.ask-delete-text'),
      action: t('console.users.action.remove'),
    });
    if (!sure) return;
    run(async () => {
      await api.send('DELETE', groupPath(group.key));
      notify(t('console.users.group.deleted', { name: group.name }));
      onChanged();
      onDeleted();
    });
  }

  return (
    <section>
      <h2>{t('console.users.group.members')}</h2>
      {group.members !== undefined && group.members > 0 && (
        <p className="quiet">
          {group.moreMembers
            ? t('console.users.group.members-many', { number: group.members })
            : t('console.users.group.members-count', { count: group.members })}
        </p>
      )}
      {mayChange && <PutIn onPut={(user) => change(user, true)} />}
      {problem !== undefined && <Failure problem={problem} />}
      {members.items.length === 0 && !members.loading && <p>{t('console.users.group.no-members')}</p>}
      <ul className="cards">
        {members.items.map((member) => (
          <li key={member.key} className="with-button">
            <div>
              <strong>{member.displayName}</strong>
              <span className="quiet">{member.name}</span>
            </div>
            {mayChange && (
              <Button
                size="md"
                variant="default"
                aria-label={t('console.users.group.take-out', { name: member.displayName })}
                onClick={() => change(member, false)}
              >
                {t('console.users.group.take-out-short')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {members.more && (
        <button type="button" className="plain" onClick={members.loadMore}>
          {t('console.table.more')}
        </button>
      )}
      {mayChange && (
        <div className="row tight">
          <Button size="md" variant="default" className="grave" onClick={remove}>
            {t('console.users.group.delete')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Finds a local user to put into a group. */
function PutIn({ onPut }: { readonly onPut: (user: PickedUser) => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const found = useFound<PickedUser>('users', typed, 'local');
  return (
    <>
      <TextInput
        size="md"
        type="search"
        label={t('console.users.group.add-member')}
        placeholder={t('console.search')}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {found.items.length > 0 && (
        <ul className="cards" aria-label={t('console.users.pick.found', { count: found.items.length })}>
          {found.items.slice(0, 8).map((user) => (
            <li key={user.key} className="with-button">
              <div>
                <strong>{user.displayName}</strong>
                <span className="quiet">{user.name}</span>
              </div>
              <Button
                size="md"
                variant="default"
                aria-label={t('console.users.group.put-in-this', { name: user.displayName })}
                onClick={() => {
                  setTyped('');
                  onPut(user);
                }}
              >
                {t('console.users.group.put-in-short')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {found.nobody && <p className="quiet">{t('console.users.pick.nobody')}</p>}
    </>
  );
}
