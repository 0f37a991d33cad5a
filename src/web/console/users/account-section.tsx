import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { UserAnswer } from '../../../admin/index.ts';
import { useConsole } from '../frame/console-context.tsx';
import { ConflictDialog, type Difference } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { LocalGroups } from './local-groups.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import type { AskForUsers } from './use-user-actions.tsx';
import type { Versioned } from './user-drawer.tsx';
import { useWords } from './words.ts';

type AccountSectionProps = {
  readonly user: UserAnswer;
  readonly versioned: Versioned;
  readonly onChanged: () => void;
  readonly ask: AskForUsers;
};

const fields = ['name', 'displayName', 'email', 'phone'] as const;
type Field = (typeof fields)[number];
type Draft = Readonly<Record<Field, string>>;
const labels = {
  name: 'console.users.drawer.name',
  displayName: 'console.users.drawer.display-name',
  email: 'console.users.drawer.account-email',
  phone: 'console.users.drawer.account-phone',
} as const;

const draftOf = ({ name, displayName, email = '', phone = '' }: UserAnswer): Draft => ({
  name,
  displayName,
  email,
  phone,
});

/** The account itself: to be changed where it is kept here, to be read where a directory has it. */
export function AccountSection(props: AccountSectionProps) {
  const { user, onChanged } = props;
  const { t, format } = useWords();
  const { may } = useConsole();
  const mayChange = user.local && user.changeable && may('administer');
  return (
    <section>
      <h2>{t('console.users.drawer.account')}</h2>
      {mayChange && <AccountForm {...props} />}
      <dl className="facts">
        {!mayChange && user.email !== undefined && (
          <>
            <dt>{t('console.users.drawer.account-email')}</dt>
            <dd>{user.email}</dd>
          </>
        )}
        {!mayChange && user.phoneHint !== undefined && (
          <>
            <dt>{t('console.users.drawer.account-phone')}</dt>
            <dd>{user.phoneHint}</dd>
          </>
        )}
        <dt>{t('console.users.drawer.groups')}</dt>
        <dd>
          {mayChange ? (
            <LocalGroups user={user} onChanged={onChanged} />
          ) : (
            <>
              {user.groups.length === 0 ? t('console.users.drawer.no-groups') : user.groups.join(', ')}{' '}
              {!user.groupsComplete && t('console.users.drawer.groups-incomplete')}
            </>
          )}
        </dd>
        {user.createdAt !== undefined && (
          <>
            <dt>{t('console.users.drawer.created')}</dt>
            <dd>{format.date(user.createdAt)}</dd>
          </>
        )}
        <dt>{t('console.users.drawer.key')}</dt>
        <dd className="figures">{user.key}</dd>
      </dl>
      {mayChange && <AccountActions {...props} />}
    </section>
  );
}

function AccountForm({ user, versioned, onChanged }: AccountSectionProps) {
  const { t } = useWords();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [typed, setTyped] = useState<Draft>();
  const before = draftOf(user);
  const draft = typed ?? before;

  const save = (): void =>
    run(async () => {
      const changes = Object.fromEntries(
        fields.filter((field) => draft[field] !== before[field]).map((field) => [field, draft[field].trim()]),
      );
      if ((await versioned.save('PATCH', changes)) === 'conflict') return;
      setTyped(undefined);
      notify(t('console.users.done.saved'));
      onChanged();
    });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    save();
  }

  const { theirs } = versioned;
  return (
    <form className="form" onSubmit={submit} noValidate>
      {fields.map((field) => (
        <TextInput
          key={field}
          size="md"
          label={t(labels[field])}
          type={field === 'email' ? 'email' : field === 'phone' ? 'tel' : 'text'}
          value={draft[field]}
          autoComplete="off"
          onChange={(event) => setTyped({ ...draft, [field]: event.currentTarget.value })}
        />
      ))}
      {problem !== undefined && <Failure problem={problem} />}
      <div className="row tight">
        <Button type="submit" size="md" aria-busy={busy} disabled={typed === undefined}>
          {t('console.users.action.save')}
        </Button>
      </div>
      {theirs !== undefined && (
        <ConflictDialog
          differences={fields
            .filter((field) => draftOf(theirs)[field] !== before[field])
            .map(
              (field): Difference => ({
                label: t(labels[field]),
                theirs: draftOf(theirs)[field],
                mine: draft[field],
              }),
            )}
          onKeepMine={save}
          onTakeTheirs={() => {
            setTyped(undefined);
            versioned.takeTheirs();
          }}
          onClose={versioned.undecided}
        />
      )}
    </form>
  );
}

function AccountActions({ user, onChanged, ask }: AccountSectionProps) {
  const { t } = useWords();
  const [password, setPassword] = useState(false);
  const self = [{ id: user.key, name: user.displayName }];
  return (
    <div className="row tight">
      <Button size="md" variant="default" onClick={() => setPassword(true)}>
        {t('console.users.drawer.password')}
      </Button>
      <Button size="md" variant="default" onClick={() => ask(user.disabled ? 'enable' : 'disable', self)}>
        {t(user.disabled ? 'console.users.action.enable' : 'console.users.action.disable')}
      </Button>
      <Button size="md" variant="default" className="grave" onClick={() => ask('remove', self)}>
        {t('console.users.action.remove')}
      </Button>
      {password && (
        <PasswordDialog
          userKey={user.key}
          name={user.displayName}
          onDone={onChanged}
          onClose={() => setPassword(false)}
        />
      )}
    </div>
  );
}
