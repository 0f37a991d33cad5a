import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { CreatedTokenAnswer, TokenBody } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { SecretDialog } from '../parts/secret-dialog.tsx';
import { useAction } from '../parts/use-action.ts';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';
import { EverywhereSwitch, RoleFields, rolesOfPeople, useUsualPlace } from './role-fields.tsx';

const tokenRoles = [...rolesOfPeople, 'logon-check'] as const;
type TokenRole = (typeof tokenRoles)[number];

const day = 86_400_000;
/** Days. */
const usualLife = 90;
const longestLife = 365;

type TokenDialogProps = { readonly onDone: () => void; readonly onClose: () => void };

/** Makes an API token, and shows its secret once. */
export function TokenDialog({ onDone, onClose }: TokenDialogProps) {
  const { t } = useTexts();
  const format = useFormat();
  const api = useApi();
  const { busy, problem, run } = useAction();
  const usual = useUsualPlace();
  const [name, setName] = useState('');
  const [until, setUntil] = useState(() => dayIn(usualLife));
  const [role, setRole] = useState<TokenRole>('auditor');
  const [servers, setServers] = useState('');
  const [everywhere, setEverywhere] = useState(usual);
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState<CreatedTokenAnswer>();
  const named = servers.split(/\s+/).filter((each) => each !== '');
  const wrong = {
    name: name.trim() === '',
    until: !(until > dayIn(0) && until <= dayIn(longestLife)),
    servers: role === 'logon-check' && named.length === 0,
  };

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean)) return;
    run(async () => {
      const body: TokenBody = {
        name: name.trim(),
        role,
        everywhere,
        expiresAt: endOf(until),
        ...(role === 'logon-check' ? { servers: named } : {}),
      };
      setMade(await api.send<CreatedTokenAnswer>('POST', 'tokens', { body }));
      onDone();
    });
  }

  if (made !== undefined) {
    return (
      <SecretDialog
        title={t('console.administrators.tokens.made', { name: made.token.name })}
        text={t('console.administrators.tokens.made-text', { until: format.moment(made.token.expiresAt) })}
        secret={made.secret}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('console.administrators.tokens.new.title')} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <TextInput
          size="md"
          label={t('console.administrators.tokens.new.name')}
          description={t('console.administrators.tokens.new.name-hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={name}
          maxLength={64}
          autoComplete="off"
          error={tried && wrong.name ? t('console.administrators.tokens.new.missing') : undefined}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <RoleFields roles={tokenRoles} role={role} onRole={setRole} />
        {role === 'logon-check' && (
          <Textarea
            size="md"
            label={t('console.administrators.tokens.new.servers')}
            description={t('console.administrators.tokens.new.servers-hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            rows={3}
            value={servers}
            error={
              tried && wrong.servers ? t('console.administrators.tokens.new.servers-missing') : undefined
            }
            errorProps={{ role: 'alert' }}
            onChange={(event) => setServers(event.currentTarget.value)}
          />
        )}
        <TextInput
          type="date"
          size="md"
          label={t('console.administrators.tokens.new.until')}
          description={t('console.administrators.tokens.new.until-hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={until}
          error={tried && wrong.until ? t('console.administrators.tokens.new.until-wrong') : undefined}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <EverywhereSwitch everywhere={everywhere} onChange={setEverywhere} />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy}>
            {t('console.administrators.tokens.new.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A day as the field holds it, in the reader's own zone. */
function dayIn(days: number): string {
  const moment = new Date(Date.now() + days * day);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}

/** The last moment of a day. */
const endOf = (text: string): string => {
  const [year = 0, month = 1, date = 1] = text.split('-').map(Number);
  return new Date(new Date(year, month - 1, date + 1).getTime() - 1_000).toISOString();
};
