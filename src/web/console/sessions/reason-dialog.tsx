import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';

type ReasonDialogProps = {
  readonly title: string;
  /** What is lost. */
  readonly text: string;
  readonly action: string;
  /** Does it; closes the dialog itself when it is done. */
  readonly onReason: (reason: string) => Promise<void>;
  readonly onClose: () => void;
};

/** Asks why something is ended: the audit log keeps it. */
export function ReasonDialog({ title, text, action, onReason, onClose }: ReasonDialogProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (reason.trim() === '') setMissing(true);
    else run(() => onReason(reason.trim()));
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{text}</p>
        <TextInput
          size="md"
          label={t('console.sessions.reason')}
          description={t('console.sessions.reason-hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={reason}
          maxLength={200}
          autoComplete="off"
          error={missing && reason.trim() === '' ? t('console.sessions.reason-missing') : undefined}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" color="red" aria-busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
