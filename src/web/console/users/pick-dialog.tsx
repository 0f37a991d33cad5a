import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { AddedEntriesAnswer, Preview } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { Losses, Warnings } from './effects.tsx';
import { bodyOf, EntryFields, type EntryMistakes, emptyDraft, useEntryMistakes } from './entry-fields.tsx';
import { Chosen, PickFrom } from './pick-from.tsx';
import { ResultDialog } from './result-dialog.tsx';
import { mostAtOnce, type Named, useWords } from './words.ts';

type PickDialogProps = {
  /** Who is chosen already. */
  readonly chosen: readonly Named[];
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** Picks users and groups of every directory, and puts them on the list. */
export function PickDialog({ chosen: first, onDone, onClose }: PickDialogProps) {
  const { t, names } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const mistakesOf = useEntryMistakes();
  const [chosen, setChosen] = useState<readonly Named[]>(first);
  const [draft, setDraft] = useState(emptyDraft);
  const [mistakes, setMistakes] = useState<EntryMistakes>({});
  const [told, setTold] = useState<AddedEntriesAnswer>();
  const subjects = chosen.map(({ id }) => id);
  const alone = subjects.length === 1 && (subjects[0] ?? '').startsWith('user:');
  const change = draft.mode === 'exempt' ? 'exempt' : 'enable';
  const effect = useLoad(
    async () =>
      subjects.length === 0
        ? undefined
        : api.send<Preview>('POST', 'enabled/preview', { body: { change, subjects } }),
    `${change} ${subjects.join(' ')}`,
  );

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const found = mistakesOf(draft);
    setMistakes(found);
    if (Object.keys(found).length > 0 || subjects.length === 0) return;
    run(async () => {
      const body = { subjects, ...bodyOf(draft, alone) };
      const answer = await api.send<AddedEntriesAnswer>('POST', 'enabled', { body });
      onDone();
      if (answer.failed.length > 0) {
        setTold(answer);
        return;
      }
      notify(
        t('console.users.done.added', {
          count: answer.done.length,
          names: names(chosen.map(({ name }) => name)),
        }),
      );
      onClose();
    });
  }

  if (told !== undefined) {
    return (
      <ResultDialog
        text={t('console.users.done.added', {
          count: told.done.length,
          names: names(told.done.map(({ displayName, name }) => displayName ?? name)),
        })}
        answer={{ done: [], failed: told.failed }}
        onClose={onClose}
      />
    );
  }
  const toggle = (one: Named, on: boolean): void =>
    setChosen((before) => [...before.filter(({ id }) => id !== one.id), ...(on ? [one] : [])]);
  return (
    <Dialog title={t('console.users.pick.title')} onClose={onClose} wide>
      <form className="form" onSubmit={submit} noValidate>
        <PickFrom kinds={['users', 'groups']} chosen={chosen} onToggle={toggle} />
        {chosen.length > 0 && <Chosen chosen={chosen} onLeaveOut={(one) => toggle(one, false)} />}
        {chosen.length > 0 && (
          <EntryFields
            draft={draft}
            onChange={setDraft}
            mistakes={mistakes}
            alone={alone}
            exemptable={!subjects.includes('everyone')}
            readOnly={false}
          />
        )}
        {effect.value !== undefined && (
          <>
            <Losses loses={effect.value.loses} />
            <Warnings warnings={effect.value.warnings} />
          </>
        )}
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button
            type="submit"
            size="md"
            aria-busy={busy}
            disabled={chosen.length === 0 || chosen.length > mostAtOnce}
          >
            {chosen.length === 0
              ? t('console.users.add')
              : t(draft.mode === 'exempt' ? 'console.users.pick.exempt-them' : 'console.users.pick.enable', {
                  count: chosen.length,
                })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
