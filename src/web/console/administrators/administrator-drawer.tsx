import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AdministratorShape } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { Link } from '../frame/link.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { ConflictDialog } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { SideDrawer } from '../parts/side-drawer.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { type PersonsRole, RoleFields, rolesOfPeople, useRoleWords } from './role-fields.tsx';

type Grant = AdministratorShape['grants'][number];
/** What the person wants of one grant: another role, or none. */
type Wish = { readonly grant: Grant; readonly role: PersonsRole | undefined };

type AdministratorDrawerProps = {
  readonly user: string;
  readonly onChanged: () => void;
  readonly onClose: () => void;
};

/** What somebody may, since when and by whom, and to change it. */
export function AdministratorDrawer({ user, onChanged, onClose }: AdministratorDrawerProps) {
  const { t } = useTexts();
  const path = `administrators/${segment(user)}`;
  const loaded = useVersioned<AdministratorShape>(path);
  const { busy, problem, run, forget } = useAction();
  const confirm = useConfirm();
  const notify = useNotice();
  const words = useRoleWords();
  const [wish, setWish] = useState<Wish>();
  const { value } = loaded;
  const name = value?.displayName ?? value?.name ?? user;

  function change({ grant, role }: Wish): void {
    setWish({ grant, role });
    const everywhere = grant.subscription === undefined;
    run(async () => {
      const question = {
        title: t('console.administrators.withdraw.title', { name }),
        text: t('console.administrators.withdraw.text', { name, role: words.role(grant.role) }),
        action: t('console.administrators.withdraw'),
      };
      if (role === undefined && !(await confirm(question))) return;
      const saved =
        role === undefined
          ? await loaded.save('DELETE', undefined, everywhere ? `${path}?everywhere=true` : path)
          : await loaded.save('PUT', { role, everywhere });
      if (saved === 'conflict') return;
      setWish(undefined);
      onChanged();
      if (role === undefined) {
        notify(t('console.administrators.withdraw.done', { name }));
        onClose();
      } else notify(t('console.administrators.give.done', { name, role: words.role(role) }));
    });
  }

  const theirs = loaded.theirs;
  const roleIn = (shape: AdministratorShape, { subscription }: Grant): string => {
    const found = shape.grants.find((each) => each.subscription === subscription);
    return found === undefined ? '–' : words.role(found.role);
  };
  return (
    <SideDrawer title={name} onClose={onClose}>
      {value === undefined && loaded.problem === undefined && <Loading />}
      {value === undefined && loaded.problem !== undefined && (
        <Failure problem={loaded.problem} onAgain={loaded.reload} />
      )}
      {value !== undefined && <Details value={value} busy={busy} onChange={change} onTyped={forget} />}
      {problem !== undefined && <Failure problem={problem} />}
      {theirs !== undefined && wish !== undefined && (
        <ConflictDialog
          differences={[
            {
              label: t('console.administrators.role'),
              theirs: roleIn(theirs, wish.grant),
              mine: wish.role === undefined ? '–' : words.role(wish.role),
            },
          ]}
          onKeepMine={() => change(wish)}
          onTakeTheirs={() => {
            loaded.takeTheirs();
            setWish(undefined);
            onChanged();
          }}
          onClose={loaded.undecided}
        />
      )}
    </SideDrawer>
  );
}

type DetailsProps = {
  readonly value: AdministratorShape;
  readonly busy: boolean;
  readonly onChange: (wish: Wish) => void;
  readonly onTyped: () => void;
};

function Details({ value, busy, onChange, onTyped }: DetailsProps) {
  const { t } = useTexts();
  const format = useFormat();
  const { may } = useConsole();
  const { user, name, state, enrolled, lastUsedAt, grants } = value;
  return (
    <>
      <dl className="facts">
        <dt>{t('console.administrators.name')}</dt>
        <dd>{name ?? user}</dd>
        <dt>{t('console.administrators.state')}</dt>
        <dd>{t(`console.administrators.state.${state}`)}</dd>
        <dt>{t('console.administrators.factor')}</dt>
        <dd>
          {t(enrolled ? 'console.administrators.factor.set' : 'console.administrators.factor.missing')}
          {lastUsedAt === undefined
            ? ''
            : `, ${t('console.administrators.used', { ago: format.ago(lastUsedAt) })}`}
        </dd>
      </dl>
      {grants.length === 0 && <p>{t('console.administrators.gone')}</p>}
      {grants.map((grant) => (
        <GrantSection
          key={`${grant.subscription ?? ''} ${grant.role}`}
          grant={grant}
          busy={busy}
          mayChange={may('own', grant.subscription === undefined ? 'site' : 'subscription')}
          onChange={(role) => onChange({ grant, role })}
          onTyped={onTyped}
        />
      ))}
      <p>
        <Link to={`/audit?actor=${segment(user)}`}>
          {t('console.administrators.audit', { name: name ?? user })}
        </Link>
      </p>
    </>
  );
}

type GrantSectionProps = {
  readonly grant: Grant;
  readonly busy: boolean;
  readonly mayChange: boolean;
  readonly onChange: (role: PersonsRole | undefined) => void;
  readonly onTyped: () => void;
};

function GrantSection({ grant, busy, mayChange, onChange, onTyped }: GrantSectionProps) {
  const { t } = useTexts();
  const format = useFormat();
  const words = useRoleWords();
  const [role, setRole] = useState<PersonsRole>(grant.role);
  const { since, by, byName } = grant;
  const giver = byName ?? by;
  const date = format.moment(since);
  return (
    <section className="grant">
      <h3>{`${words.role(grant.role)}, ${words.place(grant.subscription)}`}</h3>
      <p className="quiet">
        {t('console.administrators.since')}{' '}
        {giver === undefined ? date : t('console.administrators.since-by', { date, name: giver })}
      </p>
      {mayChange && (
        <div className="form">
          <RoleFields
            roles={rolesOfPeople}
            role={role}
            onRole={(chosen) => {
              setRole(chosen);
              onTyped();
            }}
          />
          <div className="row">
            <Button size="md" aria-busy={busy} disabled={role === grant.role} onClick={() => onChange(role)}>
              {t('console.administrators.change.save')}
            </Button>
            <Button size="md" variant="default" onClick={() => onChange(undefined)}>
              {t('console.administrators.withdraw')}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
