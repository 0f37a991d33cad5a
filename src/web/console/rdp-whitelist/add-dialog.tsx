import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WhitelistRow } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { Refusals } from '../users/effects.tsx';
import { Chosen, PickFrom } from '../users/pick-from.tsx';
import { type Named, useWords } from '../users/words.ts';
import { bodyOf, type Mistakes, ReasonFields, useMistakes } from './reason-fields.tsx';

type Added = {
  readonly done: readonly WhitelistRow[];
  readonly failed: readonly { id: string; name: string; code: string; title: string }[];
};

/** Lets users of any directory connect without a code. */
export function AddDialog({
  onDone,
  onClose,
}: {
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t, names } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { busy, problem, run } = useAction();
  const mistakesOf = useMistakes();
  const [chosen, setChosen] = useState<readonly Named[]>([]);
  const [draft, setDraft] = useState({ reason: '', until: '' });
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [failed, setFailed] = useState<Added['failed']>([]);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const found = mistakesOf(draft);
    setMistakes(found);
    if (Object.keys(found).length > 0 || chosen.length === 0) return;
    run(async () => {
      const users = chosen.map(({ id }) => id.slice('user:'.length));
      const answer = await api.send<Added>('POST', 'rdp-whitelist', { body: { users, ...bodyOf(draft) } });
      onDone();
      if (answer.failed.length > 0) {
        setFailed(answer.failed);
        setChosen(chosen.filter(({ id }) => answer.failed.some((each) => `user:${each.id}` === id)));
        return;
      }
      const count = answer.done.length;
      notify(t('console.rdp.add.done', { count, names: names(chosen.map(({ name }) => name)) }));
      onClose();
    });
  }
  const toggle = (one: Named, on: boolean): void =>
    setChosen((before) => [...before.filter(({ id }) => id !== one.id), ...(on ? [one] : [])]);

  return (
    <Dialog title={t('console.rdp.add.title')} onClose={onClose} wide>
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('console.rdp.add.text')}</p>
        <PickFrom kinds={['users']} chosen={chosen} onToggle={toggle} />
        {chosen.length > 0 && <Chosen chosen={chosen} onLeaveOut={(one) => toggle(one, false)} />}
        <ReasonFields draft={draft} onChange={setDraft} mistakes={mistakes} />
        <Refusals failed={[...failed]} title={t('console.users.failed', { count: failed.length })} />
        {problem !== undefined && <Failure problem={problem} />}
        <div className="row ends">
          <Button variant="default" size="md" onClick={onClose}>
            {t('portal.cancel')}
          </Button>
          <Button type="submit" size="md" aria-busy={busy} disabled={chosen.length === 0}>
            {chosen.length === 0 ? t('console.rdp.add') : t('console.rdp.add.go', { count: chosen.length })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
