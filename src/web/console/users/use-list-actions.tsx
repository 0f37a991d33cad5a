import { type ReactNode, useState } from 'react';
import type { Preview, RemovedEntriesAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { ActionDialog } from './action-dialog.tsx';
import { ResultDialog } from './result-dialog.tsx';
import { type Named, useWords } from './words.ts';

type Undone = {
  readonly done: readonly { readonly subject: string; readonly name: string }[];
  readonly failed: RemovedEntriesAnswer['failed'];
};
type Told = { readonly text: string; readonly failed: RemovedEntriesAnswer['failed'] };

export type ListActions = {
  /** Asks whether these entries shall leave the list, and takes them off it. */
  readonly askToTakeOff: (entries: readonly Named[]) => void;
  /** Puts back what left the list within seven days. */
  readonly undo: (subjects: readonly string[]) => void;
  readonly dialogs: ReactNode;
};

/** Taking users and groups off the list, and putting them back. */
export function useListActions(onDone: () => void): ListActions {
  const { t, names } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { run } = useAction();
  const [asked, setAsked] = useState<readonly Named[]>();
  const [told, setTold] = useState<Told>();
  const nameOf = (subject: string, name: string): string =>
    subject === 'everyone' ? t('console.users.everyone') : name;
  const sentence = (
    what: 'take-off' | 'undo',
    done: readonly { readonly subject: string; readonly name: string }[],
  ): string =>
    t(`console.users.done.${what}`, {
      count: done.length,
      names: names(done.map(({ subject, name }) => nameOf(subject, name))),
    });

  const undo = (subjects: readonly string[]): void =>
    run(
      async () => {
        const { done, failed } = await api.send<Undone>('POST', 'enabled/undo', { body: { subjects } });
        onDone();
        if (failed.length > 0) setTold({ text: sentence('undo', done), failed });
        else notify(sentence('undo', done));
      },
      (problem) => notify(problem.detail ?? t('portal.failed')),
    );

  async function takeOff(entries: readonly Named[], confirm?: number): Promise<void> {
    const { done, failed } = await api.send<RemovedEntriesAnswer>('POST', 'enabled/remove', {
      body: { subjects: entries.map(({ id }) => id), ...(confirm === undefined ? {} : { confirm }) },
    });
    setAsked(undefined);
    onDone();
    const text = sentence('take-off', done);
    if (failed.length > 0) setTold({ text, failed });
    else
      notify(text, {
        label: t('console.users.action.undo'),
        run: () => undo(done.map(({ subject }) => subject)),
      });
  }

  const dialogs = (
    <>
      {asked !== undefined && (
        <ActionDialog
          title={t('console.users.ask.take-off', {
            count: asked.length,
            names: names(asked.map(({ name }) => name)),
          })}
          text={t('console.users.ask.take-off-text')}
          action={t('console.users.ask.go.take-off')}
          destructive
          preview={() =>
            api.send<Preview>('POST', 'enabled/preview', {
              body: { change: 'remove', subjects: asked.map(({ id }) => id) },
            })
          }
          onGo={({ confirm }) => takeOff(asked, confirm)}
          onClose={() => setAsked(undefined)}
        />
      )}
      {told !== undefined && (
        <ResultDialog
          text={told.text}
          answer={{ done: [], failed: [...told.failed] }}
          onClose={() => setTold(undefined)}
        />
      )}
    </>
  );
  return { askToTakeOff: setAsked, undo, dialogs };
}
