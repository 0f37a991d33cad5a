import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { NewUserBody, UserAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { NewPassword } from './password-dialog.tsx';
import { useWords } from './words.ts';

type NewUserDialogProps = { readonly onDone: (key: string) => void; readonly onClose: () => void };

const nobody = { name: '', displayName: '', email: '', phone: '', groups: '', password: '' };

/** Makes a local account. */
export function NewUserDialog({ onDone, onClose }: NewUserDialogProps) {
  const { t } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const [typed, setTyped] = useState(nobody);
  const [mustChange, setMustChange] = useState(true);
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (typed.name.trim() === '' || typed.password === '') {
      setMissing(true);
      return;
    }
    run(async () => {
      const { groups, password, ...texts } = typed;
      const details = Object.fromEntries(
        Object.entries(texts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])),
      );
      const body: NewUserBody = {
        ...details,
        name: typed.name.trim(),
        password,
        mustChange,
        groups: groups
          .split(',')
          .map((group) => group.trim())
          .filter((group) => group !== ''),
      };
      const made = await api.send<UserAnswer>('POST', 'users', { body });
      notify(t('console.users.new.done', { name: made.displayName }));
      onDone(made.key);
    });
  }

  const field = (
    name: keyof typeof nobody,
    label: string,
    extra: { type?: string; description?: string } = {},
  ) => (
    <TextInput
      size="md"
      label={label}
      {...extra}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={typed[name]}
      maxLength={256}
      autoComplete="off"
      error={
        name === 'name' && missing && typed.name.trim() === ''
          ? t('console.users.drawer.required')
          : undefined
      }
      errorProps={{ role: 'alert' }}
      onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
      {...(name === 'name' ? { 'data-autofocus': true, autoCapitalize: 'none', spellCheck: false } : {})}
    />
  );
  return (
    <Dialog title={t('console.users.new.title')} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.users.new.text')}</p>
        {field('name', t('console.users.drawer.name'))}
        {field('displayName', t('console.users.drawer.display-name'))}
        <NewPassword
          label={t('console.users.new.password')}
          value={typed.password}
          onChange={(password) => setTyped({ ...typed, password })}
          missing={missing}
        />
        <Checkbox
          size="md"
          label={t('console.users.password.must-change')}
          checked={mustChange}
          onChange={(event) => setMustChange(event.currentTarget.checked)}
        />
        {field('email', t('console.users.drawer.account-email'), { type: 'email' })}
        {field('phone', t('console.users.drawer.account-phone'), {
          type: 'tel',
          description: t('console.users.drawer.phone-hint'),
        })}
        {field('groups', t('console.users.new.groups'), { description: t('console.users.new.groups-hint') })}
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy}>
            {t('console.users.new.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
