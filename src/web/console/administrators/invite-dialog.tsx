import { Button, Radio, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { InviteBody, InvitedAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { SecretDialog } from '../parts/secret-dialog.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import {
  EverywhereSwitch,
  type PersonsRole,
  RoleFields,
  rolesOfPeople,
  useUsualPlace,
} from './role-fields.tsx';

type InviteDialogProps = { readonly onDone: () => void; readonly onClose: () => void };

/** Makes a link that gives a role, and shows it once. */
export function InviteDialog({ onDone, onClose }: InviteDialogProps) {
  const { t } = useTexts();
  const format = useFormat();
  const api = useApi();
  const { busy, problem, run, forget } = useAction();
  const usual = useUsualPlace();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const [newAccount, setNewAccount] = useState(false);
  const [role, setRole] = useState<PersonsRole>('helpdesk');
  const [everywhere, setEverywhere] = useState(usual);
  const [made, setMade] = useState<InvitedAnswer>();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() === '') return;
    run(async () => {
      const body: InviteBody = { name: name.trim(), newAccount, role, everywhere };
      setMade(await api.send<InvitedAnswer>('POST', 'invitations', { body }));
      onDone();
    });
  }

  if (made !== undefined) {
    return (
      <SecretDialog
        title={t('console.administrators.invite.made', { name: name.trim() })}
        text={t('console.administrators.invite.pass-on', {
          name: name.trim(),
          until: format.moment(made.expiresAt),
        })}
        secret={made.link}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('console.administrators.invite.title')} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.administrators.invite.text')}</p>
        <TextInput
          size="md"
          label={t('console.administrators.invite.name')}
          value={name}
          maxLength={256}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={missing && name.trim() === '' ? t('console.administrators.invite.missing') : undefined}
          errorProps={{ role: 'alert' }}
          onChange={(event) => {
            setName(event.currentTarget.value);
            forget();
          }}
          data-autofocus
        />
        <Radio.Group
          label={t('console.administrators.invite.kind')}
          value={newAccount ? 'new' : 'own'}
          onChange={(value) => setNewAccount(value === 'new')}
        >
          <Stack gap="xs">
            <Radio value="own" label={t('console.administrators.invite.kind.own')} />
            <Radio value="new" label={t('console.administrators.invite.kind.new')} />
          </Stack>
        </Radio.Group>
        <RoleFields roles={rolesOfPeople} role={role} onRole={setRole} />
        <EverywhereSwitch everywhere={everywhere} onChange={setEverywhere} />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy}>
            {t('console.administrators.invite.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
