import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { SubscriptionAnswer, SubscriptionShape } from '../../../admin/index.ts';
import { Message } from '../../portal/parts/message.tsx';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useVersioned } from '../api/use-versioned.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useConfirm } from '../parts/confirm.tsx';
import { ConflictDialog } from '../parts/conflict-dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useNotice } from '../parts/notice.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';
import { AssignForm } from './assign-form.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { useWords } from './words.ts';

type SubscriptionDetailsProps = {
  readonly id: string;
  readonly others: readonly SubscriptionShape[];
  readonly onChanged: () => void;
  readonly onGone: () => void;
};

const settingsOf = (id: string): string =>
  id === 'default' ? '/settings' : `/settings?${new URLSearchParams({ subscription: id })}`;

/** One subscription: its name, who and what belongs to it, its senders, and how to delete it. */
export function SubscriptionDetails({ id, others, onChanged, onGone }: SubscriptionDetailsProps) {
  const { t } = useTexts();
  const { may } = useConsole();
  const [, navigate] = useLocation();
  const api = useApi('site');
  const words = useWords();
  const confirm = useConfirm();
  const notify = useNotice();
  const path = `subscriptions/${segment(id)}`;
  const one = useVersioned<SubscriptionAnswer>(path, 'site');
  const { busy, problem, run } = useAction();
  const [typed, setTyped] = useState<string>();
  const [deleting, setDeleting] = useState(false);

  if (one.value === undefined) {
    return one.problem === undefined ? <Loading /> : <Failure problem={one.problem} onAgain={one.reload} />;
  }
  const { name, assignments, shares, deleted, contents } = one.value;
  const owns = may('own', 'site');

  const save = (body: object): void =>
    run(async () => {
      if ((await one.save('PATCH', body)) === 'conflict') return;
      setTyped(undefined);
      notify(t('console.subscriptions.renamed'));
      onChanged();
    });
  const remove = (assignment: SubscriptionAnswer['assignments'][number]): void =>
    run(async () => {
      const what = words.assignment(assignment);
      const question = {
        title: t('console.subscriptions.remove.title', { what, name }),
        text: t('console.subscriptions.remove.text'),
        action: t('console.subscriptions.remove'),
      };
      if (assignment.kind !== 'host' && !(await confirm(question))) return;
      const { kind, value } = assignment;
      await api.send('DELETE', `${path}/assignments/${kind}/${segment(value)}`);
      one.reload();
      onChanged();
    });

  const theirs = one.theirs;
  return (
    <>
      {owns && !deleted && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            save({ name: (typed ?? name).trim() });
          }}
        >
          <TextInput
            size="md"
            label={t('console.subscriptions.name')}
            description={`${t('console.subscriptions.id')}: ${id}`}
            value={typed ?? name}
            onChange={(event) => setTyped(event.currentTarget.value)}
            maxLength={64}
            autoComplete="off"
          />
          <div className="row ends">
            <Button
              type="submit"
              variant="default"
              size="md"
              disabled={typed === undefined || typed.trim() === '' || typed.trim() === name}
              aria-busy={busy}
            >
              {t('console.subscriptions.rename')}
            </Button>
          </div>
        </form>
      )}
      {deleted && <Message tone="attention">{t('console.subscriptions.delete.assignments')}</Message>}
      {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}

      <h3>{t('console.subscriptions.assignments')}</h3>
      <p className="quiet">{t('console.subscriptions.order')}</p>
      {assignments.length === 0 && id !== 'default' && <p>{t('console.subscriptions.none')}</p>}
      {assignments.length > 0 && (
        <ul className="assignments">
          {assignments.map((assignment) => {
            const what = words.assignment(assignment);
            return (
              <li key={what} className="row">
                <span>{what}</span>
                {owns && !deleted && (
                  <button
                    type="button"
                    className="plain"
                    aria-label={t('console.subscriptions.remove-of', { what })}
                    onClick={() => remove(assignment)}
                  >
                    {t('console.subscriptions.remove')}
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {owns && !deleted && (
        <AssignForm
          subscription={one.value}
          others={others}
          onAssigned={() => {
            one.reload();
            onChanged();
          }}
        />
      )}

      {id !== 'default' && !deleted && (
        <fieldset disabled={!owns}>
          <legend>
            <h3>{t('console.subscriptions.shares')}</h3>
          </legend>
          <p className="quiet">{t('console.subscriptions.shares.help')}</p>
          {(['sms', 'email'] as const).map((kind) => (
            <Checkbox
              key={kind}
              size="md"
              label={t(`console.subscriptions.shares.${kind}`)}
              checked={shares.includes(kind)}
              onChange={(event) => {
                const others = shares.filter((each) => each !== kind);
                save({ shares: event.currentTarget.checked ? [...others, kind] : others });
              }}
            />
          ))}
        </fieldset>
      )}

      <h3>{t('console.subscriptions.contents')}</h3>
      <p>{words.contents(contents)}</p>
      <div className="row">
        {!deleted && (
          <Button variant="default" size="md" onClick={() => navigate(settingsOf(id))}>
            {t('console.subscriptions.open-settings')}
          </Button>
        )}
        {owns && id !== 'default' && !deleted && (
          <Button color="red" variant="default" size="md" onClick={() => setDeleting(true)}>
            {t('console.subscriptions.delete')}
          </Button>
        )}
      </div>

      {deleting && (
        <DeleteDialog subscription={one.value} onClose={() => setDeleting(false)} onDeleted={onGone} />
      )}
      {theirs !== undefined && (
        <ConflictDialog
          differences={[
            { label: t('console.subscriptions.name'), theirs: theirs.name, mine: typed ?? name },
            {
              label: t('console.subscriptions.belongs'),
              theirs: theirs.assignments.map(words.assignment).join(', '),
              mine: assignments.map(words.assignment).join(', '),
            },
            {
              label: t('console.subscriptions.shares'),
              theirs: theirs.shares.join(', '),
              mine: shares.join(', '),
            },
          ].filter((each) => each.theirs !== each.mine)}
          onKeepMine={() => save({ name: (typed ?? name).trim() })}
          onTakeTheirs={() => {
            one.takeTheirs();
            setTyped(undefined);
          }}
          onClose={one.undecided}
        />
      )}
    </>
  );
}
