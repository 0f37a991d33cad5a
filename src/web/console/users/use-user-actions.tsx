import { type ReactNode, useState } from 'react';
import type { Preview, UsersAction, UsersActionAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useNotice } from '../parts/notice.tsx';
import { ActionDialog } from './action-dialog.tsx';
import { actionPath } from './calls.ts';
import { ResultDialog } from './result-dialog.tsx';
import { type Named, useWords } from './words.ts';

type Asked = { readonly action: UsersAction; readonly users: readonly Named[] };
type Told = { readonly text: string; readonly answer: UsersActionAnswer };

export type AskForUsers = (action: UsersAction, users: readonly Named[]) => void;

/** What destroys nothing is not red. */
const harmless: readonly UsersAction[] = ['unlock', 'ticket', 'enable'];

/**
 * What can be done with one or many users, each asked about first: `ask('reset', users)`; `dialogs` belongs into the
 * page. `onDone` is told when something has changed.
 */
export function useUserActions(onDone: (asked: Asked) => void): { ask: AskForUsers; dialogs: ReactNode } {
  const { t, names } = useWords();
  const api = useApi();
  const notify = useNotice();
  const [asked, setAsked] = useState<Asked>();
  const [told, setTold] = useState<Told>();

  async function go({ action, users }: Asked, wish: { confirm?: number; chosen: boolean }): Promise<void> {
    const answer = await api.send<UsersActionAnswer>('POST', actionPath(action), {
      body: {
        users: users.map(({ id }) => id),
        ...(wish.confirm === undefined ? {} : { confirm: wish.confirm }),
        ...(action === 'reset' ? { ticket: wish.chosen } : {}),
      },
    });
    const { done, failed } = answer;
    const changed = done.filter((each) => each.changed);
    const text =
      changed.length === 0
        ? t('console.users.done.nothing')
        : t(`console.users.done.${action}`, {
            count: changed.length,
            names: names(changed.map(({ name }) => name)),
          });
    setAsked(undefined);
    onDone({ action, users });
    if (failed.length === 0 && done.every(({ ticket }) => ticket === undefined)) notify(text);
    else setTold({ text, answer });
  }

  const dialogs = (
    <>
      {asked !== undefined && (
        <ActionDialog
          title={t(`console.users.ask.${asked.action}`, {
            count: asked.users.length,
            names: names(asked.users.map(({ name }) => name)),
          })}
          text={t(`console.users.ask.${asked.action}-text`, { count: asked.users.length })}
          action={t(`console.users.action.${asked.action}`)}
          destructive={!harmless.includes(asked.action)}
          preview={() =>
            api.send<Preview>('POST', 'users/preview', {
              body: { action: asked.action, users: asked.users.map(({ id }) => id) },
            })
          }
          {...(asked.action === 'reset'
            ? {
                choice: {
                  label: t('console.users.ask.reset-ticket'),
                  hint: t('console.users.ask.reset-ticket-hint'),
                },
              }
            : {})}
          onGo={(wish) => go(asked, wish)}
          onClose={() => setAsked(undefined)}
        />
      )}
      {told !== undefined && (
        <ResultDialog text={told.text} answer={told.answer} onClose={() => setTold(undefined)} />
      )}
    </>
  );
  return { ask: (action, users) => setAsked({ action, users }), dialogs };
}
