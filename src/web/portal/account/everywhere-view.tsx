import type { FormEvent } from 'react';
import { addresses } from '../addresses.ts';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { Message } from '../parts/message.tsx';
import { Submit } from '../parts/submit.tsx';
import { describeProblem, useAction } from '../parts/use-action.ts';
import { useTexts } from '../texts.tsx';

type EverywhereViewProps = { readonly sessions: number; readonly onCancel: () => void };

/** Asks before all sessions end, naming what closes. */
export function EverywhereView({ sessions, onCancel }: EverywhereViewProps) {
  const { t } = useTexts();
  const { busy, problem, run } = useAction();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(async () => {
      await call('POST', 'account/sign-out-everywhere');
      location.assign(addresses.signOut);
    });
  }

  return (
    <Card title={t('portal.account.everywhere-title')}>
      <p>{t('portal.account.everywhere-text', { count: sessions })}</p>
      <form className="form" onSubmit={submit}>
        {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
        <Submit
          label={t('portal.account.everywhere')}
          busyLabel={t('portal.sign-out.busy')}
          busy={busy}
          destructive
        />
      </form>
      <button type="button" className="plain link" onClick={onCancel}>
        {t('portal.cancel')}
      </button>
    </Card>
  );
}
