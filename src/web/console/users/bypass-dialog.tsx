import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { BypassAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { SecretDialog } from '../parts/secret-dialog.tsx';
import { useAction } from '../parts/use-action.ts';
import { userPath } from './calls.ts';
import { useWords } from './words.ts';

type BypassDialogProps = {
  readonly userKey: string;
  readonly name: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** Minutes. */
const lifetimes = ['15', '60', '240', '1440'] as const;

/** Makes a code that stands in for somebody's own once, and shows it once. */
export function BypassDialog({ userKey, name, onDone, onClose }: BypassDialogProps) {
  const { t, format } = useWords();
  const api = useApi();
  const { busy, problem, run } = useAction();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [missing, setMissing] = useState(false);
  const [made, setMade] = useState<BypassAnswer>();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (reason.trim() === '') {
      setMissing(true);
      return;
    }
    run(async () => {
      const body = { reason: reason.trim(), minutes: Number(minutes) };
      setMade(await api.send<BypassAnswer>('POST', `${userPath(userKey)}/bypass`, { body }));
      onDone();
    });
  }

  if (made !== undefined) {
    return (
      <SecretDialog
        title={t('console.users.bypass.title', { name })}
        text={
          <>
            <p>{t('console.users.once')}</p>
            <p>{t('console.users.bypass.until', { time: format.moment(made.until) })}</p>
          </>
        }
        secret={made.code}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('console.users.bypass.title', { name })} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.users.bypass.text')}</p>
        <TextInput
          size="md"
          label={t('console.users.bypass.reason')}
          description={t('console.users.bypass.reason-hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={reason}
          maxLength={200}
          error={missing && reason.trim() === '' ? t('console.users.drawer.required') : undefined}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          size="md"
          label={t('console.users.bypass.minutes')}
          value={minutes}
          onChange={(event) => setMinutes(event.currentTarget.value)}
          data={lifetimes.map((value) => ({ value, label: t(`console.users.bypass.for.${value}`) }))}
        />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy}>
            {t('console.users.bypass.make')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
