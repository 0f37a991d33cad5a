import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { AdministratorShape, GrantBody } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.ts';
import { Chosen, PickFrom } from '../users/pick-from.tsx';
import type { Named } from '../users/words.ts';
import {
  EverywhereSwitch,
  type PersonsRole,
  RoleFields,
  rolesOfPeople,
  useRoleWords,
  useUsualPlace,
} from './role-fields.tsx';

type GiveDialogProps = { readonly onDone: () => void; readonly onClose: () => void };

/** Gives a user of any directory a role. */
export function GiveDialog({ onDone, onClose }: GiveDialogProps) {
  const { t } = useTexts();
  const words = useRoleWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const usual = useUsualPlace();
  const [chosen, setChosen] = useState<Named>();
  const [role, setRole] = useState<PersonsRole>('helpdesk');
  const [everywhere, setEverywhere] = useState(usual);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (chosen === undefined) return;
    run(async () => {
      const path = `administrators/${segment(chosen.id.slice('user:'.length))}`;
      // What they have already is shown by the list; here it is replaced.
      const { etag } = await api.read<AdministratorShape>(path);
      const body: GrantBody = { role, everywhere };
      await api.send('PUT', path, { body, ifMatch: etag });
      notify(t('console.administrators.give.done', { name: chosen.name, role: words.role(role) }));
      onDone();
      onClose();
    });
  }

  return (
    <Dialog title={t('console.administrators.give.title')} onClose={onClose} wide>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.administrators.give.who')}</p>
        <PickFrom
          kinds={['users']}
          chosen={chosen === undefined ? [] : [chosen]}
          onToggle={(one, on) => setChosen(on ? one : undefined)}
        />
        {chosen !== undefined && <Chosen chosen={[chosen]} onLeaveOut={() => setChosen(undefined)} />}
        <RoleFields roles={rolesOfPeople} role={role} onRole={setRole} />
        <EverywhereSwitch everywhere={everywhere} onChange={setEverywhere} />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy} disabled={chosen === undefined}>
            {t('console.administrators.give.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
