import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Preview } from '../../../admin/index.ts';
import { useLoad } from '../api/use-load.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useAction } from '../parts/use-action.ts';
import { Losses, Refusals, Warnings } from './effects.tsx';
import { useWords } from './words.ts';

type ActionDialogProps = {
  /** The question, with number and noun. */
  readonly title: string;
  /** What happens. */
  readonly text: string;
  /** The verb on the button. */
  readonly action: string;
  readonly destructive: boolean;
  /** What it would do, as the gateway tells it. */
  readonly preview: () => Promise<Preview>;
  /** Something to decide with it. */
  readonly choice?: { readonly label: string; readonly hint: string };
  /** Does it; `confirm` is the number that was typed. */
  readonly onGo: (wish: { readonly confirm?: number; readonly chosen: boolean }) => Promise<void>;
  readonly onClose: () => void;
};

/** A question about one or many that names what is lost, whom it does nothing for, and until when it can be undone. */
export function ActionDialog(props: ActionDialogProps) {
  const { title, text, action, destructive, preview, choice, onGo, onClose } = props;
  const { t } = useWords();
  const effect = useLoad(preview);
  const { busy, problem, run } = useAction();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const [chosen, setChosen] = useState(false);
  const wanted = effect.value?.confirm;
  const nobody = effect.value !== undefined && effect.value.failed.length >= effect.value.count;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (wanted !== undefined && typed.trim() !== String(wanted)) {
      setWrong(true);
      return;
    }
    run(() => onGo({ chosen, ...(wanted === undefined ? {} : { confirm: wanted }) }));
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{text}</p>
        {effect.loading && <Loading />}
        {effect.problem !== undefined && <Failure problem={effect.problem} onAgain={effect.reload} />}
        {effect.value !== undefined && <Effects preview={effect.value} />}
        {choice !== undefined && (
          <Checkbox
            size="md"
            label={choice.label}
            description={choice.hint}
            checked={chosen}
            onChange={(event) => setChosen(event.currentTarget.checked)}
          />
        )}
        {wanted !== undefined && (
          <TextInput
            size="md"
            label={t('console.confirm.type', { number: wanted })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={wrong ? t('console.confirm.mistyped', { number: wanted }) : undefined}
            errorProps={{ role: 'alert' }}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose} data-autofocus>
            {t('portal.cancel')}
          </Button>
          <Button
            type="submit"
            size="md"
            aria-busy={busy}
            disabled={effect.value === undefined || nobody}
            {...(destructive ? { color: 'red' } : {})}
          >
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Effects({ preview }: { readonly preview: Preview }): ReactNode {
  const { t, format } = useWords();
  const { loses, warnings, failed, undoUntil } = preview;
  return (
    <>
      <Losses loses={loses} />
      <Warnings warnings={warnings} />
      <Refusals failed={failed} title={t('console.users.refused')} />
      {undoUntil !== undefined && (
        <p className="quiet">{t('console.users.ask.undo-until', { date: format.moment(undoUntil) })}</p>
      )}
    </>
  );
}
