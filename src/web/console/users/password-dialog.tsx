import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { userPath } from './calls.ts';
import { useWords } from './words.ts';

type PasswordDialogProps = {
  readonly userKey: string;
  readonly name: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** Gives a local account another password. */
export function PasswordDialog({ userKey, name, onDone, onClose }: PasswordDialogProps) {
  const { t } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [password, setPassword] = useState('');
  const [mustChange, setMustChange] = useState(true);
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (password === '') {
      setMissing(true);
      return;
    }
    run(async () => {
      await api.send('PUT', `${userPath(userKey)}/password`, { body: { password, mustChange } });
      notify(t('console.users.password.done'));
      onClose();
      onDone();
    });
  }

  return (
    <Dialog title={t('console.users.password.title', { name })} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.users.password.text')}</p>
        <NewPassword
          label={t('console.users.password.field')}
          value={password}
          onChange={setPassword}
          missing={missing}
        />
        <Checkbox
          size="md"
          label={t('console.users.password.must-change')}
          checked={mustChange}
          onChange={(event) => setMustChange(event.currentTarget.checked)}
        />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy}>
            {t('console.users.password.set')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type NewPasswordProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly missing: boolean;
};

/** A password that somebody else will use: it can be shown. */
export function NewPassword({ label, value, onChange, missing }: NewPasswordProps) {
  const { t } = useWords();
  const [visible, setVisible] = useState(false);
  return (
    <TextInput
      size="md"
      label={label}
      type={visible ? 'text' : 'password'}
      value={value}
      autoComplete="new-password"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={1024}
      error={missing && value === '' ? t('console.users.drawer.required') : undefined}
      errorProps={{ role: 'alert' }}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSectionWidth="auto"
      rightSection={
        <button
          type="button"
          className="reveal"
          aria-label={t(visible ? 'portal.hide-password' : 'portal.show-password')}
          onClick={() => setVisible(!visible)}
        >
          {t(visible ? 'portal.hide' : 'portal.show')}
        </button>
      }
    />
  );
}
