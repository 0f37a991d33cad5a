import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { UserAnswer, WhitelistRow } from '../../../admin/index.ts';
import { Problem, segment } from '../api/request.ts';
import { type Api, useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { Link } from '../frame/link.tsx';
import { ConflictDialog, type Difference } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { SideDrawer } from '../parts/side-drawer.tsx';
import { useAction } from '../parts/use-action.ts';
import { toField, useWords } from '../users/words.ts';
import { bodyOf, type Draft, type Mistakes, ReasonFields, useMistakes } from './reason-fields.tsx';

type EntryDrawerProps = {
  /** Their key. */
  readonly user: string;
  readonly onChanged: () => void;
  readonly onRemove: (row: WhitelistRow) => void;
  readonly onClose: () => void;
};

const draftOf = ({ reason, until }: WhitelistRow): Draft => ({ reason, until: toField(until) });

/** Why one user needs no code, and until when. */
export function EntryDrawer({ user, onChanged, onRemove, onClose }: EntryDrawerProps) {
  const { t } = useWords();
  const { may } = useConsole();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const mistakesOf = useMistakes();
  const entry = useVersioned<WhitelistRow>(`rdp-whitelist/${segment(user)}`);
  const [typed, setTyped] = useState<Draft>();
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const row = entry.value;
  const before = row === undefined ? { reason: '', until: '' } : draftOf(row);
  const draft = typed ?? before;

  const save = (): void =>
    run(async () => {
      if ((await entry.save('PUT', bodyOf(draft))) === 'conflict') return;
      setTyped(undefined);
      notify(t('console.rdp.saved'));
      onChanged();
    });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const found = mistakesOf(draft, before);
    setMistakes(found);
    if (Object.keys(found).length === 0) save();
  }

  return (
    <SideDrawer title={row?.displayName ?? row?.name ?? user} onClose={onClose}>
      {row === undefined && entry.problem === undefined && <Loading />}
      {entry.problem !== undefined && <Failure problem={entry.problem} onAgain={entry.reload} />}
      {row !== undefined && (
        <>
          <div>
            <p className="quiet">
              {t('console.users.of-directory', { name: row.name, directory: row.directory })}
            </p>
            {row.over && <span className="tag">{t('console.rdp.over')}</span>}
          </div>
          <form className="form" onSubmit={submit} noValidate>
            <ReasonFields
              draft={draft}
              onChange={setTyped}
              mistakes={mistakes}
              readOnly={!may('administer')}
            />
            <SinceBy row={row} />
            {problem !== undefined && <Failure problem={problem} />}
            {may('administer') && (
              <div className="row tight">
                <Button type="submit" size="md" aria-busy={busy} disabled={typed === undefined}>
                  {t('console.rdp.save')}
                </Button>
                <Button size="md" variant="default" className="grave" onClick={() => onRemove(row)}>
                  {t('console.rdp.remove')}
                </Button>
              </div>
            )}
          </form>
          <p>
            <Link to={`/users/${segment(row.user)}`}>{t('console.rdp.user')}</Link>
          </p>
        </>
      )}
      {entry.theirs !== undefined && (
        <ConflictDialog
          differences={differencesOf(before, draftOf(entry.theirs), draft, t)}
          onKeepMine={save}
          onTakeTheirs={() => {
            setTyped(undefined);
            entry.takeTheirs();
          }}
          onClose={entry.undecided}
        />
      )}
    </SideDrawer>
  );
}

/** Since when, and by whom: by name, where that can be told. */
function SinceBy({ row: { since, by } }: { readonly row: WhitelistRow }) {
  const { t, format } = useWords();
  const api = useApi();
  const who = useLoad(async () => (by.includes(':') ? await nameOf(api, by) : by), by);
  return (
    <p className="quiet">{t('console.rdp.since-by', { date: format.moment(since), by: who.value ?? by })}</p>
  );
}

/** What people call a user; their key where they are known no more. */
async function nameOf(api: Api, key: string): Promise<string> {
  try {
    return (await api.get<UserAnswer>(`users/${segment(key)}`)).displayName;
  } catch (thrown) {
    if (thrown instanceof Problem) return key;
    throw thrown;
  }
}

function differencesOf(
  before: Draft,
  theirs: Draft,
  mine: Draft,
  t: ReturnType<typeof useWords>['t'],
): Difference[] {
  const shown = {
    reason: ({ reason }: Draft) => reason,
    until: ({ until }: Draft) => until.replace('T', ' '),
  };
  return (['reason', 'until'] as const)
    .filter((field) => before[field] !== theirs[field])
    .map((field) => ({
      label: t(`console.rdp.${field}`),
      theirs: shown[field](theirs),
      mine: shown[field](mine),
    }));
}
