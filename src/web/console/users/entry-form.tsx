import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { AddedEntriesAnswer, EntryAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { ConflictDialog, type Difference } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { entryPath } from './calls.ts';
import { Warnings } from './effects.tsx';
import {
  bodyOf,
  draftOf,
  type EntryDraft,
  EntryFields,
  type EntryMistakes,
  emptyDraft,
  useEntryMistakes,
} from './entry-fields.tsx';
import { useWords } from './words.ts';

type EntryFormProps = {
  readonly subject: string;
  readonly onChanged: () => void;
  readonly onTakeOff: () => void;
};

const isUser = (subject: string): boolean => subject.startsWith('user:');

/** The entry that a subject has on the list, to change it or to take it off. */
export function EntryForm({ subject, onChanged, onTakeOff }: EntryFormProps) {
  const { t, format } = useWords();
  const { may } = useConsole();
  const entry = useVersioned<EntryAnswer>(entryPath(subject));
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const mistakesOf = useEntryMistakes();
  const [typed, setTyped] = useState<EntryDraft>();
  const [mistakes, setMistakes] = useState<EntryMistakes>({});

  if (entry.value === undefined) {
    return entry.problem === undefined ? (
      <Loading />
    ) : (
      <Failure problem={entry.problem} onAgain={entry.reload} />
    );
  }
  const before = draftOf(entry.value);
  const draft = typed ?? before;
  const mayChange = may('administer');

  const save = (): void =>
    run(async () => {
      if ((await entry.save('PUT', bodyOf(draft, isUser(subject)))) === 'conflict') return;
      setTyped(undefined);
      notify(t('console.users.done.saved'));
      onChanged();
    });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const found = mistakesOf(draft);
    setMistakes(found);
    if (Object.keys(found).length === 0) save();
  }

  return (
    <form className="form" onSubmit={submit} noValidate>
      <Warnings warnings={entry.value.warnings} />
      <EntryFields
        draft={draft}
        onChange={setTyped}
        mistakes={mistakes}
        alone={isUser(subject)}
        exemptable={subject !== 'everyone'}
        readOnly={!mayChange}
      />
      <p className="quiet">{t('console.users.drawer.since', { date: format.moment(entry.value.since) })}</p>
      {problem !== undefined && <Failure problem={problem} />}
      {mayChange && (
        <div className="row tight">
          <Button type="submit" size="md" aria-busy={busy} disabled={typed === undefined}>
            {t('console.users.action.save')}
          </Button>
          <Button size="md" variant="default" className="grave" onClick={onTakeOff}>
            {t('console.users.action.take-off')}
          </Button>
        </div>
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
    </form>
  );
}

/** Puts a subject on the list that has no entry yet. */
export function NewEntryForm({ subject, onChanged }: Omit<EntryFormProps, 'onTakeOff'>) {
  const { t } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const mistakesOf = useEntryMistakes();
  const [draft, setDraft] = useState(emptyDraft);
  const [mistakes, setMistakes] = useState<EntryMistakes>({});

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const found = mistakesOf(draft);
    setMistakes(found);
    if (Object.keys(found).length > 0) return;
    run(async () => {
      const body = { subjects: [subject], ...bodyOf(draft, isUser(subject)) };
      await api.send<AddedEntriesAnswer>('POST', 'enabled', { body });
      notify(t('console.users.done.saved'));
      onChanged();
    });
  }

  return (
    <form className="form" onSubmit={submit} noValidate>
      <EntryFields
        draft={draft}
        onChange={setDraft}
        mistakes={mistakes}
        alone={isUser(subject)}
        exemptable={subject !== 'everyone'}
        readOnly={false}
      />
      {problem !== undefined && <Failure problem={problem} />}
      <div className="row tight">
        <Button type="submit" size="md" aria-busy={busy}>
          {t('console.users.action.put-on')}
        </Button>
      </div>
    </form>
  );
}

/** What somebody else changed since it was read; all of it as the page shows it. */
function differencesOf(
  before: EntryDraft,
  theirs: EntryDraft,
  mine: EntryDraft,
  t: ReturnType<typeof useWords>['t'],
): Difference[] {
  const shown: readonly (readonly [string, (draft: EntryDraft) => string])[] = [
    [t('console.users.drawer.treat'), ({ mode }) => t(`console.users.drawer.treat.${mode}`)],
    [t('console.users.drawer.method'), ({ method }) => t(`console.users.method.${method}`)],
    [t('console.users.drawer.phone'), ({ phone }) => phone],
    [t('console.users.drawer.email'), ({ email }) => email],
    [t('console.users.drawer.reason'), ({ reason }) => reason],
    [t('console.users.drawer.until'), ({ until }) => until.replace('T', ' ')],
  ];
  return shown
    .filter(([, of]) => of(before) !== of(theirs))
    .map(([label, of]) => ({ label, theirs: of(theirs), mine: of(mine) }));
}
